"""The Avro schemas of the project: `schemas/*.avsc` -> checked definitions.

Every field says in `doc` what it is and in `data_category` which personal data it holds (Fides' taxonomy), so
that nothing can be added to a topic without the question having been answered (policy 9: only what is known
to be there can be found, corrected and deleted).
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fastavro
import fastavro.schema
import msgspec

from pipeline.errors import ConfigError


class SchemaFile(msgspec.Struct, frozen=True):
    """One schema: its file's name without the suffix, its canonical text, and what fastavro made of it."""

    name: str
    text: str
    parsed: Any

    @property
    def subject(self) -> str:
        """The name under which the registry keeps its versions."""
        return f"{self.name}-value"

    @property
    def record_name(self) -> str:
        """The full name of the Avro record."""
        return str(self.parsed["name"])


def load_schemas(folder: Path) -> Mapping[str, SchemaFile]:
    """Read all schemas by name; `ConfigError` names every fault of every file."""
    schemas: dict[str, SchemaFile] = {}
    problems: list[str] = []
    for file in sorted(folder.glob("*.avsc")):
        try:
            raw = json.loads(file.read_text())
            if not isinstance(raw, dict) or raw.get("type") != "record":
                raise ValueError("not a record")  # noqa: TRY301  # one kind of fault, one answer
            parsed = fastavro.parse_schema(raw)
        except (ValueError, KeyError, fastavro.schema.SchemaParseException) as error:
            problems.append(f"{file}: {type(error).__name__}: {error}")
            continue
        problems += [f"{file}: {fault}" for fault in _faults(raw)]
        # without the file's white space: the registry compares texts
        schemas[file.stem] = SchemaFile(file.stem, json.dumps(raw, separators=(",", ":")), parsed)
    if not schemas and not problems:
        problems.append(f"{folder}: no schemas")
    if problems:
        raise ConfigError(problems)
    return schemas


def _faults(raw: Any, place: str = "") -> Iterator[str]:
    """Yield what is missing in the fields of a schema, at any depth."""
    if isinstance(raw, list):
        for branch in raw:
            yield from _faults(branch, place)
    elif isinstance(raw, dict):
        for part in ("type", "items", "values"):
            yield from _faults(raw.get(part), place)
        for field in raw.get("fields", ()):
            where = f"{place}{field['name']}"
            yield from (
                f"field {where} has no {tag}"
                for tag in ("doc", "data_category")
                if not isinstance(field.get(tag), str) or not field[tag].strip()
            )
            yield from _faults(field["type"], f"{where}.")
