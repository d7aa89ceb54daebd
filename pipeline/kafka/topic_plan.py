"""Topics and schemas as code: what differs between the definitions and the servers, and how it is made even.

`plan` only looks. `apply` creates, alters and registers, and refuses all when any difference may not be made
even. Nothing here deletes a topic.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.kafka.admin import ActualTopic, Admin
from pipeline.kafka.registry import COMPATIBILITY, Registry
from pipeline.kafka.schemas import SchemaFile, load_schemas
from pipeline.kafka.topics import Topic, load_topics
from pipeline.policy.model import Retention


class Kind(StrEnum):
    """What can differ."""

    TOPIC = "topic"  # is missing
    PARTITIONS = "partitions"
    REPLICATION = "replication"
    CONFIG = "config"
    SCHEMA = "schema"
    COMPATIBILITY = "compatibility"  # of a schema's next version with those before
    OFFSETS = "offsets"  # a group has none


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as defined; `refused` says why it cannot be made so."""

    kind: Kind
    name: str  # of the topic, schema or group
    detail: str = ""  # the setting, or the group's topic
    have: str | None
    want: str | None
    refused: str = ""

    def __str__(self) -> str:
        what = " ".join(filter(None, (self.kind, self.name, self.detail)))
        change = f"{what}: {self.have or 'none'} -> {self.want or 'default'}"
        return f"{change} REFUSED: {self.refused}" if self.refused else change


class Deployment(NamedTuple):
    """The servers, and what must be on them."""

    admin: Admin
    registry: Registry
    topics: Sequence[Topic]
    schemas: Mapping[str, SchemaFile]


def deployment(settings: Settings, retention: Sequence[Retention]) -> Deployment:
    """Read the definitions and reach for the servers; `ConfigError` names every fault."""
    if not settings.kafka_servers or not settings.registry_url:
        raise ConfigError(["no broker or registry is configured: run `pii-pipeline local up`"])
    schemas = load_schemas(settings.schemas_dir)
    topics = load_topics(settings.topics_file, retention, schemas)
    return Deployment(Admin(settings.kafka_servers), Registry(settings.registry_url), topics, schemas)


def plan(to: Deployment) -> tuple[Difference, ...]:
    """Return all differences. `TransientError`: a server is away."""
    actual = to.admin.topics([topic.name for topic in to.topics])
    found: list[Difference] = []
    for topic in to.topics:
        if topic.name in actual:
            found += _topic_differences(topic, actual[topic.name])
        else:
            want = _counted(topic.partitions)
            found.append(Difference(kind=Kind.TOPIC, name=topic.name, have=None, want=want))
        found += _offset_differences(to.admin, topic)
    for schema in to.schemas.values():
        found += _schema_differences(to.registry, schema)
    return tuple(found)


def apply(to: Deployment) -> tuple[Difference, ...]:
    """Make everything as defined and return what differed; `ConfigError`: refused, and nothing is changed.

    Nothing but the compatibility: a registry judges a schema under the rule that is set, and under no other.
    """
    differences = plan(to)
    _raise_refusals(to, differences)
    wanted = {topic.name: topic for topic in to.topics}

    def of(kind: Kind) -> Iterator[Difference]:
        return (difference for difference in differences if difference.kind == kind)

    otherwise_held = list(of(Kind.COMPATIBILITY))
    for difference in otherwise_held:
        to.registry.set_compatibility(to.schemas[difference.name])
    if otherwise_held:
        _raise_refusals(to, plan(to))
    for difference in of(Kind.SCHEMA):
        to.registry.register(to.schemas[difference.name])
    to.admin.create([wanted[difference.name] for difference in of(Kind.TOPIC)])
    for difference in of(Kind.PARTITIONS):
        to.admin.add_partitions(difference.name, wanted[difference.name].partitions)
    for difference in of(Kind.CONFIG):
        to.admin.configure(difference.name, {difference.detail: difference.want})
    for difference in of(Kind.OFFSETS):
        topic = wanted[difference.detail]
        without = to.admin.partitions_without_offset(difference.name, topic.name, topic.partitions)
        to.admin.begin(difference.name, topic.name, without)
    return differences


def _raise_refusals(to: Deployment, differences: Sequence[Difference]) -> None:
    """Raise `ConfigError` with every refusal, a schema's in the registry's words."""
    refused = [
        msgspec.structs.replace(found, refused=to.registry.refusal(to.schemas[found.name]))
        if found.kind == Kind.SCHEMA
        else found
        for found in differences
        if found.refused
    ]
    if refused:
        raise ConfigError([str(found) for found in refused])


def _topic_differences(topic: Topic, actual: ActualTopic) -> Iterator[Difference]:
    if topic.partitions != actual.partitions:
        reason = ""
        if topic.partitions < actual.partitions:
            reason = "Kafka cannot take partitions away"
        elif not topic.can_grow:
            reason = "keys would move to other partitions; only raw.* may grow"
        yield Difference(
            kind=Kind.PARTITIONS,
            name=topic.name,
            have=str(actual.partitions),
            want=str(topic.partitions),
            refused=reason,
        )
    if actual.replication != {topic.replication}:
        yield Difference(
            kind=Kind.REPLICATION,
            name=topic.name,
            have=", ".join(map(str, sorted(actual.replication))),
            want=str(topic.replication),
            refused="reassign its partitions (kafka-reassign-partitions): where replicas go is the operators' to say",
        )
    for setting in sorted({*topic.config, *actual.config}):
        have, want = actual.config.get(setting), topic.config.get(setting)
        if have != want:
            yield Difference(kind=Kind.CONFIG, name=topic.name, detail=setting, have=have, want=want)


def _offset_differences(admin: Admin, topic: Topic) -> Iterator[Difference]:
    """Workers stop at a partition without an offset: a group's start is set here, and only here."""
    for group in topic.groups:
        without = admin.partitions_without_offset(group, topic.name, topic.partitions)
        if not without:
            continue
        yield Difference(
            kind=Kind.OFFSETS,
            name=group,
            detail=topic.name,
            have=None,
            want=f"first record of {_counted(len(without))}",
            refused="the group has members: stop its workers first" if admin.has_members(group) else "",
        )


def _schema_differences(registry: Registry, schema: SchemaFile) -> Iterator[Difference]:
    held_to = registry.compatibility(schema)
    if held_to != COMPATIBILITY:
        yield Difference(kind=Kind.COMPATIBILITY, name=schema.name, have=held_to, want=COMPATIBILITY)
    if registry.registered_id(schema) is not None:
        return
    if registry.is_new(schema):
        yield Difference(kind=Kind.SCHEMA, name=schema.name, have=None, want="first version")
        return
    # Under another rule the registry's answer says nothing: `apply` asks again when the rule is set.
    reason = "" if held_to != COMPATIBILITY or registry.fits(schema) else "old records do not fit it: apply says why"
    yield Difference(kind=Kind.SCHEMA, name=schema.name, have="older version", want="new version", refused=reason)


def _counted(partitions: int) -> str:
    return f"{partitions} partition{'' if partitions == 1 else 's'}"
