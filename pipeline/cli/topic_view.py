"""Records of a topic as people can read them: Avro, the containers of visits, letters of the quarantine.

What stands in clear in `raw.*` is never shown: personal data that nothing was done to yet.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import fastavro
import msgspec

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.kafka.codec import Codec, Decoded
from pipeline.kafka.reading import read_newest
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.model.visit import CONTAINER_HEADER_KEY, VISITS
from pipeline.policy.load import load_policy

SEALED = ("sealed_key", "ciphertext")


def open_codec(settings: Settings) -> Codec:
    """Return what decodes records; `ConfigError` if no servers are known."""
    if not (settings.kafka_servers and settings.registry_url):
        raise ConfigError(["no broker and registry are set, and no local stack is up (`pii-pipeline local up`)"])
    return Codec(Registry(settings.registry_url), load_schemas(settings.schemas_dir))


def newest(settings: Settings, topic: str, limit: int) -> Iterator[Mapping[str, Any]]:
    """Yield the newest committed records of a topic, oldest first: place, schema, content."""
    codec = open_codec(settings)
    raw = {source.topic for source in load_policy(settings.policy_dir).sources}
    _refuse_raw(topic, raw)
    for message in read_newest(settings, topic, limit):
        value = message.value()
        shown = _container(value) if topic == VISITS else _decoded(codec, value)
        yield {"partition": message.partition(), "offset": message.offset(), **shown}


def plain(value: object) -> str:
    """Write what JSON has no word for; `default` of `json.dumps`."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _refuse_raw(topic: str, raw: Collection[str]) -> None:
    if topic in raw or topic.startswith("raw."):
        raise ConfigError([f"{topic} holds personal data in clear: it is not shown"])


def _decoded(codec: Codec, value: bytes | None) -> dict[str, Any]:
    decoded = codec.decode(value)
    if not isinstance(decoded, Decoded):
        return {"unreadable": decoded.reason, "bytes": len(value or b"")}
    content = dict(decoded.content)
    if decoded.schema == "quarantine":
        content |= {name: f"{len(content[name])} bytes" for name in SEALED}
    return {"schema": decoded.schema, "content": content}


def _container(value: bytes | None) -> dict[str, Any]:
    """Tell the header of a container, how many visits are in it, and the first one."""
    try:
        file = fastavro.reader(io.BytesIO(value or b""))
        visits = list(file)
        header = msgspec.json.decode(file.metadata[CONTAINER_HEADER_KEY])
    except Exception:  # noqa: BLE001  # fastavro names no error for malformed bytes
        return {"unreadable": "not-a-container", "bytes": len(value or b"")}
    return {"schema": VISITS, "content": {"header": header, "visits": len(visits), "first": next(iter(visits), None)}}
