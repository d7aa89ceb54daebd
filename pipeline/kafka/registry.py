"""The schema registry: a schema's id, an id's schema, and whether a new version may follow the last one."""

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
"""A reader with the new schema reads what was written with the old one."""


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

    def compatibility(self, schema: SchemaFile) -> str | None:
        """Return the rule that the subject's next version is held to; None where none is set for it."""
        return _asked(lambda: self._client.get_compatibility(schema.subject))

    def set_compatibility(self, schema: SchemaFile) -> None:
        """Hold the subject's next versions to `COMPATIBILITY`; `ConfigError`: refused."""
        _told(schema, lambda: self._client.set_compatibility(schema.subject, COMPATIBILITY))

    def fits(self, schema: SchemaFile) -> bool:
        """Whether the schema may follow the subject's last version under the rule that the subject is held to."""
        return _asked(lambda: self._client.test_compatibility(schema.subject, _avro(schema))) is not False

    def refusal(self, schema: SchemaFile) -> str:
        """Return the registry's reason why a schema does not fit.

        The check gives none (Apicurio answers yes or no). The refusal of a registration does: so what has just
        been found not to fit, and only that, is offered to hear why.
        """
        try:
            self.register(schema)
        except ConfigError as error:
            return error.problems[0].rpartition("RuleViolationException: ")[2]
        raise ContractError(f"the registry took schema {schema.name}, which it had found not to fit")

    def register(self, schema: SchemaFile) -> int:
        """Register a version and return its id; `ConfigError` gives the registry's reason against it."""
        return int(_told(schema, lambda: self._client.register_schema(schema.subject, _avro(schema))))

    def schema_text(self, schema_id: int) -> str | None:
        """Return the schema with this id; None where there is none."""
        found = _asked(lambda: self._client.get_schema(schema_id))
        return None if found is None else str(found.schema_str)


def _avro(schema: SchemaFile) -> Schema:
    return Schema(schema.text, "AVRO")


def _told(schema: SchemaFile, call: Callable[[], T]) -> T:
    """Return the answer to a change; `ConfigError`: the registry refuses it."""
    try:
        return call()
    except httpx2.TransportError as error:
        raise TransientError("the registry does not answer") from error
    except SchemaRegistryError as error:
        if error.http_status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise TransientError("the registry does not answer") from error
        raise ConfigError([f"schema {schema.name}: {error.error_message}"]) from error


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
