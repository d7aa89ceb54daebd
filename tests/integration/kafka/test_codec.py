"""Records as the registry's clients write them; whatever else comes in is a value with a reason."""

import json
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.errors import ConfigError, ContractError, TransientError
from pipeline.kafka import codec
from pipeline.kafka.codec import Codec
from pipeline.kafka.local import Stack
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import SchemaFile, load_schemas

PARTIALS = {
    "dataset": "page_views",
    "window_start": 0,
    "window_end": 3_600_000,
    "partition": 1,
    "partitions": 4,
    "chunk": 0,
    "chunks": 1,
    "policy": "2016-07+0123456789ab",
    "visits": 2,
    "late": 0,
    "gap": False,
    "cells": [{"dimensions": ["a", "/"], "views": 2, "visitors": 1, "prefixes": [b"\x01"]}],
}


@pytest.fixture(scope="module")
def schemas() -> dict[str, SchemaFile]:
    return dict(load_schemas(Settings().schemas_dir))


@pytest.fixture(scope="module")
def ready(stack: Stack, schemas) -> Codec:
    registry = Registry(stack.registry_url)
    for schema in schemas.values():
        registry.register(schema)
    return Codec(registry, schemas)


@pytest.fixture
def foreign(stack: Stack) -> Iterator[SchemaRegistryClient]:
    with SchemaRegistryClient({"url": stack.registry_url}) as client:
        yield client


def field(name: str, kind: object, **more: object) -> dict[str, object]:
    return {"name": name, "type": kind, "doc": "It.", "data_category": "system.operations", **more}


def evolving(folder: Path, *fields: object) -> SchemaFile:
    record = {"type": "record", "name": "Evolving", "namespace": folder.name, "fields": fields}
    (folder / f"evolving.{folder.name}.avsc").write_text(json.dumps(record))
    return next(iter(load_schemas(folder).values()))


def test_what_was_encoded_is_decoded_also_by_one_who_never_wrote(ready, stack, schemas):
    value = ready.encode("partials", PARTIALS)
    assert value.startswith(ready.header("partials"))
    assert ready.decode(value) == ("partials", PARTIALS)
    assert Codec(Registry(stack.registry_url), schemas).decode(value) == ("partials", PARTIALS)


def test_the_header_is_zero_and_the_id_of_the_registered_schema(ready, foreign, schemas):
    number = foreign.get_latest_version("visits-value").schema_id
    assert ready.header("visits") == b"\0" + number.to_bytes(4, "big")


def test_no_proper_prefix_of_a_record_is_taken_for_one(ready):
    value = ready.encode("partials", PARTIALS)
    found = {ready.decode(value[:size]) for size in range(len(value))}
    assert found == {codec.TRUNCATED, codec.MALFORMED}


def test_bytes_after_a_record_are_refused(ready):
    assert ready.decode(ready.encode("partials", PARTIALS) + b"\0") == codec.TRAILING


def test_a_record_that_is_no_record_of_ours_says_why(ready, foreign):
    someone = Schema('{"type": "record", "name": "Someone", "fields": []}', "AVRO")
    number = foreign.register_schema(f"foreign-{uuid.uuid4().hex}", someone)
    word = foreign.register_schema(f"foreign-{uuid.uuid4().hex}", Schema('"string"', "AVRO"))
    assert ready.decode(None) == codec.TRUNCATED
    assert ready.decode(b"") == codec.TRUNCATED
    assert ready.decode(b'{"a": 1}') == codec.WRONG_MAGIC
    assert ready.decode(b"\0\xff\xff\xff\xffx") == codec.UNKNOWN_SCHEMA
    assert ready.decode(b"\0\x7f\xff\xff\xffx") == codec.UNKNOWN_SCHEMA
    assert ready.decode(b"\0" + number.to_bytes(4, "big")) == codec.FOREIGN_SCHEMA
    assert ready.decode(b"\0" + word.to_bytes(4, "big") + b"\2x") == codec.FOREIGN_SCHEMA


@given(content=st.binary(max_size=200))
def test_any_bytes_under_a_known_id_are_a_record_or_a_reason(ready, content):
    """Never an exception: a poison record must not stop a reader."""
    found = ready.decode(ready.header("partials") + content)
    assert found in {codec.TRUNCATED, codec.MALFORMED, codec.TRAILING} or found[0] == "partials"


def test_what_an_older_version_wrote_is_read_as_the_present_one(stack, tmp_path):
    registry = Registry(stack.registry_url)
    older = evolving(tmp_path, field("a", "int"))
    registry.register(older)
    value = Codec(registry, {older.name: older}).encode(older.name, {"a": 7})
    newer = evolving(tmp_path, field("a", "int"), field("b", "string", default="new"))
    registry.register(newer)
    assert Codec(registry, {newer.name: newer}).decode(value) == (newer.name, {"a": 7, "b": "new"})


def test_a_record_that_does_not_fit_is_our_bug_and_its_content_is_not_told(ready):
    for wrong in ({"dataset": "canary"}, PARTIALS | {"visits": "canary"}, PARTIALS | {"canary": 1}):
        with pytest.raises(ContractError) as caught:
            ready.encode("partials", wrong)
        assert "canary" not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_the_content_of_a_record_is_not_in_its_repr(ready):
    assert "page_views" not in repr(ready.decode(ready.encode("partials", PARTIALS)))


def test_a_schema_that_is_not_registered_is_a_fault_of_the_deployment(stack, tmp_path):
    never = evolving(tmp_path, field("a", "int"))
    with pytest.raises(ConfigError, match="topics apply"):
        Codec(Registry(stack.registry_url), {never.name: never}).header(never.name)


def test_while_the_registry_is_away_known_ids_are_read_and_others_wait(ready, schemas):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # nobody listens
        away = Codec(Registry(f"http://127.0.0.1:{nobody.getsockname()[1]}"), schemas)
        with pytest.raises(TransientError):
            away.decode(ready.encode("partials", PARTIALS))
        with pytest.raises(TransientError):
            away.header("partials")
