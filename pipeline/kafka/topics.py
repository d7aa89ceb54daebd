"""Topic definitions: `deploy/topics.yaml` + the policy's retention -> what the broker must have.

Retention is never said twice: it is the policy's (policy 12), and a topic without it is refused, as is any
setting that would keep records beyond it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from pipeline.errors import ConfigError
from pipeline.kafka.schemas import SchemaFile
from pipeline.policy.model import Retention

HOUR_MS = 3_600_000
WEEK_MS = 7 * 24 * HOUR_MS  # Kafka's own default of segment.ms


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """One topic as it must be on the broker. `config` is in Kafka's names."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]
    schemas: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def can_grow(self) -> bool:
        """Whether partitions may be added: not where a key must stay in its partition."""
        return self.name.startswith("raw.")


def load_topics(file: Path, retention: Sequence[Retention], schemas: Mapping[str, SchemaFile]) -> tuple[Topic, ...]:
    """Read the topics; `ConfigError` names every fault at once."""
    try:
        raw = yaml.load(file.read_text(), _StrictLoader)  # noqa: S506  # a SafeLoader that refuses more
    except yaml.YAMLError as error:
        raise ConfigError([f"{file}: {error}"]) from error
    seconds = {rule.topic: rule.seconds for rule in retention}
    problems = [f"{file}: {problem}" for problem in _faults(raw, seconds, schemas)]
    if problems:
        raise ConfigError(problems)
    replication = raw["defaults"]["replication"]
    return tuple(
        Topic(
            name=name,
            partitions=given["partitions"],
            replication=replication,
            config=_config(given.get("config", {}), seconds[name] * 1000),
            schemas=tuple(given.get("schema", ())),
            groups=tuple(given.get("groups", ())),
        )
        for name, given in raw["topics"].items()
    )


def _config(given: Mapping[str, Any], retention_ms: int) -> Mapping[str, str]:
    """Complete a topic's settings.

    Kafka deletes whole segments: a record outlives its retention by as much as its segment was open for. So
    one is open for a 24th of the retention, an hour at least.
    """
    segment_ms = min(WEEK_MS, max(HOUR_MS, retention_ms // 24))
    config = {"cleanup.policy": "delete", "segment.ms": segment_ms, **given, "retention.ms": retention_ms}
    return {
        name: str(value).lower() if value is True or value is False else str(value)
        for name, value in sorted(config.items())
    }


def _faults(raw: Any, seconds: Mapping[str, int], schemas: Mapping[str, SchemaFile]) -> Iterator[str]:
    shape = {"defaults": _is_mapping, "topics": _is_mapping}
    yield from _misshapen(raw, shape, required=("defaults", "topics"))
    if not _is_mapping(raw):
        return
    if _is_mapping(raw.get("defaults")):
        yield from _misshapen(raw["defaults"], {"replication": _is_count}, ("replication",), "defaults.")
    topics = raw["topics"] if _is_mapping(raw.get("topics")) else {}
    for name, given in topics.items():
        yield from _misshapen(given, _TOPIC_SHAPE, ("partitions",), f"{name}.")
        if name not in seconds:
            yield f"{name}: the policy has no retention for it"
        if _is_mapping(given):
            yield from _references(name, given, schemas)
    yield from (f"{name}: the policy has a retention for it, but it is no topic" for name in seconds.keys() - topics)


def _references(name: str, given: Mapping[str, Any], schemas: Mapping[str, SchemaFile]) -> Iterator[str]:
    if _are_words(given.get("schema", [])):
        yield from (f"{name}.schema: no file {word}.avsc" for word in given.get("schema", []) if word not in schemas)
    config = given.get("config", {})
    if _is_mapping(config):
        if "retention.ms" in config:
            yield f"{name}.config: retention.ms is the policy's to say"
        if "delete" not in str(config.get("cleanup.policy", "delete")).split(","):
            yield f"{name}.config: cleanup.policy must hold delete, or records outlive their retention"


def _misshapen(
    raw: Any, shape: Mapping[str, Callable[[Any], bool]], required: Sequence[str], place: str = ""
) -> Iterator[str]:
    if not _is_mapping(raw):
        yield f"{place or 'file'}: not a mapping"
        return
    yield from (f"{place}{key}: no such key" for key in raw if key not in shape)
    yield from (f"{place}{key}: missing" for key in required if key not in raw)
    yield from (f"{place}{key}: malformed" for key in raw if key in shape and not shape[key](raw[key]))


def _is_mapping(raw: Any) -> bool:
    return isinstance(raw, dict)


def _is_count(raw: Any) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw > 0


def _are_words(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(word, str) for word in raw)


def _are_settings(raw: Any) -> bool:
    return isinstance(raw, dict) and all(isinstance(value, str | int | float) for value in raw.values())


_TOPIC_SHAPE = {"partitions": _is_count, "config": _are_settings, "schema": _are_words, "groups": _are_words}


class _StrictLoader(yaml.SafeLoader):
    """YAML's plain types only, and no key twice (PyYAML keeps the last in silence)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping; `YAMLError` when a key stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                raise yaml.constructor.ConstructorError(None, None, f"{key} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)
