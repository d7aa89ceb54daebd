"""Reads a topic from its first record to its end as of now: for people's eyes and for checks, not for streams."""

from collections.abc import Iterator

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition

from pipeline.config import Settings
from pipeline.errors import TransientError
from pipeline.kafka.clients import Cluster
from pipeline.observe.logs import KafkaLogs

WAIT_S = 20


def read_all(settings: Settings, topic: str) -> Iterator[Message]:
    """Yield the committed records of all partitions; `TransientError` if the broker does not answer."""
    partitions = Cluster(settings).partitions([topic])[topic]
    config: dict[str, str | int | float | bool] = {
        "bootstrap.servers": settings.kafka_servers,
        "group.id": "pii-pipeline-reader",  # required by the client; nothing is ever committed
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        "auto.offset.reset": "earliest",
    }
    consumer = Consumer(config, logger=KafkaLogs())
    try:
        consumer.assign([TopicPartition(topic, number, 0) for number in range(partitions)])
        left = set(range(partitions))
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
    finally:
        consumer.close()
