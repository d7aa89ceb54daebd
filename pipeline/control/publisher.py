"""Records of a release -> the dataset's topic, in one Kafka transaction; and what stands there already.

A constant `transactional.id` a dataset makes Kafka end whatever an earlier releaser began, and refuse it from
then on (KIP-98). A new producer is opened for each release: releases are rare, an idle id expires.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Protocol

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from pipeline.errors import PipelineError, TransientError
from pipeline.observe.logs import KafkaLogs

WAIT_S = 30.0
PARTITION = 0
"""All of a dataset goes to one partition, so that a release's rows and its manifest stand together."""

FENCED = (
    KafkaError._FENCED,  # noqa: SLF001  # librdkafka's own code
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
)


class FencedError(PipelineError):
    """Another releaser of the dataset took over: end this process."""


class Publisher(Protocol):
    """Where releases go. `fence` comes before `read` and `send`, and holds for them.

    Each may raise `TransientError`; what was sent is then unknown until `fence` and `read` tell.
    """

    def end_offset(self, topic: str) -> int:
        """Return an offset that no record sent from now on is below."""

    def fence(self, dataset: str) -> None:
        """End what an earlier releaser of the dataset began, and refuse it from now on."""

    def read(self, topic: str, offset: int) -> Iterator[bytes]:
        """Yield the committed records from the offset to the end, or all if that offset is gone."""

    def send(self, topic: str, records: Sequence[bytes], timestamp_ms: int) -> None:
        """Publish all records, or none. `FencedError`: another releaser took over."""


class KafkaPublisher:
    """The publisher on a broker."""

    def __init__(self, servers: str) -> None:
        self._client = {"bootstrap.servers": servers, "reconnect.backoff.max.ms": 1000}
        self._producer: Producer | None = None

    def end_offset(self, topic: str) -> int:
        """Return the last stable offset."""
        with self._reading() as reader:
            return _watermarks(reader, topic)[1]

    def fence(self, dataset: str) -> None:
        """Open a producer under the dataset's id; Kafka first ends what its last owner left open."""
        settings = {
            **self._client,
            "transactional.id": f"release-{dataset}",
            "transaction.timeout.ms": 30_000,
            "compression.type": "lz4",
        }
        self._producer = Producer(settings, logger=KafkaLogs())
        with _translated():
            self._producer.init_transactions(WAIT_S)

    def read(self, topic: str, offset: int) -> Iterator[bytes]:
        """Read committed records until the broker says that there are no more, hidden ones included."""
        with self._reading("read_uncommitted") as reader:
            end = _watermarks(reader, topic)[1]
        with self._reading() as reader:
            low, high = _watermarks(reader, topic)
            if high < end:  # nobody but the releaser writes here, and its transactions are over: not ours
                raise TransientError("an open transaction hides the end of the topic")
            start = offset if low <= offset <= high else low  # the topic was made anew, or its records expired
            reader.assign([TopicPartition(topic, PARTITION, start)])
            while True:
                message: Message | None = reader.poll(WAIT_S)
                if message is None:
                    raise TransientError("the topic could not be read to its end")
                error = message.error()
                if error is None:
                    yield message.value() or b""
                elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  # librdkafka's own code
                    return
                else:
                    raise TransientError("the topic could not be read to its end")

    def send(self, topic: str, records: Sequence[bytes], timestamp_ms: int) -> None:
        """Produce all in one transaction."""
        producer = self._producer
        if producer is None:
            raise FencedError("fence first")
        with _translated():
            producer.begin_transaction()
            for record in records:
                self._produce(producer, topic, record, timestamp_ms)
            producer.commit_transaction(WAIT_S)

    def _produce(self, producer: Producer, topic: str, record: bytes, timestamp_ms: int) -> None:
        try:
            producer.produce(topic, value=record, partition=PARTITION, timestamp=timestamp_ms)
        except BufferError:  # the client's queue is full: wait until it is sent, within the transaction
            producer.flush(WAIT_S)
            producer.produce(topic, value=record, partition=PARTITION, timestamp=timestamp_ms)

    @contextmanager
    def _reading(self, isolation: str = "read_committed") -> Iterator[Consumer]:
        settings = {
            **self._client,
            "group.id": "release-reader",  # required by the client; nothing is ever committed under it
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "isolation.level": isolation,
            "auto.offset.reset": "error",
        }
        with closing(Consumer(settings, logger=KafkaLogs())) as reader, _translated():
            yield reader


def _watermarks(reader: Consumer, topic: str) -> tuple[int, int]:
    low, high = reader.get_watermark_offsets(TopicPartition(topic, PARTITION), WAIT_S)
    return low, high


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (KafkaException, BufferError) as error:
        code = error.args[0].code() if isinstance(error, KafkaException) else None
        if code in FENCED:
            raise FencedError("another releaser took over") from error
        raise TransientError("the broker did not take the release") from error
