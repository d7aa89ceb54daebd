"""The runner on a real broker: what it promises to a stage, and what becomes of faults."""

import time
import uuid

import msgspec
import pytest
from structlog.testing import capture_logs

from pipeline.config import Settings
from pipeline.errors import ConfigError, LostInputError, TransientError
from pipeline.kafka.admin import ACCEPTED, Admin
from pipeline.kafka.clients import Cluster
from pipeline.kafka.local import Stack
from pipeline.model import Batch, Committed, Output, Partition
from pipeline.policy.decide import UNKNOWN_SITE
from tests.broker import Broker
from tests.running import running
from tests.stages import Copy


@pytest.fixture
def broker(stack: Stack) -> Broker:
    return Broker(stack.kafka_servers)


@pytest.fixture
def settings(stack: Stack) -> Settings:
    return Settings(kafka_servers=stack.kafka_servers, session_timeout_ms=6_000)


@pytest.fixture
def group() -> str:
    return f"runner-{uuid.uuid4().hex[:8]}"


def test_each_record_is_copied_once_and_in_order(broker, settings, group):
    """In = out, in the order of each partition, over two runs of the same slot."""
    source, target = broker.topic("in", 2), broker.topic("out", 2)
    broker.begin(group, {(source, 0): 0, (source, 1): 0})
    lines = [b"line %d" % number for number in range(20_000)]
    for part in (lines[:12_000], lines[12_000:]):
        stage = Copy(source, target)
        broker.fill(source, part, partitions=2)
        with running(stage, settings, group) as run:
            run.until(lambda stage=stage, part=part: stage.done >= len(part))
    assert broker.committed(target, 2) == {0: lines[::2], 1: lines[1::2]}
    assert broker.offset_of(group, source).offset == len(lines) // 2


def test_a_stage_gets_back_the_note_that_it_committed(broker, settings, group):
    """Offset and metadata commit together and come back with the partition."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"a", b"b"])
    with running(first := Copy(source, target), settings, group) as run:
        run.until(lambda: first.done == 2)
    with running(second := Copy(source, target), settings, group) as run:
        run.until(lambda: bool(second.calls))
    assert first.calls[0] == ("assigned", {Partition(source, 0): Committed(0, "")})
    assert second.calls[0] == ("assigned", {Partition(source, 0): Committed(2, "at 2")})
    assert second.calls[-1] == ("revoked", [Partition(source, 0)])


def test_a_record_of_12_mb_comes_in_among_small_ones(broker, settings, group):
    """The fetch size bounds memory, not the size of a record."""
    source = broker.topic("in", max_message_bytes="12582912")
    target = broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    sizes = [10, 12_000_000, 20, 11_000_000, 30]

    class Sizes(Copy):
        def process(self, batch: Batch) -> Output:
            output = super().process(batch)
            return output._replace(
                records=[(topic, b"%d" % len(value), key, at) for topic, value, key, at in output.records]
            )

    broker.fill(source, [b"x" * size for size in sizes])
    with running(stage := Sizes(source, target), settings, group) as run:
        run.until(lambda: stage.done == len(sizes))
    assert broker.committed(target)[0] == [b"%d" % size for size in sizes]


def test_a_tick_without_output_makes_no_transaction(broker, settings, group):
    """Nothing to say: nothing is written, neither a record nor a marker; ticks go on."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    with running(stage := Copy(source, target), settings, group) as run:
        run.until(lambda: len(stage.batches) >= 3)
        assert run.health.ready
    assert [list(batch.records) for batch in stage.batches] == [[]] * len(stage.batches)
    assert broker.end(target) == 0
    assert broker.offset_of(group, source).offset == 0


def test_a_partition_is_caught_up_from_its_end_to_its_next_record(broker, settings, group):
    """Only what has nothing left to read is caught up, also when it never had a record."""
    source, target = broker.topic("in", 2), broker.topic("out", 2)
    broker.begin(group, {(source, 0): 0, (source, 1): 0})
    broker.fill(source, [b"a"])
    both = {Partition(source, 0), Partition(source, 1)}
    with running(stage := Copy(source, target), settings, group) as run:
        run.until(lambda: bool(stage.batches) and stage.batches[-1].caught_up == both)
        caught = len(stage.batches)
        broker.fill(source, [b"x" * 1_000 for _ in range(60_000)])
        run.until(lambda: stage.done == 60_001)
        backlog = [batch for batch in stage.batches[caught:] if batch.records][:-1]
        run.until(lambda: stage.batches[-1].caught_up == both)
    assert any(Partition(source, 0) not in batch.caught_up for batch in backlog)
    assert all(Partition(source, 1) in batch.caught_up for batch in backlog)


