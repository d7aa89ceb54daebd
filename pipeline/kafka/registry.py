"""The schema registry: a schema's id, an id's schema, and whether a new version may follow the last one.

Compatibility is BACKWARD: a reader with the new schema reads what was written with the old one.
"""

import weakref
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

import httpx2
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from pipeline.errors import ConfigError, ContractError, TransientError
from pipeline.kafka.schemas import SchemaFile

T = TypeVar("T")
TIMEOUT_S = 10
COMPATIBILITY = "BACKWARD"


class Registry:
    """A Confluent-compatible registry. Each call raises `TransientError` while the registry is away."""

    def __init__(self, url: str) -> None:
        # one try a call: whoever calls knows best how to wait (kafka/patience.py)
        self._client = SchemaRegistryClient({"url": url, "timeout": TIMEOUT_S, "max.retries": 0})
        weakref.finalize(self, self._client.close)  # it holds a connection, and lives as long as this

    def registered_id(self, schema: SchemaFile) -> int | None:
        """Return the id of this very schema under its subject; None where it is not registered."""
        found = _asked(lambda: self._client.lookup_schema(schema.subject, _avro(schema)))
        return None if found is None else found.schema_id

    def is_new(self, schema: SchemaFile) -> bool:
        """Whether the subject has no version yet."""
        return not _asked(lambda: self._client.get_versions(schema.subject))

    def refusal(self, schema: SchemaFile) -> str:
        """Return the registry's reason why the schema may not follow the subject's last version, or ''.

        The check itself gives no reason (Apicurio answers yes or no). The refusal of a registration does: so
        what has just been found incompatible, and only that, is offered to hear why.
        """
        if _asked(lambda: self._client.test_compatibility(schema.subject, _avro(schema))) is not False:
            return ""
        try:
            self.register(schema)
        except ConfigError as error:
            return error.problems[0].rpartition("RuleViolationException: ")[2]
        raise ContractError(f"the registry took schema {schema.name}, which it had found incompatible")

    def register(self, schema: SchemaFile) -> int:
        """Register a version and return its id; `ConfigError` gives the registry's reason against it."""
        try:
            self._client.set_compatibility(schema.subject, COMPATIBILITY)
            return int(self._client.register_schema(schema.subject, _avro(schema)))
        except httpx2.TransportError as error:
            raise TransientError("the registry does not answer") from error
        except SchemaRegistryError as error:
            if error.http_status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise TransientError("the registry does not answer") from error
            raise ConfigError([f"schema {schema.name}: {error.error_message}"]) from error

    def schema_text(self, schema_id: int) -> str | None:
        """Return the schema with this id; None where there is none."""
        found = _asked(lambda: self._client.get_schema(schema_id))
        return None if found is None else str(found.schema_str)


def _avro(schema: SchemaFile) -> Schema:
    return Schema(schema.text, "AVRO")


def _asked(call: Callable[[], T]) -> T | None:
    """Return the answer; None for "not found"."""
    try:
        return call()
    except httpx2.TransportError as error:
        raise TransientError("the registry does not answer") from error
    except SchemaRegistryError as error:
        if error.http_status_code == HTTPStatus.NOT_FOUND:
            return None
        raise TransientError(f"the registry answers with status {error.http_status_code}") from error
