"""How far event time has come in each raw partition (bytewax's rule: event time, then the wall clock).

Watermark = largest event time seen, plus the wall time that passed while nothing was left to read, minus the
allowed lateness. It goes on without traffic, so windows close at night; it never goes back; and a replay
does not jump to today, because an old partition that is being read is not caught up. All times in ms since
the epoch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model import Partition

MAX_STEP_MS = 2_000
"""Wall time that one tick may add: a process that was frozen must not vouch for what it slept through."""
MAX_END_MS = 25 * 3_600_000
"""An end-of-input record may close what is open at its append time, a day window at most, and one hour."""


BEGIN_MS = 5_000
"""Wall time after its first record for which a partition still counts as empty: its siblings' first records may
come a moment later, and be as old."""


@dataclass
class _State:
    high: int | None = None  # None: no record yet
    caught_up: bool = False
    empty: bool = False  # it was said to hold nothing back
    began: int | None = None  # wall time of the first record; None once it is long ago


class Watermarks:
    """The progress of the partitions that this worker reads."""

    def __init__(self, allowed_lateness_ms: int) -> None:
        self._lateness = allowed_lateness_ms
        self._states: dict[Partition, _State] = {}
        self._now: int | None = None

    def assign(self, partition: Partition, metadata: str) -> None:
        """Go on from a committed note (see `metadata`); what was known is forgotten."""
        self._states[partition] = _State(int(metadata) if _is_time(metadata) else None)

    def revoke(self, partition: Partition) -> None:
        """Forget a partition."""
        self._states.pop(partition, None)

    def advance(self, now_ms: int, caught_up: Iterable[Partition]) -> None:
        """Let the wall time since the last call pass; call before the batch's events are observed."""
        step = 0 if self._now is None else min(max(now_ms - self._now, 0), MAX_STEP_MS)
        self._now = now_ms
        ready = frozenset(caught_up)
        for partition, state in self._states.items():
            if state.began is not None and now_ms - state.began >= BEGIN_MS:
                state.began = None
            state.empty |= state.caught_up and state.high is None
            if state.caught_up and state.high is not None:
                state.high += step
            state.caught_up = partition in ready

    def observe(self, partition: Partition, time_ms: int) -> None:
        """Take note of the largest event time of a batch."""
        state = self._states.setdefault(partition, _State())
        if state.high is None and state.empty:
            state.began = self._now
        if state.high is None or time_ms > state.high:
            state.high = time_ms

    def end(self, partition: Partition, time_ms: int, append_ms: int) -> None:
        """Take note of an end-of-input record: windows that end by then may close."""
        self.observe(partition, min(time_ms, append_ms + MAX_END_MS) + self._lateness)
        self._states[partition].began = None

    def metadata(self, partition: Partition) -> str:
        """Return the note to commit with the partition's offset."""
        high = self._states[partition].high if partition in self._states else None
        return "" if high is None else str(high)

    def report(self) -> dict[Partition, int | None]:
        """Return the watermarks; None: caught up and no record until now. Absent: nothing is known yet."""
        return {
            partition: None if state.high is None or state.began is not None else state.high - self._lateness
            for partition, state in self._states.items()
            if state.high is not None or state.caught_up
        }


def _is_time(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()
