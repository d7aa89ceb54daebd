"""Day keys at rest: a row for each site and UTC day, wrapped under the KMS' epoch key; tombstones after.

The unique (site, day) makes all workers use one key, whoever was first; a row without `wrapped` is a tombstone,
so a destroyed day never gets a new key.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import exc

from pipeline.errors import ConfigError
from pipeline.protect.keys import (
    DayKey,
    epoch_expires_ms,
    epoch_of,
    expires_ms,
    live_days,
    new_key_id,
    new_keyset,
)
from pipeline.protect.ports import Kms
from pipeline.store.engine import away_is_transient, truncate_log
from pipeline.store.tables import metadata

day_keys = sa.Table(
    "day_keys",
    metadata,
    sa.Column("site", sa.String(128), primary_key=True),
    sa.Column("day", sa.Integer, primary_key=True),
    sa.Column("key_id", sa.LargeBinary(4), nullable=False, unique=True),
    sa.Column("epoch", sa.String(32), nullable=False),
    sa.Column("wrapped", sa.LargeBinary),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("destroyed_ms", sa.BigInteger),
)


class KeyState(NamedTuple):
    """What may be told of a day key; never the key."""

    site: str
    day: int
    key_id: bytes
    created_ms: int
    destroyed_ms: int | None


def ensure(engine: sa.Engine, kms: Kms, site: str, day: int, *, now_ms: int) -> bool:
    """Make the key of a site's day unless there is one, or was one; return whether a live one stands.

    Days other than yesterday to tomorrow get none. `TransientError` if the store is away.
    """
    if day not in live_days(now_ms):
        return False
    with away_is_transient():
        if (found := _row(engine, site, day)) is not None:
            return found.wrapped is not None
        key_id, epoch = new_key_id(), epoch_of(day)
        wrapped = kms.wrap(epoch, new_keyset(), _associated_data(site, day, key_id))
        if wrapped is None:
            return False
        row = {"site": site, "day": day, "key_id": key_id, "epoch": epoch}
        try:
            with engine.begin() as connection:
                connection.execute(day_keys.insert().values(row | {"wrapped": wrapped, "created_ms": now_ms}))
        except exc.IntegrityError:  # another process was first (or, once in 2^32, the id is taken)
            return ensure(engine, kms, site, day, now_ms=now_ms)
    return True


def load(engine: sa.Engine, kms: Kms, site: str, day: int) -> DayKey | None:
    """Return the key of a site's day; None: there is none, or it was destroyed.

    `ConfigError`: its epoch key is not in this KMS, or the row was changed. Taken as "destroyed", a wrong KMS
    would make every event a late one in silence.
    """
    with away_is_transient():
        found = _row(engine, site, day)
    if found is None or found.wrapped is None:
        return None
    keyset = kms.unwrap(found.epoch, found.wrapped, _associated_data(site, day, found.key_id))
    if keyset is None:
        raise ConfigError([f"day key {found.key_id.hex()}: the KMS does not unwrap it: is it the right one?"])
    return DayKey(found.key_id, keyset)


def destroy_expired(engine: sa.Engine, kms: Kms, now_ms: int) -> list[tuple[str, int]]:
    """Destroy the keys whose time is over, and the epochs that wrap nothing any more; return (site, day)s."""
    with away_is_transient():
        with engine.connect() as connection:
            live = sa.select(day_keys.c.site, day_keys.c.day).where(day_keys.c.wrapped.is_not(None))
            expired = [(row.site, row.day) for row in connection.execute(live) if expires_ms(row.day) <= now_ms]
        destroy(engine, expired, now_ms=now_ms)
        with engine.connect() as connection:
            days = list(connection.execute(sa.select(day_keys.c.day).distinct()).scalars())
    for epoch in {epoch_of(day) for day in days if epoch_expires_ms(day) <= now_ms}:
        kms.destroy(epoch)
    return expired


def destroy(engine: sa.Engine, keys: Collection[tuple[str, int]], *, now_ms: int) -> int:
    """Leave tombstones and return how many keys lived; copies of the rows, as in backups, end with the epoch key."""
    lived = 0
    with engine.begin() as connection:
        for site, day in keys:
            chosen = (day_keys.c.site == site) & (day_keys.c.day == day) & day_keys.c.wrapped.is_not(None)
            values = {"wrapped": None, "destroyed_ms": now_ms}
            lived += connection.execute(day_keys.update().where(chosen).values(values)).rowcount
    truncate_log(engine)  # also where nothing is due: a crash or a reader may have kept the last one from it
    return lived


def states(engine: sa.Engine) -> list[KeyState]:
    """Return what may be told of all keys, newest day first."""
    columns = [day_keys.c[name] for name in KeyState._fields]
    query = sa.select(*columns).order_by(day_keys.c.day.desc(), day_keys.c.site)
    with away_is_transient(), engine.connect() as connection:
        return [KeyState(*row) for row in connection.execute(query)]


class StoredVisitorKeys:
    """Implements `pipeline.protect.ports.VisitorKeys`: keys of the store, held in memory while they live.

    A handle is dropped at its key's end (`drop_expired`, called by `get` and whenever the worker is idle). That
    a key is missing or gone is remembered for `FORGET_MS`, so that a flood of old events asks the store rarely.
    """

    FORGET_MS = 10_000

    def __init__(self, engine: sa.Engine, kms: Kms, sites: Collection[str], now_ms: Callable[[], int]) -> None:
        self._engine = engine
        self._kms = kms
        self._sites = frozenset(sites)
        self._now_ms = now_ms
        self._keys: dict[tuple[str, int], DayKey] = {}
        self._absent: dict[tuple[str, int], int] = {}

    def get(self, site: str, day: int) -> DayKey | None:
        """Return the key of a site's UTC day, or None: destroyed, or never to be made."""
        now_ms = self._now_ms()
        if site not in self._sites or day not in live_days(now_ms):
            self.drop_expired(now_ms)
            return None
        found = self._keys.get((site, day))
        if found is not None or self._absent.get((site, day), -self.FORGET_MS) > now_ms - self.FORGET_MS:
            return found
        if ensure(self._engine, self._kms, site, day, now_ms=now_ms):
            found = load(self._engine, self._kms, site, day)
        if found is None:
            self._absent[site, day] = now_ms
        else:
            self._keys[site, day] = found
        return found

    def drop_expired(self, now_ms: int) -> None:
        """Forget the keys whose time is over, and that there was none."""
        for held in (self._keys, self._absent):
            for key in [key for key in held if expires_ms(key[1]) <= now_ms]:
                del held[key]


def _row(engine: sa.Engine, site: str, day: int) -> sa.Row[bytes, str, bytes | None] | None:
    query = sa.select(day_keys.c.key_id, day_keys.c.epoch, day_keys.c.wrapped)
    with engine.connect() as connection:
        return connection.execute(query.where(day_keys.c.site == site, day_keys.c.day == day)).one_or_none()


def _associated_data(site: str, day: int, key_id: bytes) -> bytes:
    return b"|".join([b"day-key", str(day).encode(), key_id, site.encode()])
