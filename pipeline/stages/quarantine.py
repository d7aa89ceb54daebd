"""What a stage could not read -> a record of quarantine.<stage>, sealed to the privacy officer.

Reason, place and size stand in clear, the content never (policy 12: technical safeguards).
"""

from collections.abc import Callable, Mapping

from pipeline.model import Emit, Record
from pipeline.protect.ports import Sealer

MAX_KEPT = 900_000
"""Bytes of the content that are sealed; the broker's limit for a record is 1 MB."""

Encode = Callable[[Mapping[str, object]], bytes]


class Quarantine:
    """Seals rejected records; one key a batch, so that a flood of bad lines stays cheap."""

    def __init__(self, sealer: Sealer, encode: Encode, policy: str, *, topic: str) -> None:
        self._topic = topic
        self._sealer = sealer
        self._encode = encode
        self._policy = policy
        self._fresh = False

    def next_batch(self) -> None:
        """Let the next record that is sealed, if there is one, begin with a fresh key."""
        self._fresh = False

    def seal(self, record: Record, reason: str) -> Emit:
        """Return the dead letter of a record."""
        if not self._fresh:
            self._sealer.next_batch()
            self._fresh = True
        content = record.value() or b""
        kept = content[:MAX_KEPT]
        topic, partition, offset = record.topic(), record.partition(), record.offset()
        sealed_key, ciphertext = self._sealer.seal(kept, f"{reason}|{topic}|{partition}|{offset}".encode())
        letter = {
            "reason": reason,
            "topic": topic,
            "partition": partition,
            "offset": offset,
            "time": record.timestamp()[1],
            "size": len(content),
            "kept": len(kept),
            "sealed_key": sealed_key,
            "ciphertext": ciphertext,
            "policy": self._policy,
        }
        return self._topic, self._encode(letter), None, -1
