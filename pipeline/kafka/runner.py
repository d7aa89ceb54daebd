"""The transactional loop: batches from Kafka -> stage -> outputs and input offsets in one transaction.

Why nothing is lost and nothing doubled:
- outputs, dead letters and offsets commit together; readers use isolation.level=read_committed;
- group metadata is taken when the batch is taken: had the group moved on, the broker refuses the offsets;
- partitions come and go only inside consume(), that is, between two transactions;
- after an abort the stage starts again from the committed offsets, as a new owner would;
- what is not understood ends the process: its restart aborts what was open and begins at the commit.
"""

import gc
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from pipeline.errors import TransientError
from pipeline.kafka.input import Input
from pipeline.kafka.patience import AWAY, again, kafka_error, say
from pipeline.model import Batch, Emit, Gauged, Output, Stage
from pipeline.observe.denials import Denials
from pipeline.observe.health import Health
from pipeline.observe.metrics import Metrics
from pipeline.policy.decide import SECTION_OF

log = structlog.get_logger()
TICK_S = 1.0
INIT_S = 10
TRY_S = 1.0
OFFSETS_S = 10
NOT_TAKEN = "the broker was away while offsets were sent: ended, to begin again at the commit"
REFUSED = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_RECORD, KafkaError.INVALID_MSG})
"""Abortable, yet the next try would end the same: a topic's limit was lowered, or the bug is ours."""


def settle() -> None:
    """Tell the garbage collector that this process will run a loop over batches; once, when all is made.

    A batch makes tens of thousands of tuples and no cycles. With CPython's thresholds the collector looks through
    them, and through the memos, again and again: 0.7 us a record, 3.7 where the memos change (bench-sanitize).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


class Runner:
    """Runs one stage until `stop`.

    `wind` is called each turn: a watchdog that ends the process if it stands still, for librdkafka may
    hang in a call after a broker's restart (its issues 5456 and 5511).
    """

    def __init__(  # noqa: PLR0913  # the composition root passes each part by name
        self,
        stage: Stage,
        *,
        consumer: Consumer,
        producer: Producer,
        metrics: Metrics,
        health: Health,
        batch_records: int = 8_000,
        batch_wait_ms: int = 50,
        wind: Callable[[], None] = lambda: None,
    ) -> None:
        self._stage = stage
        self._consumer = consumer
        self._producer = producer
        self._metrics = metrics
        self._health = health
        self._denials = Denials(SECTION_OF)
        self._batch_records = batch_records
        self._batch_wait_s = batch_wait_ms / 1_000
        self._wind = wind
        self._input = Input(stage, consumer, turn=self._turn, joined=health.joined)
        self._next_tick = self._next_show = 0.0
        self._stopping = False

    def stop(self) -> None:
        """End after the batch in hand; may be called from a signal handler or another thread."""
        self._stopping = True

    def run(self) -> None:
        """Work until `stop`. Ends with an error on all that is not understood; see `errors`."""
        try:
            # Fences the last holder of our id and ends its transaction.
            again(self._producer.init_transactions, INIT_S, turn=self._turn)
            self._input.subscribe()
            while not self._stopping:
                self._turn()
                self._step()
        finally:
            self._consumer.close()

    def _turn(self) -> None:
        self._wind()
        self._health.turn()

    def _step(self) -> None:
        messages = self._consumer.consume(self._batch_records, self._batch_wait_s)
        group = self._consumer.consumer_group_metadata()
        records = self._input.records(messages)
        now = time.monotonic()
        if not records and now < self._next_tick:
            return
        self._next_tick = now + TICK_S
        now_ms = time.time_ns() // 1_000_000
        try:
            output = self._stage.process(Batch(records, now_ms, self._input.caught_up()))
        except TransientError:  # the store is away: nothing was begun; the batch is read again
            self._health.step(succeeded=False)
            say("waiting", server="store")
            self._pause()
            self._input.rewind()
            return
        if self._commit(output, group):
            self._metrics.add(output.counts)
            self._denials.add(output.counts)
            if records:
                self._metrics.batch_records.observe(len(records))
        if now >= self._next_show:
            self._next_show = now + TICK_S
            self._show()

    def _commit(self, output: Output, group: object) -> bool:
        """Commit an output in one transaction; False: it was aborted and will be read again."""
        if not output.records and not output.offsets:
            return True
        started = time.monotonic()
        try:
            self._transact(output, group)
        except KafkaException as raised:
            error = kafka_error(raised)
            self._health.step(succeeded=False)
            if error.fatal() or not error.txn_requires_abort() or error.code() in REFUSED:
                raise
            log.warning("transaction_aborted", error=error.name())
            again(self._producer.abort_transaction, turn=self._turn)
            self._metrics.aborts.inc()
            self._input.rewind()
            return False
        self._health.step(succeeded=True)
        self._metrics.transaction_seconds.observe(time.monotonic() - started)
        return True

    def _transact(self, output: Output, group: object) -> None:
        producer = self._producer
        again(producer.begin_transaction, turn=self._turn)
        if self._send(output.records) and output.offsets:
            offsets = [TopicPartition(p.topic, p.partition, p.offset, p.metadata) for p in output.offsets]
            self._send_offsets(offsets, group)
        again(producer.commit_transaction, turn=self._turn)  # raises if any record was not delivered

    def _send_offsets(self, offsets: list[TopicPartition], group: object) -> None:
        """Add the offsets to the transaction; out, where the broker was away for longer than the call waits.

        Without a limit the call may hang for good, and so may a second one, though the error calls itself retriable
        (librdkafka's issues 5456 and 5511). A restart takes two seconds.
        """
        self._turn()
        try:
            self._producer.send_offsets_to_transaction(offsets, group, OFFSETS_S)
        except KafkaException as raised:
            if kafka_error(raised).code() in AWAY:
                raise TransientError(NOT_TAKEN) from raised
            raise

    def _send(self, emits: Iterable[Emit]) -> bool:
        """Hand all records to the client; False: the transaction has failed, the commit says why."""
        produce = self._producer.produce
        for emit in emits:
            try:
                produce(*emit)
            except BufferError:
                self._send_slowly(emit)
            except KafkaException as raised:
                if kafka_error(raised).code() == KafkaError._STATE:  # noqa: SLF001  # its public name
                    return False
                raise
        return True

    def _send_slowly(self, emit: Emit) -> None:
        """Let the full queue of the client drain."""
        while True:
            self._turn()
            self._producer.poll(0.05)
            with suppress(BufferError):
                self._producer.produce(*emit)
                return

    def _pause(self) -> None:
        """Wait before the next try, awake enough to stop."""
        for _ in range(10):
            if not self._stopping:
                time.sleep(TRY_S / 10)

    def _show(self) -> None:
        self._producer.poll(0)  # serves the client's log and error events
        self._denials.tell()
        self._metrics.forget_positions()
        for partition, position, end in self._input.positions():
            self._metrics.at(partition.topic, partition.number, position=position, end=end)
        if isinstance(self._stage, Gauged):
            self._metrics.show(self._stage.gauges())
