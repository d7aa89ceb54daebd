"""Aggregate: visits -> partials, the bounded counts of windows that are over (policy 6).

The log is the state. A worker holds the visits of open windows in memory; with each commit goes the first offset that
an open window still needs, and as its metadata what is closed already. A crash, a rebalance or an aborted
transaction starts there again and gets the same windows.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipeline.datasets.windows import beginning, decode_progress
from pipeline.model import Batch, Committed, Emit, Output, Partial, Partition, Position
from pipeline.policy.model import Policy
from pipeline.stages.aggregate_partition import OpenWindows
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.visit_files import VisitReader

VISITS = "visits"
PARTIALS = "partials"
QUARANTINE = "quarantine.aggregate"
UNREADABLE = "unreadable-visits"
COMMIT_MS = 5_000
"""So often the processed position is committed, windows closing or not."""


class Aggregate:
    """Implements `pipeline.model.Stage`."""

    def __init__(
        self,
        *,
        policy: Policy,
        visit_schema: Mapping[str, Any],
        visits_partitions: int,
        encode_partial: Callable[[Partial], bytes],
        quarantine: Quarantine,
    ) -> None:
        self.inputs: Sequence[str] = (VISITS,)
        self.outputs: Sequence[str] = (PARTIALS, QUARANTINE)
        self._datasets = policy.datasets
        self._lateness_ms = max(source.allowed_lateness_seconds for source in policy.sources) * 1_000
        self._reader = VisitReader(visit_schema, {source.topic for source in policy.sources})
        self._policy = policy.stamp
        self._partitions = visits_partitions
        self._encode = encode_partial
        self._quarantine = quarantine
        self._open: dict[int, OpenWindows] = {}
        self._new: dict[int, Committed | None] = {}  # assigned since the last batch
        self._committed_ms = 0
        self._counts: Counter[tuple[str, str]] = Counter()  # since the last commit

    def assigned(self, partitions: Mapping[Partition, Committed | None]) -> None:
        """Start from what was committed; all that was held of these partitions is forgotten."""
        self._counts.clear()
        for partition, committed in partitions.items():
            self._open.pop(partition.number, None)
            self._new[partition.number] = committed

    def revoked(self, partitions: Sequence[Partition]) -> None:
        """Forget partitions: their next owner rebuilds the windows from the log."""
        for partition in partitions:
            self._open.pop(partition.number, None)
            self._new.pop(partition.number, None)

    def gauges(self) -> Mapping[tuple[str, str], float]:
        """Show the watermarks of the raw partitions, and open windows and position of those of visits."""
        shown: dict[tuple[str, str], float] = {}
        for number, windows in self._open.items():
            shown["open_windows", f"{VISITS}/{number}"] = float(windows.open_windows())
            for name, time in windows.watermarks.items():
                if time is not None:
                    shown["watermark_ms", name] = min(float(time), shown.get(("watermark_ms", name), time))
        return shown

    def process(self, batch: Batch) -> Output:
        """Take the files of a batch, one by one, and close the windows that are over."""
        started = self._start(batch.now_ms)
        self._quarantine.next_batch()
        emits: list[Emit] = []
        counts = self._counts
        for record in batch.records:
            windows = self._open[record.partition()]
            file = self._reader.parse(record.value() or b"", record.timestamp()[1])
            if file is None:
                windows.lose(record)
                continue
            if windows.is_new(record):
                counts["in", ""] += file.visits
            for partial in windows.add(record, file):
                emits.append((PARTIALS, self._encode(partial), _key(partial), -1))
                counts["out", PARTIALS] += 1
        due = batch.now_ms - self._committed_ms >= COMMIT_MS
        lost = any(windows.unreadable for windows in self._open.values())
        if not (emits or started or lost or (batch.records and due)):
            return Output((), (), {})
        self._committed_ms = batch.now_ms
        positions = [self._position(number, windows) for number, windows in self._open.items()]
        for windows in self._open.values():
            emits.extend([self._quarantine.seal(record, UNREADABLE) for record in windows.unreadable])
            counts["quarantined", UNREADABLE] += len(windows.unreadable)
            windows.unreadable.clear()
        counts["late", ""] = sum(windows.take_late() for windows in self._open.values())
        self._counts = Counter()
        return Output(emits, positions, +counts)

    def _start(self, now_ms: int) -> bool:
        """Open the partitions that are new here; return whether one of them must be committed at once."""
        unknown = False
        for number, committed in self._new.items():
            progress = decode_progress(committed.metadata) if committed else None
            progress_lost = bool(committed and progress is None and (committed.offset > 0 or committed.metadata))
            if progress is None:
                unknown = True
                progress = beginning((dataset.window_seconds * 1_000 for dataset in self._datasets), now_ms)
            self._open[number] = OpenWindows(
                number,
                self._partitions,
                self._datasets,
                self._reader,
                progress,
                start=committed.offset if committed else 0,
                lateness_ms=self._lateness_ms,
                policy=self._policy,
                # A place that is neither a new group's nor ours was set by hand: what it skips is lost.
                gap=progress_lost,
            )
        self._new.clear()
        return unknown

    @staticmethod
    def _position(number: int, windows: OpenWindows) -> Position:
        offset, progress = windows.progress()
        return Position(VISITS, number, offset, progress.encode())


def _key(partial: Partial) -> bytes:
    return f"{partial.dataset}|{partial.window_start}|{partial.partition}".encode()
