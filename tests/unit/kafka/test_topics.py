"""Topic definitions: strict, and never beyond the policy's retention."""

from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.kafka.schemas import load_schemas
from pipeline.kafka.topics import HOUR_MS, Topic, load_topics
from pipeline.policy.model import Retention

DAY_S = 86_400
DEFAULTS = "defaults: {replication: 1}\n"


def load(folder: Path, text: str, **days: int) -> tuple[Topic, ...]:
    (folder / "topics.yaml").write_text(text)
    rules = [Retention(topic=t.replace("_", "."), seconds=n * DAY_S, section="12") for t, n in days.items()]
    return load_topics(folder / "topics.yaml", rules, {})


def problems(folder: Path, text: str, **days: int) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, **days)
    return sorted(problem.removeprefix(f"{folder}/topics.yaml: ") for problem in caught.value.problems)


def test_retention_is_the_policys(tmp_path):
    (topic,) = load(tmp_path, DEFAULTS + "topics: {raw.log: {partitions: 3}}", raw_log=1)
    assert topic.partitions == 3
    assert topic.config == {
        "cleanup.policy": "delete",
        "retention.ms": str(24 * HOUR_MS),
        "segment.ms": str(HOUR_MS),
    }


@pytest.mark.parametrize(
    ("days", "hours"), [(1, 1), (4, 4), (30, 30), (730, 7 * 24)], ids=["day", "four", "month", "two years"]
)
def test_a_segment_is_open_for_a_24th_of_the_retention_but_a_week_at_most(tmp_path, days, hours):
    """Kafka deletes whole segments: what is open longer is kept longer."""
    (topic,) = load(tmp_path, DEFAULTS + "topics: {t: {partitions: 1}}", t=days)
    assert topic.config["segment.ms"] == str(hours * HOUR_MS)


def test_all_faults_are_named_at_once(tmp_path):
    text = """
        defaults: {replication: 0, color: red}
        extra: 1
        topics:
          a: {partitions: 0, colour: red}
          b: {schema: [nowhere]}
          c: {partitions: 1, config: {retention.ms: 5, cleanup.policy: compact}}
          d: 7
    """
    assert problems(tmp_path, text, a=1, c=1, d=1, gone=1) == [
        "a.colour: no such key",
        "a.partitions: malformed",
        "b.partitions: missing",
        "b.schema: no file nowhere.avsc",
        "b: the policy has no retention for it",
        "c.config: cleanup.policy must hold delete, or records outlive their retention",
        "c.config: retention.ms is the policy's to say",
        "d.: not a mapping",
        "defaults.color: no such key",
        "defaults.replication: malformed",
        "extra: no such key",
        "gone: the policy has a retention for it, but it is no topic",
    ]


@pytest.mark.parametrize("text", ["", "[]", "topics: []", "defaults: 3", "{", "a: 1\na: 2"])
def test_no_file_whatever_its_shape_is_taken_or_ends_in_another_error(tmp_path, text):
    assert problems(tmp_path, text)


def test_only_raw_topics_may_grow(tmp_path):
    """Elsewhere a key would move to another partition, and a visitor be counted twice."""
    text = DEFAULTS + "topics: {raw.log: {partitions: 1}, visits: {partitions: 1}}"
    assert [topic.can_grow for topic in load(tmp_path, text, raw_log=1, visits=1)] == [True, False]


def test_every_topic_of_the_project_names_schemas_that_exist():
    settings = Settings()
    with pytest.raises(ConfigError) as caught:
        load_topics(settings.topics_file, [], load_schemas(settings.schemas_dir))
    assert {problem.rpartition(": ")[2] for problem in caught.value.problems} == {
        "the policy has no retention for it"
    }
