"""Topics and schemas as code, on real servers: the plan tells, `apply` makes it so, or refuses."""

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Never

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.schema_registry import SchemaRegistryClient

from pipeline.config import Settings
from pipeline.errors import ConfigError, TransientError
from pipeline.kafka import topic_plan
from pipeline.kafka.local import Stack
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import SchemaFile
from pipeline.kafka.topic_plan import Kind, apply, plan
from pipeline.policy.model import Retention
from tests.broker import Broker

DAY_S = 86_400


class Site:
    """A folder of definitions with names of its own, which a test changes."""

    def __init__(self, folder: Path, stack: Stack) -> None:
        self.folder = folder
        self.broker = Broker(stack.kafka_servers)
        self.id = uuid.uuid4().hex[:8]
        self.raw, self.keyed, self.group = f"raw.{self.id}", f"keyed.{self.id}", f"group.{self.id}"
        self.schema_name = f"schema.{self.id}"
        self.settings = Settings(
            kafka_servers=stack.kafka_servers,
            registry_url=stack.registry_url,
            topics_file=folder / "topics.yaml",
            schemas_dir=folder,
        )
        self.schema("int")
        self.days = 1
        self.topics(raw=2, keyed=2)

    def topics(self, *, raw: int, keyed: int, replication: int = 1, **config: object) -> None:
        topics = {
            self.raw: {"partitions": raw, "groups": [self.group], "config": config},
            self.keyed: {"partitions": keyed, "schema": [self.schema_name]},
        }
        content = {"defaults": {"replication": replication}, "topics": topics}
        self.settings.topics_file.write_text(json.dumps(content))

    def schema(self, kind: str, *, without: str = "", **more: object) -> None:
        tags = {"doc": "It.", "data_category": "system.operations"}
        fields = [{"name": name, "type": kind, **tags} for name in ("w", "x") if name != without]
        fields += [{"name": name, "type": "int", "default": default, **tags} for name, default in more.items()]
        record = {"type": "record", "name": f"R{self.id}", "fields": fields}
        (self.folder / f"{self.schema_name}.avsc").write_text(json.dumps(record))

    @property
    def subject(self) -> str:
        return f"{self.schema_name}-value"

    @property
    def wanted(self) -> topic_plan.Deployment:
        rules = [Retention(topic=t, seconds=self.days * DAY_S, section="12") for t in (self.raw, self.keyed)]
        return topic_plan.deployment(self.settings, rules)

    def refusals(self) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            apply(self.wanted)
        return list(caught.value.problems)


@pytest.fixture
def site(stack: Stack, tmp_path: Path) -> Site:
    return Site(tmp_path, stack)


@pytest.fixture
def foreign(stack: Stack) -> Iterator[SchemaRegistryClient]:
    """Give somebody else's client of the registry."""
    with SchemaRegistryClient({"url": stack.registry_url}) as client:
        yield client


@pytest.fixture
def applied(site: Site) -> Site:
    apply(site.wanted)
    return site


class LookingOnly(Registry):
    """A registry that is not ours to change."""

    def register(self, schema: SchemaFile) -> Never:
        raise AssertionError(schema.name)

    def set_compatibility(self, schema: SchemaFile) -> Never:
        raise AssertionError(schema.name)


def kinds(differences: tuple[topic_plan.Difference, ...]) -> set[tuple[Kind, str, str]]:
    return {(found.kind, found.name, found.detail) for found in differences}


def test_an_empty_broker_lacks_everything_and_after_apply_nothing(site):
    everything = {
        (Kind.TOPIC, site.raw, ""),
        (Kind.TOPIC, site.keyed, ""),
        (Kind.COMPATIBILITY, site.schema_name, ""),
        (Kind.SCHEMA, site.schema_name, ""),
        (Kind.OFFSETS, site.group, site.raw),
    }
    assert kinds(plan(site.wanted)) == everything
    assert kinds(plan(site.wanted)) == everything, "a plan changes nothing"
    assert kinds(apply(site.wanted)) == everything
    assert plan(site.wanted) == ()
    assert apply(site.wanted) == ()


