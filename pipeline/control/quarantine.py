"""Records of `partials` that cannot be read -> quarantine.control, sealed to the privacy officer.

At least once: a record that is delivered again is sealed again, and says by its place that it is the same.
It is acknowledged by the broker before the next one is handled.
"""

from typing import Protocol

from confluent_kafka import KafkaError, KafkaException, Producer

from pipeline.control.intake import Received
from pipeline.control.release import Encoder
from pipeline.errors import TransientError
from pipeline.model import Rejected
from pipeline.observe.logs import KafkaLogs
from pipeline.protect.ports import Sealer

TOPIC = "quarantine.control"
WAIT_S = 30.0
KEPT_BYTES = 900_000
"""A partial is far smaller; what is larger is cut, so that it fits a record of Kafka's default size."""


class Quarantine(Protocol):
    """Where a record goes that cannot be read."""

    topic: str  # that it needs

    def __call__(self, record: Received, rejected: Rejected) -> None:
        """Set the record aside; returns when it is safe."""


class KafkaQuarantine:
    """Seals records into the topic."""

    def __init__(self, servers: str, *, sealer: Sealer, encoder: Encoder, policy: str, topic: str = TOPIC) -> None:
        """`policy` is the policy's stamp."""
        self.topic = topic
        settings = {
            "bootstrap.servers": servers,
            "enable.idempotence": True,
            "reconnect.backoff.max.ms": 1_000,
            "topic.metadata.propagation.max.ms": 1_000,  # a topic that is not there is told at once
        }
        self._producer = Producer(settings, logger=KafkaLogs())
        self._sealer = sealer
        self._encoder = encoder
        self._policy = policy

    def __call__(self, record: Received, rejected: Rejected) -> None:
        """Seal and send one record; `TransientError`: not acknowledged."""
        place = f"{rejected.reason}|{record.topic}|{record.partition}|{record.offset}"
        kept = record.value[:KEPT_BYTES]
        self._sealer.next_batch()
        sealed_key, ciphertext = self._sealer.seal(kept, place.encode())
        content = {
            "reason": rejected.reason,
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "time": record.time_ms,
            "size": len(record.value),
            "kept": len(kept),
            "sealed_key": sealed_key,
            "ciphertext": ciphertext,
            "policy": self._policy,
        }
        self._send(self._encoder.encode("quarantine", content))

    def _send(self, value: bytes) -> None:
        answers: list[KafkaError | None] = []
        try:
            self._producer.produce(self.topic, value, on_delivery=lambda error, _message: answers.append(error))
            self._producer.flush(WAIT_S)
        except (KafkaException, BufferError) as error:
            raise TransientError("quarantine was not acknowledged") from error
        # By identity: comparing a KafkaError with None leaves an exception behind (confluent-kafka 2.16).
        if not answers or answers[0] is not None:
            raise TransientError("quarantine was not acknowledged")
