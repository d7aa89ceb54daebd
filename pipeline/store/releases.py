"""Partials collected for each window, and the one release made of them: the unique keys make it one.

In order:

add_partial     keep a chunk once
complete        windows of which every chunk of every partition is here, and no release is made
overdue         windows that will not become complete any more
draw            make a window's release, once: drawn and stored in one transaction, pending
pending         what is stored and perhaps not published yet
mark_published  forget the window's partials (they hold small cells) and the stored records
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import msgspec
import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, String, Table

from pipeline.model import Partial
from pipeline.store.tables import metadata

partials = Table(
    "partials",
    metadata,
    Column("dataset", String(128), primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("window_end", BigInteger, nullable=False),
    Column("partitions", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("received_ms", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),  # the whole chunk as MessagePack; internal: small cells
)

releases = Table(
    "releases",
    metadata,
    Column("dataset", String(128), primary_key=True),
    Column("window_start", BigInteger, primary_key=True),
    Column("window_end", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("withheld", Boolean, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("records", LargeBinary),  # MessagePack list of encoded records, manifest last; null once published
    Column("end_offset", BigInteger, nullable=False),  # of the dataset's topic, before these records
    Column("created_ms", BigInteger, nullable=False),
    Column("published_ms", BigInteger),
)


class State(StrEnum):
    """Where a release stands."""

    PENDING = "pending"
    PUBLISHED = "published"


class Added(StrEnum):
    """What became of a chunk."""

    NEW = "new"
    SAME = "same"  # here already: delivered again
    CONFLICT = "conflict"  # here already with other content: the window will be withheld
    RELEASED = "released"  # its window has a release: ignored


class Window(msgspec.Struct, frozen=True):
    """One window of one dataset; times in ms since the epoch."""

    dataset: str
    start: int


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it will be published: encoded records, the manifest last."""

    window: Window
    window_end: int
    withheld: bool
    records: tuple[bytes, ...]
    end_offset: int


def add_partial(engine: sa.Engine, partial: Partial, *, now_ms: int) -> Added:
    """Keep a chunk, once. A second one with other content spoils the window: it is marked as a gap."""
    row = {"dataset": partial.dataset, "window_start": partial.window_start}
    chunk = {**row, "partition": partial.partition, "chunk": partial.chunk}
    content = msgspec.msgpack.encode(partial)
    with engine.begin() as connection:
        if connection.execute(sa.select(releases.c.state).where(*_equal(releases, row))).first():
            return Added.RELEASED
        kept = connection.execute(sa.select(partials.c.content).where(*_equal(partials, chunk))).scalar()
        if kept is None:
            values = {
                **chunk,
                "window_end": partial.window_end,
                "partitions": partial.partitions,
                "chunks": partial.chunks,
                "received_ms": now_ms,
                "content": content,
            }
            connection.execute(sa.insert(partials).values(values))
            return Added.NEW
        if kept == content:
            return Added.SAME
        spoiled = msgspec.msgpack.encode(msgspec.structs.replace(_partial(kept), gap=True))
        connection.execute(sa.update(partials).where(*_equal(partials, chunk)).values(content=spoiled))
        return Added.CONFLICT


def complete(engine: sa.Engine) -> list[Window]:
    """Return the windows to release, the oldest first: all partitions, and of each all chunks, are here."""
    first_chunks = sa.func.sum(sa.case((partials.c.chunk == 0, 1), else_=0))
    all_chunks = sa.func.sum(sa.case((partials.c.chunk == 0, partials.c.chunks), else_=0))
    query = _unreleased().having(
        sa.func.min(partials.c.partitions) == sa.func.max(partials.c.partitions),
        first_chunks == sa.func.min(partials.c.partitions),
        all_chunks == sa.func.count(),
    )
    return _windows(engine, query)


def overdue(engine: sa.Engine, before_ms: int) -> list[Window]:
    """Return the windows without a release whose first partial came before `before_ms`.

    Counted from when it came, not from the window's end: a backlog may be read long after its windows.
    """
    return _windows(engine, _unreleased().having(sa.func.min(partials.c.received_ms) < before_ms))


def draw(engine: sa.Engine, window: Window, make: Callable[[Sequence[Partial]], Drawn], *, now_ms: int) -> bool:
    """Store the release that `make` draws from the window's partials, in one transaction.

    Returns False, and stores nothing, if the window has a release or no partials.
    """
    key = {"dataset": window.dataset, "window_start": window.start}
    try:
        with engine.begin() as connection:
            if connection.execute(sa.select(releases.c.state).where(*_equal(releases, key))).first():
                return False
            chunks = sa.select(partials.c.content).where(*_equal(partials, key))
            order = chunks.order_by(partials.c.partition, partials.c.chunk)
            found = [_partial(content) for content in connection.execute(order).scalars()]
            if not found:
                return False
            drawn = make(found)
            values = {
                **key,
                "window_end": drawn.window_end,
                "state": State.PENDING,
                "withheld": drawn.withheld,
                "rows": len(drawn.records) - 1,
                "records": msgspec.msgpack.encode(drawn.records),
                "end_offset": drawn.end_offset,
                "created_ms": now_ms,
            }
            connection.execute(sa.insert(releases).values(values))
    except sa.exc.IntegrityError:  # another releaser stored its own first; that one counts
        return False
    return True


def pending(engine: sa.Engine) -> list[Drawn]:
    """Return the releases that are stored and not marked published, the oldest window first."""
    query = sa.select(releases).where(releases.c.state == State.PENDING).order_by(releases.c.window_start)
    with engine.connect() as connection:
        return [
            Drawn(
                window=Window(row.dataset, row.window_start),
                window_end=row.window_end,
                withheld=row.withheld,
                records=msgspec.msgpack.decode(row.records, type=tuple[bytes, ...]),
                end_offset=row.end_offset,
            )
            for row in connection.execute(query)
        ]


def mark_published(engine: sa.Engine, window: Window, *, now_ms: int) -> None:
    """Mark a release published; delete the window's partials and the stored records."""
    key = {"dataset": window.dataset, "window_start": window.start}
    with engine.begin() as connection:
        connection.execute(
            sa.update(releases)
            .where(*_equal(releases, key), releases.c.state == State.PENDING)
            .values(state=State.PUBLISHED, published_ms=now_ms, records=None)
        )
        connection.execute(sa.delete(partials).where(*_equal(partials, key)))


def forget(engine: sa.Engine, window: Window) -> None:
    """Delete a window's partials: nothing will be made of them."""
    with engine.begin() as connection:
        key = {"dataset": window.dataset, "window_start": window.start}
        connection.execute(sa.delete(partials).where(*_equal(partials, key)))


def _unreleased() -> sa.Select[tuple[str, int]]:
    released = sa.exists().where(
        releases.c.dataset == partials.c.dataset, releases.c.window_start == partials.c.window_start
    )
    window = (partials.c.dataset, partials.c.window_start)
    return sa.select(*window).where(~released).group_by(*window).order_by(partials.c.window_start)


def _windows(engine: sa.Engine, query: sa.Select[tuple[str, int]]) -> list[Window]:
    with engine.connect() as connection:
        return [Window(row.dataset, row.window_start) for row in connection.execute(query)]


def _equal(table: Table, key: Mapping[str, object]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]


def _partial(content: bytes) -> Partial:
    return msgspec.msgpack.decode(content, type=Partial)
