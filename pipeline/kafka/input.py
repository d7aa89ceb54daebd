"""The reading side of the loop: which partitions are ours, from where they are read, which are caught up."""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import structlog
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from pipeline.errors import ConfigError, LostInputError
from pipeline.kafka.patience import AWAY, again, kafka_error, say
from pipeline.model import Committed, Partition, Record, Stage

log = structlog.get_logger()
ASK_S = 10
# Names of the client's own errors; the leading underscore is part of the public name.
EOF = KafkaError._PARTITION_EOF  # noqa: SLF001
NO_OFFSET = KafkaError._AUTO_OFFSET_RESET  # noqa: SLF001
FATAL = KafkaError._FATAL  # noqa: SLF001


class Input:
    """The assigned partitions of one consumer, told to the stage as they come and go."""

    def __init__(
        self,
        stage: Stage,
        consumer: Consumer,
        *,
        turn: Callable[[], None],
        joined: Callable[[], None],
    ) -> None:
        self._stage = stage
        self._consumer = consumer
        self._turn = turn
        self._joined = joined
        self._ends: dict[Partition, int] = {}  # partition -> the end that was reached
        self._begins: dict[Partition, int] = {}  # partition -> where its reading began

    def subscribe(self) -> None:
        """Join the group."""
        self._consumer.subscribe(
            list(self._stage.inputs),
            on_assign=self._assigned,
            on_revoke=self._revoked,
            on_lost=self._revoked,
        )

    def records(self, messages: list[Message]) -> list[Record]:
        """Return the records among what consume() gave; note ends, raise on what must stop the worker."""
        records = [message for message in messages if message.error() is None]
        if len(records) != len(messages):
            for message in messages:
                error = message.error()
                if error is not None:
                    self._event(message, error)
        return cast("list[Record]", records)  # what came from a topic has a topic, a partition, an offset

    def caught_up(self) -> frozenset[Partition]:
        """Return the partitions of which nothing is left to read at this moment."""
        if self._ends:
            reached = [TopicPartition(topic, number) for topic, number in self._ends]
            for at in self._consumer.position(reached):
                partition = Partition(at.topic, at.partition)
                if at.offset > self._ends[partition]:  # a record came after the end was reached
                    del self._ends[partition]
        return frozenset(self._ends)

    def rewind(self) -> None:
        """Begin again at the committed offsets, the stage included: the transaction was aborted."""
        self._ends.clear()
        partitions = self._consumer.assignment()
        if not partitions:
            return
        for at in self._restore(partitions):
            try:
                self._consumer.seek(at)
            except KafkaException as raised:  # no longer ours: the new owner begins at the commit
                say("seek_failed", topic=at.topic, partition=at.partition, error=kafka_error(raised).name())

    def positions(self) -> Iterator[tuple[Partition, int, int]]:
        """Yield (partition, next offset to read, end or a negative number while it is unknown)."""
        for at in self._consumer.position(self._consumer.assignment()):
            partition = Partition(at.topic, at.partition)
            # The client knows a position from the first record on: a partition that never moves would have none.
            offset = at.offset if at.offset >= 0 else self._begins[partition]
            _, end = self._consumer.get_watermark_offsets(at, cached=True)
            yield partition, offset, end

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        if partitions:
            consumer.incremental_assign(self._restore(partitions))
        self._joined()
        log.info("assigned", partitions=_names(partitions))

    def _revoked(self, _consumer: Consumer, partitions: list[TopicPartition]) -> None:
        gone = [Partition(at.topic, at.partition) for at in partitions]
        for partition in gone:
            self._ends.pop(partition, None)
            self._begins.pop(partition, None)
        self._stage.revoked(gone)
        log.info("revoked", partitions=_names(partitions))

    def _restore(self, partitions: list[TopicPartition]) -> list[TopicPartition]:
        """Tell the stage what is committed for these partitions, and return where to read from."""
        asked = [TopicPartition(at.topic, at.partition) for at in partitions]
        found = again(self._consumer.committed, asked, ASK_S, turn=self._turn, also=AWAY)
        broken = [at for at in found if at.error is not None]
        if broken:
            raise KafkaException(broken[0].error)
        unset = [at for at in found if at.offset < 0]
        if unset:
            raise ConfigError(
                [f"{name}: its group has no offset: run `pii-pipeline topics apply`" for name in _names(unset)]
            )
        committed = {Partition(at.topic, at.partition): Committed(at.offset, at.metadata or "") for at in found}
        self._begins.update({partition: at.offset for partition, at in committed.items()})
        self._stage.assigned(committed)
        return [TopicPartition(at.topic, at.partition, at.offset) for at in found]

    def _event(self, message: Message, error: KafkaError) -> None:
        code = error.code()
        topic, number, offset = message.topic() or "", message.partition() or 0, message.offset() or 0
        if code == EOF:
            self._ends[Partition(topic, number)] = offset
        elif code == NO_OFFSET:
            raise self._lost(topic, number, offset)
        elif error.fatal() or code == FATAL:  # a fatal error that comes as a message does not say fatal()
            raise KafkaException(error)
        else:  # broker away, poll interval passed: heals itself
            say("consume", error=error.name(), topic=topic, partition=number)

    def _lost(self, topic: str, number: int, wanted: int) -> LostInputError:
        """Say how much is gone, from the offset that was asked for to the first that is left."""
        at = TopicPartition(topic, number)
        low, high = again(self._consumer.get_watermark_offsets, at, ASK_S, turn=self._turn, also=AWAY)
        log.critical("lost_input", topic=topic, partition=number, wanted=wanted, low=low, high=high)
        if wanted < low:
            return LostInputError(
                f"{topic}/{number}: {low - wanted} offsets are lost: the next to read is {wanted}, "
                f"the first that the broker has is {low}"
            )
        return LostInputError(
            f"{topic}/{number}: the next offset to read is {wanted}, but the broker's log ends at {high}: "
            f"{max(0, wanted - high)} offsets are lost"
        )


def _names(partitions: Sequence[TopicPartition]) -> list[str]:
    return [f"{at.topic}/{at.partition}" for at in partitions]
