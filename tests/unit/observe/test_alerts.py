"""The metrics that operators alert on: there, named as the reference says, and moved by what the stages do."""

import re
from itertools import count

import pytest

from pipeline.config import ROOT
from pipeline.model import HOUR_MS, Batch, Committed, Partition
from pipeline.observe.metrics import Metrics
from pipeline.stages.sanitize_watermarks import BEGIN_MS
from tests.aggregating import DAY_START, container, stage, visit
from tests.records import FakeRecord
from tests.sanitizing import NOW, RAW, SOURCE, Bench, line

REFERENCE = ROOT / "docs" / "reference" / "metrics.md"
LATENESS_S = SOURCE.allowed_lateness_seconds
TODAY = "01/Jul/2016:00:00:00 +0000"
DESTROYED = "01/Jul/2015:00:00:00 +0000"


class Shown:
    """A stage's metrics, as the runner fills them after each committed batch."""

    def __init__(self, worker, name):
        self.worker = worker
        self.name = name
        self.now = NOW
        self.metrics = Metrics(name, lambda: self.now / 1_000)

    def run(self, records, caught_up=()):
        output = self.worker.process(Batch(records, self.now, frozenset(caught_up)))
        self.metrics.add(output.counts)
        self.metrics.show(self.worker.gauges())

    def value(self, name, **labels):
        return self.metrics.registry.get_sample_value(f"pipeline_{name}", {"stage": self.name} | labels)

    @property
    def age(self):
        """The age of the watermark of the first raw partition, in seconds."""
        return self.value("watermark_age_seconds", partition=f"{RAW}/0")


@pytest.fixture
def sanitize():
    return Shown(Bench().stage, "sanitize")


@pytest.fixture
def aggregate():
    worker = stage(partitions=2)
    worker.assigned({Partition("visits", number): Committed(0, "") for number in range(2)})
    return Shown(worker, "aggregate")


@pytest.fixture
def files():
    """Give containers their places in the log."""
    offsets = count()

    def file(content, partition=0):
        return FakeRecord(content, topic="visits", partition=partition, offset=next(offsets), time_ms=NOW + HOUR_MS)

    return file


def lines(number, time=TODAY):
    return [FakeRecord(line(time=time)) for _ in range(number)]


def test_the_late_share_of_sanitize_is_that_of_the_events_without_key(sanitize):
    sanitize.run(lines(3))
    assert sanitize.value("late_share") == 0
    sanitize.run(lines(1, DESTROYED))
    assert sanitize.value("late_share") == 1 / 4
    sanitize.run(lines(4, DESTROYED))
    assert sanitize.value("late_share") == 5 / 8
    sanitize.run([])
    assert sanitize.value("late_share") == 5 / 8


def test_the_late_share_of_aggregate_is_that_of_the_visits_of_closed_windows(aggregate, files):
    aggregate.run([files(container([visit(1), visit(2)], DAY_START + HOUR_MS))])
    assert aggregate.value("late_share") == 0
    aggregate.now += 10_000  # so often it commits, and counts
    aggregate.run([files(container([visit(3), visit(4, time=DAY_START + HOUR_MS)], DAY_START + HOUR_MS))])
    assert aggregate.value("late_share") == 1 / 4


def test_the_watermark_of_sanitize_gets_younger_with_events_and_older_with_a_backlog_that_is_not_read(sanitize):
    partition = Partition(RAW, 0)
    sanitize.run([], [partition])
    assert sanitize.age is None, "nothing is known before the first record"
    sanitize.run(lines(1))
    assert sanitize.age is None, "nor as long as its siblings' first records may come"
    sanitize.now += BEGIN_MS
    sanitize.run(lines(1))
    assert sanitize.age == LATENESS_S + BEGIN_MS / 1_000
    sanitize.now += 60_000 - BEGIN_MS
    sanitize.run([])
    assert sanitize.age == LATENESS_S + 60
    sanitize.run(lines(1, "01/Jul/2016:00:00:40 +0000"), [partition])
    assert sanitize.age == LATENESS_S + 20
    sanitize.now += 1_000
    sanitize.run([], [partition])
    assert sanitize.age == LATENESS_S + 20, "at night, with nothing left to read, time goes on"


def test_the_watermark_of_aggregate_is_what_the_files_say(aggregate, files):
    """One that a partition of visits has not heard of yet counts: its windows are still open."""
    aggregate.run([files(container([], NOW - 90_000))])
    assert aggregate.age == 90
    aggregate.run([files(container([], NOW - 30_000))])
    assert aggregate.age == 30
    aggregate.run([files(container([], NOW - 80_000), 1)])
    assert aggregate.age == 80
    aggregate.run([files(container([], NOW - 30_000), 1)])
    aggregate.now += 5_000
    assert aggregate.age == 35


def test_position_and_lag_are_those_of_the_last_turn(sanitize):
    labels = {"topic": RAW, "partition": "0"}
    sanitize.metrics.at(RAW, 0, position=7, end=10)
    assert (sanitize.value("position", **labels), sanitize.value("lag", **labels)) == (7, 3)
    sanitize.metrics.at(RAW, 0, position=10, end=10)
    assert (sanitize.value("position", **labels), sanitize.value("lag", **labels)) == (10, 0)
    sanitize.metrics.forget_positions()
    sanitize.metrics.at(RAW, 0, position=10, end=-1001)
    assert (sanitize.value("position", **labels), sanitize.value("lag", **labels)) == (10, None), "no end, no lag"


def test_what_stages_show_has_the_names_and_the_labels_of_the_reference(sanitize, aggregate, files):
    """An alert on a name that nobody exports never fires."""
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", REFERENCE.read_text(), re.MULTILINE)
    documented = {name: set(labels.split(", ")) for name, labels in rows}
    sanitize.run(lines(1))
    aggregate.run([files(container([visit()], DAY_START))])
    for shown in (sanitize, aggregate):
        shown.metrics.at("topic", 0, position=1, end=2)
    collected = [m for shown in (sanitize, aggregate) for m in shown.metrics.registry.collect()]
    exported = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name: {*sample.labels} - {"le"}
        for metric in collected
        for sample in metric.samples
        if metric.name.startswith("pipeline_")
    }
    del documented["pipeline_last_release_seconds"]  # of control
    assert exported == documented
