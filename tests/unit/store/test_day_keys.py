"""Day keys at rest: one a site and day, whoever asks first; gone in time, and never made again."""

import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from pipeline.errors import ConfigError
from pipeline.model import DAY_MS
from pipeline.protect.keys import DayKey, epoch_expires_ms, epoch_of, expires_ms, live_days, new_keyset
from pipeline.store.day_keys import StoredVisitorKeys, day_keys, destroy, destroy_expired, ensure, load, states
from pipeline.store.engine import open_store
from pipeline.store.local_kms import LocalKms

DAY = 17_000
NOON = DAY * DAY_MS + DAY_MS // 2
SITE = "demo.example"


@pytest.fixture
def kms(tmp_path):
    return LocalKms(tmp_path / "kms")


class Clock:
    def __init__(self, now_ms):
        self.now_ms = now_ms

    def __call__(self):
        return self.now_ms


def token_of(url, directory, barrier):
    """Get the key of `SITE` and `DAY` as a worker does; runs in a process of its own."""
    engine = open_store(url)
    keys = StoredVisitorKeys(engine, LocalKms(directory), [SITE], Clock(NOON))
    barrier.wait()
    token = keys.get(SITE, DAY).token(b"x")
    engine.dispose()
    return token


def test_processes_that_ask_at_once_get_the_same_key(engine, store_url, tmp_path):
    """Nobody has made the epoch's key yet either."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager, ProcessPoolExecutor(8, spawn) as pool:
        barrier = manager.Barrier(8)
        asked = [pool.submit(token_of, store_url, tmp_path / "kms", barrier) for _ in range(8)]
        assert len({one.result() for one in asked}) == 1
    assert [(state.site, state.day) for state in states(engine)] == [(SITE, DAY)]


def test_threads_that_ask_at_once_get_the_same_key(engine, kms):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ensure(engine, kms, SITE, DAY, now_ms=NOON), range(8)))
    assert made == [True] * 8
    assert len(states(engine)) == 1


@pytest.mark.parametrize(("day", "made"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_only_yesterday_to_tomorrow_may_have_a_key(engine, kms, day, made):
    assert ensure(engine, kms, SITE, DAY + day, now_ms=NOON) is made
    keys = StoredVisitorKeys(engine, kms, [SITE], Clock(NOON))
    assert (keys.get(SITE, DAY + day) is not None) is made


def test_an_undeclared_site_has_no_key(engine, kms):
    assert StoredVisitorKeys(engine, kms, [SITE], Clock(NOON)).get("other.example", DAY) is None
    assert states(engine) == []


def test_sites_and_days_share_no_token(engine, kms):
    keys = StoredVisitorKeys(engine, kms, [SITE, "other.example"], Clock(NOON))
    tokens = {keys.get(site, DAY + day).token(b"x")[4:] for site in (SITE, "other.example") for day in (-1, 0, 1)}
    assert len(tokens) == 6


def test_a_key_lives_until_a_day_after_its_day_and_leaves_a_tombstone(engine, kms):
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    assert destroy_expired(engine, kms, expires_ms(DAY) - 1) == []
    assert destroy_expired(engine, kms, expires_ms(DAY)) == [(SITE, DAY)]
    (state,) = states(engine)
    assert state.destroyed_ms == expires_ms(DAY)
    assert load(engine, kms, SITE, DAY) is None


def test_a_destroyed_day_is_never_given_a_key_again_even_if_the_clock_goes_back(engine, kms):
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    destroy_expired(engine, kms, expires_ms(DAY))
    assert not ensure(engine, kms, SITE, DAY, now_ms=NOON)
    assert StoredVisitorKeys(engine, kms, [SITE], Clock(NOON)).get(SITE, DAY) is None


def test_a_backup_of_the_rows_opens_nothing_once_the_epoch_is_over(engine, kms):
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    with engine.connect() as connection:
        backup = connection.execute(sa.select(day_keys)).one()._asdict()
    destroy_expired(engine, kms, epoch_expires_ms(DAY))
    with engine.begin() as connection:
        connection.execute(day_keys.update().values(wrapped=backup["wrapped"]))
    with pytest.raises(ConfigError):
        load(engine, kms, SITE, DAY)


def test_a_wrapped_key_does_not_open_in_another_row(engine, kms):
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    with engine.begin() as connection:
        connection.execute(day_keys.update().values(site="other.example"))
    with pytest.raises(ConfigError):
        load(engine, kms, "other.example", DAY)


def test_a_worker_with_another_kms_stops_instead_of_calling_every_event_late(engine, kms, tmp_path):
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    keys = StoredVisitorKeys(engine, LocalKms(tmp_path / "another"), [SITE], Clock(NOON))
    with pytest.raises(ConfigError, match="the KMS does not unwrap it"):
        keys.get(SITE, DAY)


def test_a_worker_lets_go_of_a_handle_at_its_end(engine, kms):
    clock = Clock(NOON)
    keys = StoredVisitorKeys(engine, kms, [SITE], clock)
    assert keys.get(SITE, DAY) is not None
    clock.now_ms = expires_ms(DAY) - 1
    assert keys.get(SITE, DAY) is not None
    clock.now_ms = expires_ms(DAY)
    assert keys.get(SITE, DAY) is None
    assert keys._keys == {}


def test_an_idle_worker_lets_go_at_the_tick(engine, kms):
    keys = StoredVisitorKeys(engine, kms, [SITE], Clock(NOON))
    for day in live_days(NOON):
        keys.get(SITE, day)
    keys.drop_expired(expires_ms(DAY))
    assert list(keys._keys) == [(SITE, DAY + 1)]


def test_the_hot_path_asks_the_store_once_for_a_key_and_rarely_for_one_that_is_gone(engine, kms):
    clock = Clock(NOON)
    keys = StoredVisitorKeys(engine, kms, [SITE], clock)
    ensure(engine, kms, SITE, DAY - 1, now_ms=NOON)
    destroy(engine, [(SITE, DAY - 1)], now_ms=NOON)
    asked = []
    sa.event.listen(engine, "before_cursor_execute", lambda *_: asked.append(1))
    keys.get(SITE, DAY)
    keys.get(SITE, DAY - 1)
    asked.clear()
    for _ in range(3):
        assert keys.get(SITE, DAY) is not None
        assert keys.get(SITE, DAY - 1) is None
    assert asked == []
    clock.now_ms += StoredVisitorKeys.FORGET_MS
    keys.get(SITE, DAY - 1)
    assert asked


def test_an_epoch_is_destroyed_when_both_its_days_are_over(engine, kms, tmp_path):
    first = DAY // 2 * 2
    for day in (first, first + 1):
        ensure(engine, kms, SITE, day, now_ms=day * DAY_MS)
    destroy_expired(engine, kms, expires_ms(first))
    assert load(engine, kms, SITE, first + 1) is not None
    assert destroy_expired(engine, kms, expires_ms(first + 1)) == [(SITE, first + 1)]
    assert [path.name for path in (tmp_path / "kms").iterdir()] == [f"{epoch_of(first)}.destroyed"]
    assert destroy_expired(engine, kms, expires_ms(first + 1)) == []


def test_what_a_crash_cut_off_is_destroyed_by_the_next_run(engine, kms):
    """The rows are tombstones already, the epoch key is still there."""
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    destroy(engine, [(SITE, DAY)], now_ms=expires_ms(DAY))
    destroy_expired(engine, kms, epoch_expires_ms(DAY))
    assert kms.wrap(epoch_of(DAY), b"key", b"ad") is None


def test_the_files_of_sqlite_hold_no_key_after_its_end(engine, kms, tmp_path):
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's dead rows and log end with the epoch key")
    ensure(engine, kms, SITE, DAY, now_ms=NOON)
    with engine.connect() as connection:
        wrapped = connection.execute(sa.select(day_keys.c.wrapped)).scalar_one()
    stored = [path.read_bytes() for path in tmp_path.glob("store.db*")]
    assert any(wrapped in content for content in stored)
    destroy_expired(engine, kms, expires_ms(DAY))
    assert not any(wrapped in path.read_bytes() for path in tmp_path.glob("store.db*"))


def test_nothing_of_a_key_shows(engine, kms):
    key_id = bytes.fromhex("00ff00ff")
    key = DayKey(key_id, new_keyset())
    keys = StoredVisitorKeys(engine, kms, [SITE], Clock(NOON))
    keys.get(SITE, DAY)
    assert (repr(key), str(key)) == ("<DayKey 00ff00ff>",) * 2
    assert SITE not in repr(keys)
    with pytest.raises(TypeError):
        pickle.dumps(key)
