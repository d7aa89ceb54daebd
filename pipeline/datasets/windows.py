"""Windows of event time, and how far a partition of visits has come with them.

A window of length L starts at a multiple of L ms since the epoch and ends L later, exclusively. How far a partition
has come is carried as the metadata of its committed offset, in the same transaction as the partials: the log
is the only state.
"""

from collections.abc import Iterable, Mapping

import msgspec

from pipeline.model import DAY_MS, utc_day


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a visits partition stands. Field names are short: a broker keeps 4,096 bytes of metadata.

    All windows of length L that end at or before `closed[L]` are closed. Below the offset `processed` nothing is
    counted again. `late[L]` counts the visits that came too late since the last close. Windows that start at or
    before `gap_until` have lost input.
    """

    closed: dict[int, int] = msgspec.field(name="c")
    processed: int = msgspec.field(name="p", default=0)
    late: dict[int, int] = msgspec.field(name="l", default_factory=dict)
    gap_until: int = msgspec.field(name="g", default=0)

    def encode(self) -> str:
        """Return the metadata of a commit."""
        return msgspec.json.encode(self).decode()


def decode_progress(metadata: str) -> Progress | None:
    """Read the metadata of a commit; None if it is not ours: somebody moved the offset by hand."""
    try:
        return msgspec.json.decode(metadata, type=Progress)
    except msgspec.DecodeError:
        return None


def first_window_start(now_ms: int) -> int:
    """Return where the windows of a new deployment begin: no visit is older, for its day key would be gone.

    One instant for all partitions, so that they agree on which windows there are.
    """
    return (utc_day(now_ms) - 1) * DAY_MS


def beginning(lengths_ms: Iterable[int], now_ms: int) -> Progress:
    """Return the progress of a partition that nobody has read yet."""
    return Progress({length: first_window_start(now_ms) for length in lengths_ms})


def low_watermark(partitions: Mapping[str, int], watermarks: Mapping[str, int | None]) -> int | None:
    """Return the time that all raw partitions have passed; None while one has not reported, or all are empty.

    `partitions` is the number of partitions by raw topic; a watermark of None is that of a partition that never
    had a record, which holds nothing back.
    """
    names = [f"{topic}/{number}" for topic, count in partitions.items() for number in range(count)]
    if any(name not in watermarks for name in names):
        return None
    return min((time for name in names if (time := watermarks[name]) is not None), default=None)
