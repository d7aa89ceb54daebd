"""One release a window, the same bytes once, whatever crashes when; on real stores and a fake broker."""

import json
from collections import Counter

import pytest
import sqlalchemy as sa

from pipeline.control.publisher import FencedError
from pipeline.control.release import Releaser
from pipeline.model import HOUR_MS
from pipeline.store import releases
from tests.publishers import FakeLog, FakePublisher
from tests.releases import WINDOW, make_cell, make_partial, make_policy

TOPIC = "anon.page_views"
STEPS = ("draw", "fence", "look", "send", "mark")
PATIENCE_MS = 1000
NOW_MS = WINDOW + HOUR_MS


class CrashError(Exception):
    """The process ends here."""


class JsonEncoder:
    """Stands for the codec: readable bytes."""

    def encode(self, schema, record):
        return json.dumps({"schema": schema, **record}, sort_keys=True).encode()


@pytest.fixture
def log():
    return FakeLog()


@pytest.fixture
def start(engine, log):
    """Start a releaser, as a process would: with nothing but the store and the broker."""

    def releaser(*, crash_at=None, publisher=None, now_ms=NOW_MS, step=None):
        def at(name):
            if step is not None:
                step(name)
            if name == crash_at:
                raise CrashError

        return Releaser(
            engine=engine,
            policy=make_policy(),
            encoder=JsonEncoder(),
            publisher=publisher or FakePublisher(log),
            patience_ms=PATIENCE_MS,
            now_ms=lambda: now_ms,
            step=at,
        )

    return releaser


def published(log):
    return [json.loads(value) for value, _ in log.records.get(TOPIC, [])]


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()


def two_partitions(window=WINDOW):
    """Two partitions, the second in two chunks; /a is a crowd, /rare is not."""
    return [
        make_partial(make_cell("/a", 3), partition=0, partitions=2, window=window),
        make_partial(
            make_cell("/a", 2, prefixes=[8, 9]), partition=1, partitions=2, chunk=0, chunks=2, window=window
        ),
        make_partial(
            make_cell("/rare", 1, prefixes=[7]), partition=1, partitions=2, chunk=1, chunks=2, window=window
        ),
    ]


def add_all(releaser, partials=None):
    for partial in partials or two_partitions():
        releaser.add(partial)


@pytest.mark.parametrize("missing", range(3))
def test_nothing_is_released_before_every_chunk_of_every_partition_is_there(start, log, missing):
    releaser = start()
    partials = two_partitions()
    late = partials.pop(missing)
    add_all(releaser, partials)
    assert releaser.release_due() == []
    releaser.add(late)
    (released,) = releaser.release_due()
    assert (released.rows, released.withheld) == (1, False)
    row, manifest = published(log)
    assert (row["page"], row["visitors"], manifest["rows"]) == ("/a", 5, 1)


def test_records_carry_the_windows_end_as_their_time(start, log):
    releaser = start()
    add_all(releaser)
    releaser.release_due()
    assert {time for _, time in log.records[TOPIC]} == {WINDOW + HOUR_MS}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_after_any_step_gives_the_release_once(start, log, engine, step):
    """A new process finishes what the old one began; a second try changes nothing."""
    crashing = start(crash_at=step)
    add_all(crashing)
    with pytest.raises(CrashError):
        crashing.release_due()
    drawn = [one.records for one in releases.pending(engine)]
    start().release_due()
    start().release_due()
    assert Counter(record["schema"] for record in published(log)) == {TOPIC: 1, "anon.manifest": 1}
    if drawn:
        assert tuple(value for value, _ in log.records[TOPIC]) == drawn[0]
    assert count(engine, releases.partials) == 0
    assert releases.pending(engine) == []


def test_a_crash_while_drawing_leaves_nothing_behind(start, log, engine):
    """What is not stored was not seen by anybody: it may be drawn again."""
    releaser = start()
    add_all(releaser)
    (window,) = releases.complete(engine)

    def crash(partials):
        raise CrashError

    with pytest.raises(CrashError):
        releases.draw(engine, window, crash, now_ms=NOW_MS)
    assert releases.pending(engine) == []
    assert len(releaser.release_due()) == 1
    assert len(published(log)) == 2


def test_partials_delivered_again_make_no_second_release(start, log):
    """Faust delivers at least once: before, during and after the release."""
    releaser = start()
    add_all(releaser, two_partitions() + two_partitions())
    releaser.release_due()
    assert {releaser.add(partial) for partial in two_partitions()} == {releases.Added.RELEASED}
    releaser.release_due()
    assert len(published(log)) == 2


def test_a_releaser_that_was_overtaken_is_refused(start, log):
    """Frozen between look and send while another one publishes, it wakes up and may not send."""
    add_all(start())

    def overtake(name):
        if name == "look":
            start().release_due()

    with pytest.raises(FencedError):
        start(step=overtake).release_due()
    assert len(published(log)) == 2


def test_a_releaser_that_was_overtaken_before_its_fence_finds_the_release(start, log):
    add_all(start())

    def overtake(name):
        if name == "draw":
            start().release_due()

    start(step=overtake).release_due()
    assert len(published(log)) == 2


def test_other_content_for_the_same_chunk_withholds_the_window(start, log):
    releaser = start()
    partials = two_partitions()
    releaser.add(partials[0])
    other = make_partial(make_cell("/a", 9), partition=0, partitions=2)
    assert releaser.add(other) is releases.Added.CONFLICT
    add_all(releaser, partials[1:])
    (released,) = releaser.release_due()
    assert (released.rows, released.withheld) == (0, True)
    assert [record["withheld"] for record in published(log)] == [True]


def test_a_window_whose_partials_do_not_come_is_withheld_after_a_while(start, log, engine):
    """Small cells may not stay in the store for ever, and readers learn that there is nothing to wait for."""
    add_all(start(), two_partitions()[:2])
    assert start(now_ms=NOW_MS + PATIENCE_MS).release_due() == []
    (released,) = start(now_ms=NOW_MS + PATIENCE_MS + 1).release_due()
    assert released.withheld
    assert [record["schema"] for record in published(log)] == ["anon.manifest"]
    assert count(engine, releases.partials) == 0


def test_partials_of_a_dataset_that_the_policy_dropped_are_deleted_in_the_end(start, log, engine):
    gone = make_partial(make_cell("/a", 3))
    start().add(type(gone)(**{name: getattr(gone, name) for name in gone.__struct_fields__} | {"dataset": "gone"}))
    assert start().release_due() == []
    assert start(now_ms=NOW_MS + PATIENCE_MS + 1).release_due() == []
    assert (published(log), count(engine, releases.partials)) == ([], 0)


def test_windows_are_released_oldest_first(start, log):
    releaser = start()
    add_all(releaser, two_partitions(WINDOW + HOUR_MS) + two_partitions(WINDOW))
    assert [one.window_start for one in releaser.release_due()] == [WINDOW, WINDOW + HOUR_MS]


def test_partitions_that_disagree_on_their_number_are_never_complete(start):
    releaser = start()
    add_all(releaser, [make_partial(partition=0, partitions=1), make_partial(partition=1, partitions=2)])
    assert releaser.release_due() == []
