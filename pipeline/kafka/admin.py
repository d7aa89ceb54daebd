"""What the broker has: topics, their settings, groups' offsets; and the few changes that are made to it."""

import contextlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, TypeVar

import msgspec
from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # they are public
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ConfigSource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)

from pipeline.errors import ConfigError, TransientError
from pipeline.kafka.patience import AWAY
from pipeline.kafka.topics import Topic
from pipeline.observe.logs import KafkaLogs

T = TypeVar("T")
TIMEOUT_S = 15
EARLIEST = OffsetSpec.earliest()  # type: ignore[no-untyped-call]
LATEST = OffsetSpec.latest()  # type: ignore[no-untyped-call]
ACCEPTED = "loss accepted"
"""Metadata of an offset that a person set: the stage knows by it that input is missing."""
NOT_YET = AWAY | {
    KafkaError._NOENT,  # noqa: SLF001  # a public code: a partition that was just made has no leader yet
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.NOT_COORDINATOR,
    KafkaError.REQUEST_TIMED_OUT,
    KafkaError.UNKNOWN_LEADER_EPOCH,  # a topic that was made anew under its old name
}


class ActualTopic(msgspec.Struct, frozen=True):
    """A topic on the broker; `config` holds what was set for it, not the broker's defaults."""

    partitions: int
    replication: frozenset[int]  # more than one number: its partitions differ, as in a reassignment
    config: Mapping[str, str]


class _NoGroupError(Exception):
    """The broker does not know the group."""


