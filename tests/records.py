"""Kafka records for tests that need no broker."""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.model import Record

APPEND_TIME = 2  # confluent_kafka.TIMESTAMP_LOG_APPEND_TIME


class _Content(NamedTuple):
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    timestamp: tuple[int, int]


class FakeRecord:
    """A `pipeline.model.Record`: say what the test is about, the rest is plausible. Times in ms."""

    def __init__(
        self,
        value: bytes | None = b"",
        *,
        topic: str = "raw.weblog",
        partition: int = 0,
        offset: int = 0,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
        time_ms: int = 1_467_331_200_000,  # 2016-07-01T00:00:00Z
    ) -> None:
        timestamp = (APPEND_TIME, time_ms)
        self._content = _Content(topic, partition, offset, key, value, tuple(headers), timestamp)

    def topic(self) -> str:
        return self._content.topic

    def partition(self) -> int:
        return self._content.partition

    def offset(self) -> int:
        return self._content.offset

    def key(self) -> bytes | None:
        return self._content.key

    def value(self) -> bytes | None:
        return self._content.value

    def headers(self) -> list[tuple[str, bytes]] | None:
        return list(self._content.headers) or None  # as the client does: None where there are none

    def timestamp(self) -> tuple[int, int]:
        return self._content.timestamp


_CHECKED_BY_MYPY: Record = FakeRecord()