def test_position_and_lag_move_with_what_was_processed(broker, settings, group):
    """The processed position, not the committed one: a stage may commit far behind it."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"a", b"b", b"c"])

    class Slow(Copy):
        def process(self, batch: Batch) -> Output:
            time.sleep(1.1)  # longer than the metrics are shown for
            return super().process(batch)._replace(offsets=[])

    labels = {"stage": group, "topic": source, "partition": "0"}
    seen = []

    def shown() -> bool:
        now = run.value("pipeline_position", **labels), run.value("pipeline_lag", **labels)
        if now not in seen:
            seen.append(now)
        return now == (3, 0)

    with running(Slow(source, target), msgspec.structs.replace(settings, batch_records=1), group) as run:
        run.until(shown)
    assert [at for at in seen if None not in at][-3:] == [(1, 2), (2, 1), (3, 0)]
    assert broker.offset_of(group, source).offset == 0


def test_a_partition_shows_its_position_before_the_first_record_of_a_run(broker, settings, group):
    """An alert on a partition that stands still needs to know of it, above all if it never moved."""
    source, target = broker.topic("in", 2), broker.topic("out")
    broker.fill(source, [b"a", b"b"])
    broker.begin(group, {(source, 0): 2, (source, 1): 0})
    with running(Copy(source, target), settings, group) as run:

        def shown(name: str) -> list[float | None]:
            return [run.value(f"pipeline_{name}", stage=group, topic=source, partition=n) for n in "01"]

        run.until(lambda: None not in shown("lag"))
        assert (shown("position"), shown("lag")) == ([2, 0], [0, 0])


def test_an_aborted_batch_is_read_again_and_counted_once(broker, settings, group):
    """After an abort the stage begins at the commit, as a new owner would; the metrics saw nothing of it."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"a"])

    class FailsOnce(Copy):
        failed = False

        def process(self, batch: Batch) -> Output:
            output = super().process(batch)
            if b"b" not in [record.value() for record in batch.records] or self.failed:
                return output
            self.failed = True
            too_long = [position._replace(metadata="x" * 5_000) for position in output.offsets]
            return output._replace(offsets=too_long)  # the broker takes 4,096 bytes: the transaction fails

    with running(stage := FailsOnce(source, target), settings, group) as run:
        run.until(lambda: stage.done == 1)
        broker.fill(source, [b"b", b"c"])
        run.until(
            lambda: stage.failed and run.value("pipeline_records_total", stage=group, counter="in", label="") == 3
        )
        assert run.value("pipeline_aborted_transactions_total", stage=group) == 1
        assert run.value("pipeline_records_total", stage=group, counter="in", label="") == 3
    assert [call for call in stage.calls if call[0] == "assigned"] == [
        ("assigned", {Partition(source, 0): Committed(0, "")}),
        ("assigned", {Partition(source, 0): Committed(1, "at 1")}),
    ]
    assert broker.committed(target)[0] == [b"a", b"b", b"c"]


def test_what_a_stage_denies_is_explained_in_the_log(broker, settings, group):
    """Once it is committed: at once, with the section of the policy, and never with the record."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"jane", b"doe"])

    class Denies(Copy):
        def process(self, batch: Batch) -> Output:
            output = super().process(batch)
            denied = {("denied", UNKNOWN_SITE.reason): len(batch.records)} if batch.records else {}
            return output._replace(records=[], counts=denied)

    with capture_logs() as lines, running(Denies(source, target), settings, group) as run:
        run.until(lambda: any(line["event"] == "denied" for line in lines))
    told = [line for line in lines if line["event"] == "denied"]
    assert [(line["reason"], line["section"], line["records"]) for line in told] == [("unknown-site", "4", 2)]


def test_a_store_that_is_away_is_waited_for_and_no_record_is_lost_or_doubled(broker, settings, group):
    """`TransientError` in a stage: nothing was begun; the batch is read again until the store answers."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"a", b"b"])

    class StoreAway(Copy):
        failures = 0

        def process(self, batch: Batch) -> Output:
            if batch.records and self.failures < 2:
                self.failures += 1
                raise TransientError("the store does not answer")
            return super().process(batch)

    with running(stage := StoreAway(source, target), settings, group) as run:
        run.until(lambda: stage.done == 2)
        run.until(lambda: broker.offset_of(group, source).offset == 2)
        assert run.error is None
        assert run.value("pipeline_records_total", stage=group, counter="in", label="") == 2
    assert stage.failures == 2
    assert broker.committed(target)[0] == [b"a", b"b"]


