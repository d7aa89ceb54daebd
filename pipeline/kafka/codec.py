"""Avro records as the registry's clients write them: byte 0, the schema's id (4 bytes), then the encoding.

The hot path takes `header` once and joins bytes; `encode` and `decode` are for topics of low volume.
"""

import io
import json
import struct
from collections.abc import Mapping
from typing import Any, NamedTuple

import fastavro

from pipeline.errors import ConfigError, ContractError
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import SchemaFile
from pipeline.model import Rejected

HEADER = struct.Struct(">bI")
MAGIC = 0

TRUNCATED = Rejected("truncated")
WRONG_MAGIC = Rejected("wrong-magic-byte")
UNKNOWN_SCHEMA = Rejected("unknown-schema-id")
FOREIGN_SCHEMA = Rejected("foreign-schema")
MALFORMED = Rejected("malformed-avro")
TRAILING = Rejected("trailing-bytes")


class Decoded(NamedTuple):
    """A decoded record and the name of its schema. `content` is left out of the repr: it may be personal."""

    schema: str
    content: dict[str, Any]

    def __repr__(self) -> str:
        return f"Decoded(schema={self.schema!r})"


class Codec:
    """Encodes and decodes the project's schemas.

    An id stands for one schema for ever, so each is asked for once. What is read with an older version comes
    out as the project's version of that record.
    """

    def __init__(self, registry: Registry, schemas: Mapping[str, SchemaFile]) -> None:
        self._registry = registry
        self._schemas = schemas
        self._by_record_name = {schema.record_name: schema for schema in schemas.values()}
        self._headers: dict[str, bytes] = {}
        self._writers: dict[int, tuple[SchemaFile, Any]] = {}  # id -> (our schema, the writer's parsed one)

    def header(self, name: str) -> bytes:
        """Return the 5 bytes before each record of this schema; `ConfigError`: it is not registered."""
        if name not in self._headers:
            schema = self._schemas[name]
            found = self._registry.registered_id(schema)
            if found is None:
                raise ConfigError([f"schema {name} is not registered: run `pii-pipeline topics apply`"])
            self._writers[found] = schema, schema.parsed
            self._headers[name] = HEADER.pack(MAGIC, found)
        return self._headers[name]

    def encode(self, name: str, content: Mapping[str, Any]) -> bytes:
        """Encode a record; `ContractError`: it does not fit its schema."""
        out = io.BytesIO()
        out.write(self.header(name))
        try:
            fastavro.schemaless_writer(out, self._schemas[name].parsed, dict(content), strict=True)
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError) as error:
            # fastavro's message holds the value
            raise ContractError(f"a record does not fit schema {name} ({type(error).__name__})") from None
        return out.getvalue()

    def decode(self, value: bytes | None) -> Decoded | Rejected:
        """Decode a record; `TransientError`: the registry is away and this id was never seen."""
        if value is None or len(value) < HEADER.size:
            return TRUNCATED
        magic, schema_id = HEADER.unpack_from(value)
        if magic != MAGIC:
            return WRONG_MAGIC
        found = self._writer(schema_id)
        if isinstance(found, Rejected):
            return found
        schema, writer = found
        body = io.BytesIO(value)
        body.seek(HEADER.size)
        try:
            content = fastavro.schemaless_reader(body, writer, schema.parsed)
        except EOFError:
            return TRUNCATED
        except Exception:  # noqa: BLE001  # fastavro names no error for malformed bytes: IndexError, ValueError…
            return MALFORMED
        assert isinstance(content, dict)  # the writer's schema is a record
        return Decoded(schema.name, content) if body.tell() == len(value) else TRAILING

    def _writer(self, schema_id: int) -> tuple[SchemaFile, Any] | Rejected:
        if schema_id in self._writers:
            return self._writers[schema_id]
        text = self._registry.schema_text(schema_id)
        if text is None:
            return UNKNOWN_SCHEMA
        try:
            writer = fastavro.parse_schema(json.loads(text))
        except (ValueError, fastavro.schema.SchemaParseException):
            return FOREIGN_SCHEMA
        if not isinstance(writer, dict) or writer["type"] != "record":
            return FOREIGN_SCHEMA
        ours = self._by_record_name.get(writer["name"])
        if ours is None:
            return FOREIGN_SCHEMA
        self._writers[schema_id] = ours, writer
        return ours, writer
