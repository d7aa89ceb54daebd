"""The Kafka clients of a worker, with the settings that held under fault injection.

Each setting that is not a default has its reason here; measured in docs/explanation/exactly-once.md.
"""

from collections.abc import Sequence

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, ConfigResource  # type: ignore[attr-defined]  # it is public

from pipeline.config import Settings
from pipeline.errors import ConfigError, TransientError
from pipeline.observe.logs import KafkaLogs

LARGEST_MESSAGE = 1_000_000
BATCH_OVERHEAD = 5_000
"""Bytes left for the headers of a record batch: `max.message.bytes` of a topic bounds the batch."""
SMALLEST_LIMIT = 910_000
"""Bytes: a full block of visits, or a dead letter of what was kept whole, with what stands around it."""
ADMIN_S = 10


def consumer(settings: Settings, group: str) -> Consumer:
    """Return the transactional consumer of this slot."""
    return Consumer(
        {
            "bootstrap.servers": settings.kafka_servers,
            "group.id": group,
            # A static member: restarted within the session it goes on where it was, without a rebalance.
            # (KIP-848's protocol refuses transactions of a restarted static member: so the classic one.)
            "group.instance.id": f"{group}-{settings.slot}",
            "partition.assignment.strategy": "cooperative-sticky",
            "session.timeout.ms": settings.session_timeout_ms,
            "heartbeat.interval.ms": 500,  # a rebalance takes a few heartbeats
            "max.poll.interval.ms": max(60_000, settings.session_timeout_ms),
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "error",  # what expired unread must stop the worker, not be skipped
            "enable.partition.eof": True,  # Batch.caught_up
            "queued.min.messages": 12_000,
            "queued.max.messages.kbytes": 6_144,
            "fetch.queue.backoff.ms": 5,  # its default of 1 s starves a consumer whose queue is bounded
            "max.partition.fetch.bytes": 262_144,  # keeps memory low; a larger record is fetched alone
            "reconnect.backoff.max.ms": 1_000,
            "allow.auto.create.topics": False,
        },
        logger=KafkaLogs(),
    )


def producer(settings: Settings, group: str, largest: int) -> Producer:
    """Return the transactional producer of this slot; `largest` is the size limit of a message in bytes."""
    return Producer(
        {
            "bootstrap.servers": settings.kafka_servers,
            # Stable: a restarted worker ends the transaction that its predecessor left open. A random one
            # holds readers up until the transaction times out.
            "transactional.id": f"{group}-{settings.slot}",
            "transaction.timeout.ms": settings.transaction_timeout_ms,
            "linger.ms": 5,
            "compression.type": "lz4",
            "batch.size": largest,
            "message.max.bytes": largest,
            "queue.buffering.max.messages": 100_000,
            "reconnect.backoff.max.ms": 1_000,
            "delivery.report.only.error": True,  # the commit tells; reports are not looked at
            "allow.auto.create.topics": False,
        },
        logger=KafkaLogs(),
    )


class Cluster:
    """What a worker must know of the topics before it starts. Keeps its client: its answers die with it."""

    def __init__(self, settings: Settings) -> None:
        self._admin = AdminClient(
            {"bootstrap.servers": settings.kafka_servers, "reconnect.backoff.max.ms": 1_000},
            logger=KafkaLogs(),
        )

    def partitions(self, topics: Sequence[str]) -> dict[str, int]:
        """Return the number of partitions of each topic; `ConfigError` names those that do not exist."""
        try:
            known = self._admin.list_topics(timeout=ADMIN_S).topics
        except KafkaException as error:
            raise TransientError("the broker does not answer") from error
        missing = [topic for topic in topics if topic not in known or known[topic].error is not None]
        if missing:
            raise ConfigError([f"topic {topic} is missing: run `pii-pipeline topics apply`" for topic in missing])
        return {topic: len(known[topic].partitions) for topic in topics}

    def largest_message(self, topics: Sequence[str]) -> int:
        """Return the bytes that a record may have in every one of these topics.

        A record that the broker refuses for its size would fail those sent with it: stages keep to this.
        """
        self.partitions(topics)
        asked = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in topics]
        try:
            found = self._admin.describe_configs(asked, request_timeout=ADMIN_S)
            answers = {resource.name: future.result() for resource, future in found.items()}
        except KafkaException as error:
            raise TransientError("the broker does not answer") from error
        limits = {topic: int(answer["max.message.bytes"].value) - BATCH_OVERHEAD for topic, answer in answers.items()}
        small = sorted(topic for topic, limit in limits.items() if limit < SMALLEST_LIMIT)
        if small:
            raise ConfigError(
                [f"topic {topic}: max.message.bytes is below {SMALLEST_LIMIT + BATCH_OVERHEAD}" for topic in small]
            )
        return min([LARGEST_MESSAGE, *limits.values()])