def test_a_loss_is_accepted_only_where_there_is_one_and_the_stage_learns_of_it(broker, settings, group):
    """Then it goes on at the first record that is left."""
    source, target = broker.topic("in"), broker.topic("out")
    admin = Admin(broker.servers)
    broker.begin(group, {(source, 0): 3})
    broker.fill(source, [b"%d" % number for number in range(10)])
    with pytest.raises(ConfigError, match=f"nothing is lost: {group} goes on at 3"):
        admin.accept_loss(group, source, 0)
    broker.delete_before(source, 7)
    assert admin.accept_loss(group, source, 0).endswith("was to go on at 3, and goes on at 7")
    with running(stage := Copy(source, target), settings, group) as run:
        run.until(lambda: stage.done == 3)
    assert stage.calls[0] == ("assigned", {Partition(source, 0): Committed(7, ACCEPTED)})
    assert broker.committed(target)[0] == [b"7", b"8", b"9"]


def test_deleted_input_stops_with_the_number_of_lost_offsets(broker, settings, group):
    """What retention took before it was read is never skipped in silence."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 3})
    broker.fill(source, [b"%d" % number for number in range(10)])
    broker.delete_before(source, 7)
    with running(Copy(source, target), settings, group) as run:
        error = run.ended()
    assert isinstance(error, LostInputError)
    assert str(error).startswith(f"{source}/0: 4 offsets are lost")
    assert broker.end(target) == 0


def test_an_offset_beyond_the_end_stops_too(broker, settings, group):
    """A log that ends before our commit was cut or replaced: a person decides."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 30})
    broker.fill(source, [b"x"] * 10)
    with running(Copy(source, target), settings, group) as run:
        assert "20 offsets are lost" in str(run.ended())


def test_a_group_without_first_offset_does_not_guess(broker, settings, group):
    """Neither `earliest` nor `latest` is assumed: `topics apply` sets where a group begins."""
    source, target = broker.topic("in"), broker.topic("out")
    with running(Copy(source, target), settings, group) as run:
        error = run.ended()
    assert isinstance(error, ConfigError)
    assert source in str(error)


def test_the_older_of_two_processes_of_one_slot_ends(broker, settings, group):
    """One transactional id has one holder; the older one is fenced and writes nothing more."""
    source, target = broker.topic("in"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    with running(older := Copy(source, target), settings, group) as first:
        first.until(lambda: bool(older.calls))
        with running(Copy(source, target), settings, group) as second:
            broker.fill(source, [b"%d" % number for number in range(100)])
            second.until(lambda: broker.offset_of(group, source).offset == 100)
            first.until(lambda: first.error is not None)
    assert first.error is not None
    assert broker.committed(target)[0] == [b"%d" % number for number in range(100)]


def test_a_topic_that_cannot_hold_a_full_record_is_refused_at_the_start(broker, settings):
    """Later it would end the worker at the first full block of visits, again and again."""
    small, large = broker.topic("small", max_message_bytes="500000"), broker.topic("large")
    with pytest.raises(ConfigError) as caught:
        Cluster(settings).largest_message([small, large])
    assert caught.value.problems == (f"topic {small}: max.message.bytes is below 915000",)


def test_a_record_too_large_for_a_topic_ends_the_worker(broker, settings, group):
    """A stage that breaks its promise about sizes is our bug, never a silent loss."""
    source, target = broker.topic("in", max_message_bytes="12582912"), broker.topic("out")
    broker.begin(group, {(source, 0): 0})
    broker.fill(source, [b"x" * 2_000_000])
    with running(Copy(source, target), settings, group) as run:
        assert run.ended().args[0].name() == "MSG_SIZE_TOO_LARGE"
    assert broker.offset_of(group, source).offset == 0