def test_a_changed_retention_reaches_the_broker(applied):
    applied.days = 2
    assert kinds(apply(applied.wanted)) == {
        (Kind.CONFIG, applied.raw, "retention.ms"),
        (Kind.CONFIG, applied.raw, "segment.ms"),
        (Kind.CONFIG, applied.keyed, "retention.ms"),
        (Kind.CONFIG, applied.keyed, "segment.ms"),
    }
    actual = applied.wanted.admin.topics([applied.raw])[applied.raw]
    assert actual.config["retention.ms"] == str(2 * DAY_S * 1000)


def test_what_somebody_set_by_hand_is_seen_and_taken_back(applied):
    admin = applied.wanted.admin
    admin.configure(applied.raw, {"retention.ms": "-1", "retention.bytes": "1000"})
    found = {(d.detail, d.have, d.want) for d in plan(applied.wanted)}
    assert found == {("retention.ms", "-1", str(DAY_S * 1000)), ("retention.bytes", "1000", None)}
    apply(applied.wanted)
    assert plan(applied.wanted) == ()


def test_a_raw_topic_grows_and_its_group_begins_at_the_new_partitions_first_record(applied):
    applied.broker.begin(applied.group, {(applied.raw, 0): 5, (applied.raw, 1): 6})
    applied.topics(raw=3, keyed=2)
    assert kinds(apply(applied.wanted)) == {
        (Kind.PARTITIONS, applied.raw, ""),
        (Kind.OFFSETS, applied.group, applied.raw),
    }
    assert plan(applied.wanted) == ()
    assert offsets(applied, partitions=3) == [5, 6, 0]


def test_all_refusals_come_at_once_and_nothing_is_changed(applied):
    """Neither fewer partitions, nor more where keys would move, nor a schema that old records do not fit."""
    applied.topics(raw=1, keyed=3, **{"max.message.bytes": 2_000_000})
    applied.schema("string")
    refusals = applied.refusals()
    assert len(refusals) == 3
    assert sorted(refusal.split(":")[0] for refusal in refusals) == sorted(
        [f"partitions {applied.raw}", f"partitions {applied.keyed}", f"schema {applied.schema_name}"]
    )
    assert any("STRING" in refusal and "INT" in refusal for refusal in refusals), "the registry's own reason"
    assert "max.message.bytes" not in applied.wanted.admin.topics([applied.raw])[applied.raw].config


def test_another_replication_is_seen_and_refused_with_the_way_to_change_it(applied):
    """A definition that asks for three replicas must not look fulfilled by one."""
    applied.topics(raw=2, keyed=2, replication=3)
    found = {(d.kind, d.name, d.have, d.want) for d in plan(applied.wanted)}
    assert found == {(Kind.REPLICATION, topic, "1", "3") for topic in (applied.raw, applied.keyed)}
    assert ["reassign" in refusal for refusal in applied.refusals()] == [True, True]


def test_a_subject_that_takes_any_schema_is_seen_and_held_to_backward_again(applied, foreign):
    """Somebody who loosened it by hand could break every reader; a plan changes nothing of it."""
    foreign.set_compatibility(applied.subject, "NONE")
    found = {(d.kind, d.name, d.have, d.want) for d in plan(applied.wanted)}
    assert found == {(Kind.COMPATIBILITY, applied.schema_name, "NONE", "BACKWARD")}
    assert foreign.get_compatibility(applied.subject) == "NONE"
    apply(applied.wanted)
    assert foreign.get_compatibility(applied.subject) == "BACKWARD"
    assert plan(applied.wanted) == ()