class Admin:
    """The broker's administration.

    Each call raises `TransientError` while the broker is away, `ConfigError` with its reason when it refuses.
    """

    def __init__(self, servers: str) -> None:
        self._config: dict[str, str | int | float | bool] = {
            "bootstrap.servers": servers,
            "reconnect.backoff.max.ms": 1_000,
        }
        self._client = AdminClient(self._config, logger=KafkaLogs())

    def topics(self, names: Sequence[str]) -> Mapping[str, ActualTopic]:
        """Return those of the topics that exist."""
        try:
            known = self._client.list_topics(timeout=TIMEOUT_S).topics
        except KafkaException as error:
            raise TransientError("the broker does not answer") from error
        there = [name for name in names if name in known]
        if not there:
            return {}
        asked = [ConfigResource(ConfigResource.Type.TOPIC, name) for name in there]
        answers = self._client.describe_configs(asked, request_timeout=TIMEOUT_S)
        configs = {resource.name: _result(future) for resource, future in answers.items()}
        own = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
        return {
            name: ActualTopic(
                len(known[name].partitions),
                frozenset(len(partition.replicas) for partition in known[name].partitions.values()),
                {entry.name: entry.value for entry in configs[name].values() if entry.source == own},
            )
            for name in there
        }

    def create(self, topics: Sequence[Topic]) -> None:
        """Make topics."""
        wanted = [NewTopic(t.name, t.partitions, t.replication, config=dict(t.config)) for t in topics]
        if wanted:
            _all(self._client.create_topics(wanted, request_timeout=TIMEOUT_S))

    def delete(self, names: Sequence[str], groups: Sequence[str]) -> None:
        """Delete topics and groups that nobody is in. For tests and demos: `topics apply` never does."""
        there = [name for name in names if name in self.topics(names)]
        if there:
            _all(self._client.delete_topics(there, request_timeout=TIMEOUT_S))
        for group in groups:
            with contextlib.suppress(_NoGroupError):
                self._patiently(partial(self._delete_group, group))

    def add_partitions(self, topic: str, total: int) -> None:
        """Raise the number of partitions."""
        _all(self._client.create_partitions([NewPartitions(topic, total)], request_timeout=TIMEOUT_S))

    def configure(self, topic: str, changes: Mapping[str, str | None]) -> None:
        """Set these settings of a topic; None takes a setting back to the broker's default."""
        entries = [
            ConfigEntry(
                name,
                value,
                incremental_operation=AlterConfigOpType.DELETE if value is None else AlterConfigOpType.SET,
            )
            for name, value in changes.items()
        ]
        resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries)
        _all(self._client.incremental_alter_configs([resource], request_timeout=TIMEOUT_S))

    def partitions_without_offset(self, group: str, topic: str, partitions: int) -> list[int]:
        """Return the partitions where the group has committed nothing."""
        return [place.partition for place in self._committed(group, topic, range(partitions)) if place.offset < 0]

    def _committed(self, group: str, topic: str, partitions: Iterable[int]) -> list[TopicPartition]:
        wanted = [TopicPartition(topic, number) for number in partitions]
        # A consumer that joins nothing. The administration's own call (list_consumer_group_offsets) kills the
        # process where the group's coordinator is not up yet: librdkafka 2.16 crashes on that answer.
        asker = Consumer({**self._config, "group.id": group}, logger=KafkaLogs())

        def ask() -> list[TopicPartition]:
            try:
                return asker.committed(wanted, timeout=TIMEOUT_S)
            except KafkaException as error:
                raise TransientError("the broker does not answer") from error

        try:
            return self._patiently(ask)
        finally:
            asker.close()

    def has_members(self, group: str) -> bool:
        """Whether anybody is in the group now."""

        def ask() -> bool:
            answer = self._client.describe_consumer_groups([group], request_timeout=TIMEOUT_S)[group]
            try:
                return bool(_result(answer).members)
            except _NoGroupError:
                return False

        return self._patiently(ask)

    def begin(self, group: str, topic: str, partitions: Sequence[int], metadata: str = "") -> None:
        """Commit the first offset that each partition still has, for a group that nobody is in."""
        places = {TopicPartition(topic, number): EARLIEST for number in partitions}
        first = self._patiently(lambda: self._offsets(topic, places))
        offsets = [TopicPartition(topic, number, first[number], metadata) for number in partitions]
        asked = [ConsumerGroupTopicPartitions(group, offsets)]

        def commit() -> None:
            answer = self._client.alter_consumer_group_offsets(asked, request_timeout=TIMEOUT_S)[group]
            for place in _result(answer).topic_partitions:  # the call succeeds, whatever became of them
                if place.error is not None:
                    raise _meaning(place.error)

        self._patiently(commit)

    def accept_loss(self, group: str, topic: str, partition: int) -> str:
        """Let a group go on at the first record that is left; return what it gives up, in words.

        `ConfigError` where it would lose nothing: then the records that are skipped are there to be read.
        """
        low, high = (
            self._patiently(partial(self._offsets, topic, {TopicPartition(topic, partition): place}))[partition]
            for place in (EARLIEST, LATEST)
        )
        (at,) = self._committed(group, topic, [partition])
        if low <= at.offset <= high:
            raise ConfigError([f"{topic}/{partition}: nothing is lost: {group} goes on at {at.offset}"])
        self.begin(group, topic, [partition], ACCEPTED)
        return f"{topic}/{partition}: {group} was to go on at {at.offset}, and goes on at {low}"

    def _delete_group(self, group: str) -> None:
        _all(self._client.delete_consumer_groups([group], request_timeout=TIMEOUT_S))

    def _offsets(self, topic: str, places: Mapping[TopicPartition, OffsetSpec]) -> Mapping[int, int]:
        self._client.list_topics(topic, timeout=TIMEOUT_S)  # the client would not look for new partitions
        answers = self._client.list_offsets(dict(places), request_timeout=TIMEOUT_S)
        wait(answers.values())  # all of them, so that none is under way when one of them fails
        return {place.partition: _result(future).offset for place, future in answers.items()}

    def _patiently(self, call: Callable[[], T]) -> T:
        """Call again while what was just made has no leader or no coordinator yet."""
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            try:
                return call()
            except TransientError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _all(futures: Mapping[Any, Future[Any]]) -> None:
    for future in futures.values():
        _result(future)


def _result(future: Future[T]) -> T:
    try:
        return future.result()
    except KafkaException as raised:
        raise _meaning(raised.args[0]) from raised


def _meaning(error: KafkaError) -> Exception:
    """Return what to raise for an error that the broker answered."""
    if error.code() in NOT_YET or error.retriable():
        return TransientError("the broker does not answer")
    if error.code() == KafkaError.GROUP_ID_NOT_FOUND:
        return _NoGroupError()
    return ConfigError([f"the broker refuses: {error.str()}"])
