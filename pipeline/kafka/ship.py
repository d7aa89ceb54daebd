"""Puts lines into a raw topic, as a log shipper would: for trials, demos and tests."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from confluent_kafka import KafkaError, KafkaException, Producer

from pipeline.config import Settings
from pipeline.errors import TransientError
from pipeline.kafka.clients import Cluster
from pipeline.observe.logs import KafkaLogs
from pipeline.sources.rebase import time_of

END_HEADER = "end-of-input"
FLUSH_S = 60
MAX_BYTES = 12_000_000
"""A longer record is not sent: raw topics take little more (`deploy/topics.yaml`)."""


class Shipper:
    """Sends lines round robin over the partitions, so that each stays as ordered in time as the file is."""

    def __init__(self, settings: Settings, topic: str, *, site: str = "", filebeat: bool = False) -> None:
        self._topic = topic
        self._partitions = Cluster(settings).partitions([topic])[topic]
        self._headers: Sequence[tuple[str, bytes]] = [("site", site.encode())] if site else []
        self._filebeat = filebeat
        self._failed = 0
        self._producer = Producer(
            {
                "bootstrap.servers": settings.kafka_servers,
                "enable.idempotence": True,
                "compression.type": "lz4",
                "linger.ms": 20,
                "message.max.bytes": MAX_BYTES,
                "allow.auto.create.topics": False,
            },
            logger=KafkaLogs(),
        )
        self.lines = 0
        self.too_long = 0
        self.latest_ms = 0

    def send(self, lines: Iterable[bytes], *, per_second: int = 0) -> Iterator[int]:
        """Send lines, without their line ends; yields the bytes of each. `per_second` 0: as fast as it goes."""
        begun = time.monotonic()
        for sent, line in enumerate(lines, 1):
            value = _filebeat(line) if self._filebeat else line
            if self._produce(value, self.lines % self._partitions, self._headers):
                self.lines += 1
                self.latest_ms = max(self.latest_ms, time_of(line) or 0)
            else:
                self.too_long += 1
            if per_second and (ahead := sent / per_second - (time.monotonic() - begun)) > 0:
                time.sleep(ahead)
            yield len(line)

    def finish(self, window_ms: int) -> None:
        """Say on every partition that nothing more comes before the end of the window that holds the latest line."""
        end = (min(self.latest_ms, time.time_ns() // 1_000_000) // window_ms + 1) * window_ms
        for partition in range(self._partitions):
            self._produce(b"", partition, [(END_HEADER, str(end).encode())])

    def close(self) -> None:
        """Wait until the broker has all; `TransientError` if it has not."""
        try:
            left = self._producer.flush(FLUSH_S)
        except KafkaException as error:
            raise TransientError("the broker does not answer") from error
        if left or self._failed:
            raise TransientError(f"{left + self._failed} records were not delivered")

    def _produce(self, value: bytes, partition: int, headers: Sequence[tuple[str, bytes]]) -> bool:
        """Hand a record to the client; False if it is longer than a record may be."""
        while True:
            try:
                self._producer.produce(
                    self._topic, value, partition=partition, headers=list(headers), on_delivery=self._delivered
                )
            except BufferError:
                self._producer.poll(0.1)
            except KafkaException as error:
                if error.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE:
                    return False
                raise TransientError("the client takes no records any more") from error
            else:
                self._producer.poll(0)
                return True

    def _delivered(self, error: object, _message: object) -> None:
        if error is not None:
            self._failed += 1


def _filebeat(line: bytes) -> bytes:
    """Wrap a line as Filebeat's Kafka output does (Elastic Common Schema)."""
    event: Mapping[str, object] = {
        "@timestamp": "1970-01-01T00:00:00.000Z",
        "message": line.decode("utf-8", "replace"),
        "log": {"file": {"path": "access.log"}, "offset": 0},
        "agent": {"type": "filebeat"},
        "ecs": {"version": "8.0.0"},
    }
    return msgspec.json.encode(event)
