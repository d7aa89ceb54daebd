"""Between the Kafka runner and a stage: batches go in, outputs and safe offsets come out.

A stage does no I/O. The runner owns Kafka and puts all that a stage emits for one batch, and the offsets,
into one transaction (docs/explanation/exactly-once.md).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

Emit = tuple[str, bytes | None, bytes | None, int]
"""(topic, value, key, partition); partition -1 lets the key decide. A tuple: the hot path makes many."""


class Partition(NamedTuple):
    """One partition of one topic."""

    topic: str
    number: int


class Committed(NamedTuple):
    """What a group had committed for a partition: the next offset to read, and the stage's own note."""

    offset: int
    metadata: str


class Position(NamedTuple):
    """An offset that a stage declares safe to commit, with at most 4,095 bytes of metadata."""

    topic: str
    partition: int
    offset: int
    metadata: str = ""


class Record(Protocol):
    """One Kafka record. `confluent_kafka.Message` has this shape; tests use `tests.records.FakeRecord`."""

    def topic(self) -> str: ...  # noqa: D102 (a port: the names are Kafka's)
    def partition(self) -> int: ...  # noqa: D102
    def offset(self) -> int: ...  # noqa: D102
    def key(self) -> bytes | None: ...  # noqa: D102
    def value(self) -> bytes | None: ...  # noqa: D102
    def headers(self) -> list[tuple[str, bytes]] | None: ...  # noqa: D102
    def timestamp(self) -> tuple[int, int]: ...  # noqa: D102 ((kind, ms since the epoch))


class Batch(NamedTuple):
    """What a stage gets at once. No records: a tick, at least once a second.

    `caught_up` holds the assigned partitions of which nothing is left to read at this moment.
    """

    records: Sequence[Record]
    now_ms: int
    caught_up: frozenset[Partition]


class Output(NamedTuple):
    """What a stage emits for a batch, and the offsets that are safe once that is committed.

    `counts` maps (counter, label) to an increment; the runner adds it to the metrics after the commit,
    so a batch that was aborted and read again is counted once. Counters: in, out, late, quarantined, denied.
    """

    records: Sequence[Emit]
    offsets: Sequence[Position]
    counts: Mapping[tuple[str, str], int]


class Stage(Protocol):
    """A step of the data plane.

    The runner calls `assigned` when partitions arrive (with what was committed, None for a partition that
    never had a commit) and again, for all of them, after a transaction was aborted: the stage then forgets
    what it held of these partitions and starts from the committed offsets.
    """

    @property
    def inputs(self) -> Sequence[str]:
        """Topics to read."""

    @property
    def outputs(self) -> Sequence[str]:
        """Topics that it may emit to."""

    def assigned(self, partitions: Mapping[Partition, Committed | None]) -> None:
        """Take these partitions over."""

    def revoked(self, partitions: Sequence[Partition]) -> None:
        """Forget these partitions."""

    def process(self, batch: Batch) -> Output:
        """Turn a batch (or a tick) into outputs and safe offsets."""


@runtime_checkable
class Gauged(Protocol):
    """A stage that shows more than its counts. Optional; the runner asks about once a second."""

    def gauges(self) -> Mapping[tuple[str, str], float]:
        """Return (gauge, label) -> value; the metric is `pipeline_<gauge>{stage,label}`.

        `watermark_ms`, labeled "topic/number", is exported as its age in seconds. Gauges and labels are
        constant words of ours or names of topics and partitions, never made from the data.
        """
