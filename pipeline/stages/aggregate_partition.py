"""The open windows of one visits partition: a state that its log rebuilds (design: the log is the state).

Files are taken one by one: lateness and closing are decided file by file, so they depend on the log and not on how it
was batched. Parsing is not: the visits of many files are parsed together, as long as no window closes between them.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.datasets.bounding import cells
from pipeline.datasets.windows import Progress, low_watermark
from pipeline.model import Cell, ContainerHeader, Partial, Record
from pipeline.policy.model import Dataset
from pipeline.stages.visit_files import VisitFile, VisitReader

_UNPARSED = 65_536
"""So many visits are parsed at once."""
_FRAMES = 64
"""So many small frames are joined into one; their strings and tokens are then stored once, side by side."""
_CHUNK_BYTES = 700_000


class OpenWindows:
    """Visits of windows that are not closed yet, and the watermarks of the raw partitions as last reported."""

    def __init__(  # noqa: PLR0913  # one a partition, made in one place
        self,
        number: int,
        partitions: int,
        datasets: Sequence[Dataset],
        reader: VisitReader,
        progress: Progress,
        *,
        start: int,
        lateness_ms: int,
        policy: str,
        gap: bool,
    ) -> None:
        self.unreadable: list[Record] = []  # to be sealed with the next commit
        self.watermarks: dict[str, int | None] = {}
        self.position = start
        self._late_seen = 0  # visits, since `take_late`
        self._number = number
        self._partitions = partitions
        self._datasets = datasets
        self._reader = reader
        self._processed = progress.processed
        self._closed = {dataset.window_seconds * 1_000: 0 for dataset in datasets} | progress.closed
        self._late = dict(progress.late)
        self._gap_until = progress.gap_until
        self._lateness_ms = lateness_ms
        self._policy = policy
        self._gap = gap  # input was lost; up to which window is known when the watermarks are
        self._raw: dict[str, int] = {}
        self._files: list[tuple[Record, VisitFile]] = []  # not parsed yet
        self._unparsed = 0  # visits in them
        self._frames: list[tuple[int, pl.DataFrame]] = []  # (offset of the first file, visits)

    def is_new(self, record: Record) -> bool:
        """Tell whether a record is read for the first time; what is read again was counted and sealed before."""
        return record.offset() >= self._processed

    def lose(self, record: Record) -> None:
        """Note that a record cannot be read: what is open is withheld."""
        self._gap = True
        self.position = max(self.position, record.offset() + 1)
        if self.is_new(record):
            self.unreadable.append(record)

    def add(self, record: Record, file: VisitFile) -> Iterator[Partial]:
        """Take a file and its record; yields the partials of the windows that it closes."""
        if file.visits:
            self._files.append((record, file))
            self._unparsed += file.visits
            if file.header.policy != self._policy:  # made by rules that this worker does not know: section 3
                self._gap = True
        self._see(file.header)
        self.position = record.offset() + 1
        if self._unparsed >= _UNPARSED:
            self.flush()
        low = low_watermark(self._raw, self.watermarks)
        if low is None:
            return
        due = [length for length, closed in sorted(self._closed.items()) if low >= closed + length]
        if due:
            self.flush()
            for length in due:
                yield from self._close(length, low // length * length)
            self._forget()

    def flush(self) -> None:
        """Parse the files taken so far."""
        files, self._files, self._unparsed = self._files, [], 0
        if not files:
            return
        old = [taken for taken in files if not self.is_new(taken[0])]
        new = [taken for taken in files if self.is_new(taken[0])]
        for part, again in ((old, True), (new, False)):
            if part:
                self._keep(files[0][0].offset(), self._visits(part), again=again)
        if len(self._frames) > _FRAMES:
            self._frames = [(self._frames[0][0], pl.concat([frame for _, frame in self._frames], rechunk=True))]

    def progress(self) -> tuple[int, Progress]:
        """Return the offset to start again from, and how far this partition has come."""
        self.flush()
        offset = min((first for first, _ in self._frames), default=self.position)
        processed = max(self._processed, self.position)
        return offset, Progress(self._closed, processed, self._late, self._gap_until)

    def take_late(self) -> int:
        """Return how many late visits were seen since the last call."""
        seen, self._late_seen = self._late_seen, 0
        return seen

    def open_windows(self) -> int:
        """Return how many windows of the shortest length hold visits."""
        length = min(self._closed)
        starts = {start for _, frame in self._frames for start in (frame["time"] // length).unique()}
        return len(starts)

    def _see(self, header: ContainerHeader) -> None:
        for topic, count in header.partitions.items():  # one that was started before a topic grew knows fewer
            self._raw[topic] = max(count, self._raw.get(topic, 0))
        for name, time in header.watermarks.items():
            known = self.watermarks.get(name)
            self.watermarks[name] = time if known is None else max(known, time or known)
        if self._gap and low_watermark(self._raw, self.watermarks) is not None:
            newest = max(time for time in self.watermarks.values() if time is not None)
            # What was lost was reported on before: nothing in it is later than this.
            self._gap_until = max(self._gap_until, newest + self._lateness_ms)
            self._gap = False

    def _visits(self, files: Sequence[tuple[Record, VisitFile]]) -> pl.DataFrame:
        """Parse files together; where that fails one by one, to find those that do not hold what they say."""
        frame = self._reader.frame([file for _, file in files])
        if frame is not None:
            return frame
        frames = [self._reader.empty()]
        for record, file in files:
            frame = self._reader.frame([file])
            if frame is None:
                self.lose(record)
            else:
                frames.append(frame)
        return pl.concat(frames)

    def _keep(self, offset: int, frame: pl.DataFrame, *, again: bool) -> None:
        """Keep what an open window needs; count what is late, unless that was done before a restart."""
        if not again:
            for length, closed in self._closed.items():
                if late := int((frame["time"] < closed).sum()):
                    self._late[length] = self._late.get(length, 0) + late
                    self._late_seen += late
        frame = frame.filter(pl.col("time") >= min(self._closed.values()))
        if frame.height:
            self._frames.append((offset, frame))

    def _close(self, length: int, end: int) -> Iterator[Partial]:
        """Close all windows of a length up to `end`; each gives a partial for each dataset, also when empty."""
        for start in range(self._closed[length], end, length):
            within = pl.col("time").is_between(start, start + length, closed="left")
            late = self._late.pop(length, 0)
            for dataset in self._datasets:
                if dataset.window_seconds * 1_000 == length:
                    yield from self._partials(dataset, start, within, late)
        self._closed[length] = end

    def _partials(self, dataset: Dataset, start: int, within: pl.Expr, late: int) -> Iterator[Partial]:
        frames = [frame for _, frame in self._frames]
        visits = sum(frame.select(within.sum()).item() for frame in frames)
        chunks = list(_chunks(cells(frames, within, dataset))) if visits else [()]
        for number, chunk in enumerate(chunks):
            yield Partial(
                dataset=dataset.id,
                window_start=start,
                window_end=start + dataset.window_seconds * 1_000,
                partition=self._number,
                partitions=self._partitions,
                chunk=number,
                chunks=len(chunks),
                policy=self._policy,
                visits=visits if number == 0 else 0,
                late=late if number == 0 else 0,
                gap=start <= self._gap_until or self._gap,
                cells=chunk,
            )

    def _forget(self) -> None:
        """Drop what no open window needs."""
        needed = min(self._closed.values())
        kept = [(first, frame.filter(pl.col("time") >= needed)) for first, frame in self._frames]
        self._frames = [(first, frame) for first, frame in kept if frame.height]


def _chunks(found: Iterator[Cell]) -> Iterator[tuple[Cell, ...]]:
    """Split cells so that each chunk's record stays below the broker's limit."""
    chunk: list[Cell] = []
    size = 0
    for cell in found:
        size += 40 + sum(4 * len(value) + 4 for value in cell.dimensions) + 24 * len(cell.prefixes)
        if chunk and size > _CHUNK_BYTES:
            yield tuple(chunk)
            chunk, size = [], 0
        chunk.append(cell)
    yield tuple(chunk)
