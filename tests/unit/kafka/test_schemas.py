"""Every field of every schema says what it is and which personal data it holds."""

import json
from pathlib import Path

import pytest

from pipeline.config import Settings
from pipeline.errors import ConfigError
from pipeline.kafka.schemas import load_schemas

TAGGED = {"doc": "What it is.", "data_category": "system.operations"}


def write(folder: Path, name: str, *fields: object) -> None:
    (folder / f"{name}.avsc").write_text(json.dumps({"type": "record", "name": "R", "fields": fields}))


def problems(folder: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_schemas(folder)
    return sorted(problem.removeprefix(f"{folder}/") for problem in caught.value.problems)


def test_the_projects_schemas_are_complete_and_no_record_name_stands_twice():
    schemas = load_schemas(Settings().schemas_dir)
    assert {"events.page_view", "visits", "partials", "anon.page_views", "quarantine"} <= schemas.keys()
    assert len({schema.record_name for schema in schemas.values()}) == len(schemas)


def test_a_tagged_schema_is_taken_under_its_files_name(tmp_path):
    write(tmp_path, "a.b", {"name": "x", "type": "int", **TAGGED})
    (schema,) = load_schemas(tmp_path).values()
    assert (schema.name, schema.subject, schema.record_name) == ("a.b", "a.b-value", "R")


def test_missing_tags_are_named_at_any_depth_and_in_all_files_at_once(tmp_path):
    inner = {"type": "record", "name": "I", "fields": [{"name": "deep", "type": "int", "doc": "It."}]}
    write(tmp_path, "a", {"name": "x", "type": "int", "doc": " "})
    write(tmp_path, "b", {"name": "many", "type": ["null", {"type": "array", "items": inner}], **TAGGED})
    write(tmp_path, "c", {"name": "nested", "type": {"type": "map", "values": inner}, **TAGGED})
    assert problems(tmp_path) == [
        "a.avsc: field x has no data_category",
        "a.avsc: field x has no doc",
        "b.avsc: field many.deep has no data_category",
        "c.avsc: field nested.deep has no data_category",
    ]


@pytest.mark.parametrize("text", ["{", "7", '{"type": "record"}', '{"type": "nothing"}', '"int"', "[]"])
def test_what_is_no_record_schema_is_refused(tmp_path, text):
    (tmp_path / "bad.avsc").write_text(text)
    assert len(problems(tmp_path)) == 1


def test_an_empty_folder_is_refused(tmp_path):
    assert len(problems(tmp_path)) == 1
