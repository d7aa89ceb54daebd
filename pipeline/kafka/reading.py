"""Reads a topic to its end as of now, whole or its newest records: for people and for checks, not for streams."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from pipeline.config import Settings
from pipeline.errors import TransientError
from pipeline.kafka.clients import Cluster
from pipeline.observe.logs import KafkaLogs

WAIT_S = 20


def read_all(settings: Settings, topic: str) -> Iterator[Message]:
    """Yield the committed records of all partitions; `TransientError` if the broker does not answer."""
    partitions = Cluster(settings).partitions([topic])[topic]
    with closing(_consumer(settings)) as consumer:
        yield from _read(consumer, [TopicPartition(topic, number, 0) for number in range(partitions)])


def read_newest(settings: Settings, topic: str, limit: int) -> list[Message]:
    """Return the newest committed records of all partitions together, oldest first, without reading the rest."""
    partitions = Cluster(settings).partitions([topic])[topic]
    with closing(_consumer(settings)) as consumer:
        found = [message for number in range(partitions) for message in _newest(consumer, topic, number, limit)]
    return sorted(found, key=lambda message: message.timestamp()[1])[-limit:]


def _consumer(settings: Settings) -> Consumer:
    config: dict[str, str | int | float | bool] = {
        "bootstrap.servers": settings.kafka_servers,
        "group.id": "pii-pipeline-reader",  # required by the client; nothing is ever committed
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
    }
    return Consumer(config, logger=KafkaLogs())


def _read(consumer: Consumer, places: Sequence[TopicPartition]) -> Iterator[Message]:
    """Yield what is committed from these places on."""
    consumer.assign(list(places))
    left = {place.partition for place in places}
    while left:
        message = consumer.poll(WAIT_S)
        if message is None:
            raise TransientError("the broker does not answer")
        error = message.error()
        if error is None:
            yield message
        elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  # its public name
            left.discard(message.partition() or 0)
        elif error.fatal():
            raise KafkaException(error)


def _newest(consumer: Consumer, topic: str, number: int, limit: int) -> list[Message]:
    """Look further back until there are enough: markers of transactions and aborted records have offsets, too."""
    try:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=WAIT_S)
    except KafkaException as error:
        raise TransientError("the broker does not answer") from error
    span = 2 * limit
    while True:
        start = max(low, high - span)
        found = list(_read(consumer, [TopicPartition(topic, number, start)]))
        if len(found) >= limit or start == low:
            return found[-limit:]
        span *= 4
