"""Hand-written stages for tests of the runner."""

from collections.abc import Mapping, Sequence

from pipeline.model import Batch, Committed, Output, Partition, Position


class Copy:
    """Copies each value to the same partition of one topic; remembers what the runner told it."""

    def __init__(self, source: str, target: str) -> None:
        self.inputs = [source]
        self.outputs = [target]
        self.target = target
        self.calls: list[object] = []
        self.batches: list[Batch] = []
        self.done = 0

    def assigned(self, partitions: Mapping[Partition, Committed | None]) -> None:
        self.calls.append(("assigned", dict(partitions)))

    def revoked(self, partitions: Sequence[Partition]) -> None:
        self.calls.append(("revoked", list(partitions)))

    def process(self, batch: Batch) -> Output:
        self.batches.append(batch)
        after = {(record.topic(), record.partition()): record.offset() + 1 for record in batch.records}
        self.done += len(batch.records)
        return Output(
            [(self.target, record.value(), record.key(), record.partition()) for record in batch.records],
            [Position(topic, number, offset, f"at {offset}") for (topic, number), offset in after.items()],
            {("in", ""): len(batch.records)} if batch.records else {},
        )
