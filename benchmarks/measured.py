"""A stage with a stopwatch: from the start of its first batch to the start of the last one.

Runs in a process of its own, so that CPU time and memory are those of the loop and nothing else.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from pipeline.config import Settings
from pipeline.kafka import clients
from pipeline.kafka.runner import Runner, settle
from pipeline.model import Batch, Committed, Output, Partition, Position, Stage
from pipeline.observe.health import Health
from pipeline.observe.metrics import Metrics


class Copy:
    """The plainest exactly-once loop: each value to the same partition of another topic."""

    def __init__(self, source: str, target: str) -> None:
        self.inputs = [source]
        self.outputs = [target]
        self._target = target

    def assigned(self, partitions: Mapping[Partition, Committed | None]) -> None:
        """Hold nothing."""

    def revoked(self, partitions: Sequence[Partition]) -> None:
        """Hold nothing."""

    def process(self, batch: Batch) -> Output:
        """Copy each record."""
        target = self._target
        ends = {(record.topic(), record.partition()): record.offset() + 1 for record in batch.records}
        return Output(
            [(target, record.value(), None, record.partition()) for record in batch.records],
            [Position(topic, partition, offset) for (topic, partition), offset in ends.items()],
            {},
        )


class Measured:
    """Passes all on to a stage and takes the time."""

    def __init__(self, stage: Stage, number: int, done: Callable[[], None]) -> None:
        self.inputs, self.outputs = stage.inputs, stage.outputs
        self.assigned, self.revoked = stage.assigned, stage.revoked
        self._stage = stage
        self._number = number
        self._done = done
        self._read = 0
        self._started = (0.0, 0.0)
        self.result: dict[str, float] = {}

    def process(self, batch: Batch) -> Output:
        """Process; the batch that reaches the number ends the measurement and is not in it."""
        if batch.records:
            if not self._read:
                self._started = time.perf_counter(), time.process_time()
            if not self.result and self._read + len(batch.records) >= self._number:
                self._end()
            self._read += len(batch.records)
        return self._stage.process(batch)

    def _end(self) -> None:
        wall = time.perf_counter() - self._started[0]
        cpu = time.process_time() - self._started[1]
        self.result = {
            "per_s": self._read / wall,
            "cpu_us": cpu / self._read * 1e6,
            "cpu_share": cpu / wall,
            "load": os.getloadavg()[0],
        }
        self._done()


def measure(make: Callable[[], Stage], settings: Settings, group: str, number: int) -> None:
    """Run a stage over `number` records and print what it took, as JSON."""
    stage = make()
    runner: Runner | None = None

    def stop() -> None:
        assert runner is not None
        runner.stop()

    measured = Measured(stage, number, stop)
    largest = clients.Cluster(settings).largest_message(stage.outputs)
    runner = Runner(
        measured,
        consumer=clients.consumer(settings, group),
        producer=clients.producer(settings, group, largest),
        metrics=Metrics(group),
        health=Health(),
        batch_records=settings.batch_records,
        batch_wait_ms=settings.batch_wait_ms,
    )
    settle()
    runner.run()
    rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({**measured.result, "rss_mb": rss_mb}, sys.stdout)
