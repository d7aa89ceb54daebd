"""What tests do to a broker: make topics, fill them, set a group's first offsets, read what is committed."""

import io
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import fastavro
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaError, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from pipeline.config import ROOT
from pipeline.kafka.admin import NOT_YET

EOF = KafkaError._PARTITION_EOF
READER = {
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
    "enable.partition.eof": True,
    "auto.offset.reset": "earliest",
    "reconnect.backoff.max.ms": 1_000,
}


class Broker:
    """A running broker, as tests use it."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.admin = AdminClient({"bootstrap.servers": servers})

    def topic(self, name: str, partitions: int = 1, **config: str) -> str:
        """Make a topic of a unique name that begins with `name`."""
        unique = f"{name}.{uuid.uuid4().hex[:8]}"
        settings = {key.replace("_", "."): value for key, value in config.items()}
        self.admin.create_topics([NewTopic(unique, partitions, 1, config=settings)])[unique].result(30)
        return unique

    def begin(self, group: str, offsets: Mapping[tuple[str, int], int]) -> None:
        """Set the offsets of a group that nobody is in, as soon as its coordinator is there."""
        wanted = [TopicPartition(topic, number, offset) for (topic, number), offset in offsets.items()]
        asked = ConsumerGroupTopicPartitions(group, wanted)
        while True:
            answer = self.admin.alter_consumer_group_offsets([asked])[group].result(30)
            errors = [place.error for place in answer.topic_partitions if place.error is not None]
            if not errors:
                return
            assert {error.code() for error in errors} <= NOT_YET, errors
            time.sleep(0.05)

    def fill(self, topic: str, values: Iterable[bytes], *, partitions: int = 1, **config: object) -> None:
        """Produce values to the partitions in turn and wait until they are acknowledged."""
        failed: list[KafkaError] = []
        producer = Producer({"bootstrap.servers": self.servers, "message.max.bytes": 13_000_000, **config})
        for number, value in enumerate(values):
            producer.produce(
                topic,
                value,
                partition=number % partitions,
                on_delivery=lambda error, _: failed.append(error) if error else None,
            )
            producer.poll(0)
        assert producer.flush(60) == 0
        assert failed == []

    def committed(self, topic: str, partitions: int = 1) -> dict[int, list[bytes]]:
        """Read all committed values: partition -> values in order."""
        found: dict[int, list[bytes]] = {number: [] for number in range(partitions)}
        open_partitions = set(found)
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": uuid.uuid4().hex, **READER})
        consumer.assign([TopicPartition(topic, number, 0) for number in found])
        while open_partitions:
            for message in consumer.consume(10_000, 0.5):
                error = message.error()
                if error is None:
                    found[message.partition()].append(message.value())
                elif error.code() == EOF:
                    open_partitions.discard(message.partition())
        consumer.close()
        return found

    def end(self, topic: str, partition: int = 0) -> int:
        """Return the end of a partition's log, which counts the marker of each transaction."""
        consumer = Consumer({"bootstrap.servers": self.servers, "group.id": uuid.uuid4().hex})
        _, end = consumer.get_watermark_offsets(TopicPartition(topic, partition), timeout=30)
        consumer.close()
        return end

    def offset_of(self, group: str, topic: str, partition: int = 0) -> TopicPartition:
        """Return what a group has committed."""
        asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, partition)])
        answer = self.admin.list_consumer_group_offsets([asked])[group].result(30)
        return answer.topic_partitions[0]

    def delete_before(self, topic: str, offset: int, partition: int = 0) -> None:
        """Delete what lies before an offset, as retention does."""
        at = TopicPartition(topic, partition, offset)
        self.admin.delete_records([at])[at].result(30)


def decoded(broker: Broker, topic: str, schema: str, partitions: int = 1) -> Iterator[dict[str, Any]]:
    """Yield the committed records of a topic."""
    parsed = fastavro.schema.load_schema(ROOT / "schemas" / f"{schema}.avsc")
    for values in broker.committed(topic, partitions).values():
        for value in values:
            yield fastavro.schemaless_reader(io.BytesIO(value[5:]), parsed, None)
