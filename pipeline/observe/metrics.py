"""Prometheus metrics of one process, in their own registry. Labels: words of ours, topics, partitions."""

import time
from collections.abc import Callable, Mapping
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

BATCH_BUCKETS = (1, 10, 100, 500, 1_000, 2_500, 5_000, 10_000, 20_000)
SECONDS_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30)
WATERMARK = "watermark_ms"


class Metrics:
    """The collectors of a stage; `registry` is what /metrics shows."""

    def __init__(self, stage: str, clock: Callable[[], float] = time.time) -> None:
        self.stage = stage
        self._clock = clock
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._records = Counter(
            "pipeline_records",
            "Records by what became of them",
            ["stage", "counter", "label"],
            registry=self.registry,
        )
        self._late_share = self._gauge("late_share", "Late records as a share of those read, since the start")
        self._watermark_age = self._gauge("watermark_age_seconds", "Wall time minus watermark", "partition")
        self._position = self._gauge("position", "Next offset to read: what was processed", "topic", "partition")
        self._lag = self._gauge("lag", "Offsets between the position and the end", "topic", "partition")
        self._shown: dict[str, Gauge] = {}
        self.batch_records = Histogram(
            "pipeline_batch_records",
            "Records in a batch",
            ["stage"],
            buckets=BATCH_BUCKETS,
            registry=self.registry,
        ).labels(stage)
        self.transaction_seconds = Histogram(
            "pipeline_transaction_seconds",
            "Begin to commit, sending included",
            ["stage"],
            buckets=SECONDS_BUCKETS,
            registry=self.registry,
        ).labels(stage)
        self.aborts = Counter(
            "pipeline_aborted_transactions", "Batches read again", ["stage"], registry=self.registry
        ).labels(stage)
        self._totals = {"in": 0, "late": 0}

    def add(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Add what a committed batch counted: (counter, label) -> increment."""
        for (counter, label), increment in counts.items():
            self._records.labels(self.stage, counter, label).inc(increment)
            if counter in self._totals:
                self._totals[counter] += increment
        if self._totals["in"]:
            self._late_share.labels(self.stage).set(self._totals["late"] / self._totals["in"])

    def show(self, gauges: Mapping[tuple[str, str], float]) -> None:
        """Set a stage's own gauges: (gauge, label) -> value; what it no longer names disappears."""
        self._watermark_age.clear()
        for gauge in self._shown.values():
            gauge.clear()
        for (name, label), value in gauges.items():
            if name == WATERMARK:
                # taken when it is asked for: a loop that stands still shows nothing any more
                self._watermark_age.labels(self.stage, label).set_function(partial(self._age, value / 1000))
                continue
            if name not in self._shown:
                self._shown[name] = self._gauge(name, "Shown by the stage", "label")
            self._shown[name].labels(self.stage, label).set(value)

    def forget_positions(self) -> None:
        """Drop the positions of partitions that went to somebody else."""
        self._position.clear()
        self._lag.clear()

    def at(self, topic: str, partition: int, *, position: int, end: int) -> None:
        """Set how far a partition was processed; `end` is negative while unknown."""
        self._position.labels(self.stage, topic, str(partition)).set(position)
        if end >= 0:
            self._lag.labels(self.stage, topic, str(partition)).set(max(0, end - position))

    def _age(self, time_s: float) -> float:
        return self._clock() - time_s

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"pipeline_{name}", text, ["stage", *labels], registry=self.registry)
