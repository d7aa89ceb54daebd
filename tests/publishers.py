"""A topic and its transactional producers in memory: fencing and atomic sends as Kafka has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.control.publisher import FencedError


@dataclass
class FakeLog:
    """What a broker keeps: committed records by topic, the newest producer of each dataset."""

    records: dict[str, list[tuple[bytes, int]]] = field(default_factory=dict)
    newest: int = 0


class FakePublisher:
    """One process' publisher on a log that others may write, too."""

    def __init__(self, log: FakeLog) -> None:
        self._log = log
        self._epoch = -1

    def end_offset(self, topic: str) -> int:
        return len(self._log.records.get(topic, []))

    def fence(self, dataset: str) -> None:
        self._log.newest += 1
        self._epoch = self._log.newest

    def read(self, topic: str, offset: int) -> Iterator[bytes]:
        yield from [value for value, _ in self._log.records.get(topic, [])[offset:]]

    def send(self, topic: str, records: Sequence[bytes], timestamp_ms: int) -> None:
        if self._epoch != self._log.newest:
            raise FencedError("another releaser took over")
        self._log.records.setdefault(topic, []).extend((record, timestamp_ms) for record in records)