@pytest.mark.parametrize("level", ["BACKWARD", "NONE"])
def test_a_schema_that_does_not_fit_is_not_offered_by_a_plan_and_not_taken_by_apply(applied, foreign, level):
    """Nor where the registry would take it: it is judged under BACKWARD, whatever was set by hand."""
    foreign.set_compatibility(applied.subject, level)
    applied.schema("string")
    applied.topics(raw=3, keyed=2)
    looking = LookingOnly(applied.settings.registry_url)
    assert (Kind.SCHEMA, applied.schema_name, "") in kinds(plan(applied.wanted._replace(registry=looking)))
    assert ["STRING" in refusal for refusal in applied.refusals()] == [True]
    assert foreign.get_versions(applied.subject) == [1]
    assert applied.wanted.admin.topics([applied.raw])[applied.raw].partitions == 2


def test_a_schema_that_fits_is_taken_also_where_a_stricter_rule_was_set_by_hand(applied, foreign):
    """What holds is what is defined: a field without default may go away under BACKWARD, not under FULL."""
    foreign.set_compatibility(applied.subject, "FULL")
    applied.schema("int", without="x")
    apply(applied.wanted)
    assert foreign.get_versions(applied.subject) == [1, 2]
    assert plan(applied.wanted) == ()


def test_a_compatible_schema_becomes_the_next_version(applied):
    before = applied.wanted.registry.registered_id(next(iter(applied.wanted.schemas.values())))
    applied.schema("int", y=0)
    assert kinds(apply(applied.wanted)) == {(Kind.SCHEMA, applied.schema_name, "")}
    assert plan(applied.wanted) == ()
    assert applied.wanted.registry.registered_id(next(iter(applied.wanted.schemas.values()))) != before


def test_a_group_begins_at_the_first_record_that_is_still_there(site):
    wanted = site.wanted
    wanted.admin.create(wanted.topics)
    site.broker.fill(site.raw, [b"expired", b"kept"], partitions=1)
    removed = TopicPartition(site.raw, 0, 1)
    site.broker.admin.delete_records([removed])[removed].result(30)
    apply(wanted)
    assert offsets(site, partitions=2) == [1, 0]


def test_offsets_that_a_group_has_are_left_alone(applied):
    applied.broker.begin(applied.group, {(applied.raw, 0): 5, (applied.raw, 1): 6})
    assert apply(applied.wanted) == ()
    assert offsets(applied, partitions=2) == [5, 6]


def test_a_group_with_members_is_not_touched(applied):
    """Its workers would not learn of it: they are to be stopped first."""
    reader = Consumer({"bootstrap.servers": applied.settings.kafka_servers, "group.id": applied.group})
    reader.subscribe([applied.raw])
    while not reader.assignment():
        reader.poll(0.1)
    applied.topics(raw=3, keyed=2)
    assert ["members" in refusal for refusal in applied.refusals()] == [True]
    reader.close()


def test_an_offset_that_the_broker_refuses_is_not_taken_for_set(applied):
    """It refuses partition by partition: of a group that somebody joined meanwhile, for one."""
    admin = applied.wanted.admin
    with pytest.raises(ConfigError, match="metadata"):
        admin.begin(applied.group, applied.raw, [0, 1], "x" * 5_000)
    reader = Consumer({"bootstrap.servers": applied.settings.kafka_servers, "group.id": applied.group})
    reader.subscribe([applied.raw])
    while not reader.assignment():
        reader.poll(0.1)
    with pytest.raises(ConfigError, match="member"):
        admin.begin(applied.group, applied.raw, [0])
    reader.close()


def test_a_setting_that_the_broker_does_not_know_is_refused_with_its_reason(applied):
    applied.topics(raw=2, keyed=2, **{"no.such.setting": 1})
    assert any("no.such.setting" in refusal for refusal in applied.refusals())


def test_servers_that_are_away_are_waited_for_by_whoever_calls(applied):
    away = applied.wanted._replace(registry=Registry("http://127.0.0.1:1"))
    with pytest.raises(TransientError):
        plan(away)


def offsets(site: Site, *, partitions: int) -> list[int]:
    places = [TopicPartition(site.raw, number) for number in range(partitions)]
    reader = Consumer({"bootstrap.servers": site.settings.kafka_servers, "group.id": site.group})
    found = [place.offset for place in reader.committed(places, timeout=30)]
    reader.close()
    return found
