"""A folder of YAML files -> its top-level entries, and the entries of any mapping: text keys, each once.

YAML itself lets the last of two equal keys win in silence; here both lines are named.
"""

import hashlib
import json
from pathlib import Path

import yaml

from pipeline.policy.plain_yaml import read_file
from pipeline.policy.problems import Place, Problems, echo

RECOGNIZERS = "recognizers.yaml"
"""The one file of the folder that is Presidio's, in its own format."""

Entries = list[tuple[str, Place, yaml.Node]]
"""(key, its place, value) in the order of the file; keys are distinct."""


def read_directory(directory: Path, problems: Problems) -> Entries:
    """Return the top-level entries of all `*.yaml` files of a folder; each key stands in one of them."""
    entries: Entries = []
    paths = sorted(path for path in directory.glob("*.y*ml") if path.is_file() and path.name != RECOGNIZERS)
    if not paths:
        problems.add(Place(directory.name, 1), "no policy here: no *.yaml file")
    for path in paths:
        if path.suffix != ".yaml":
            problems.add(Place(path.name, 1), "only *.yaml is read: rename or remove this file")
            continue
        root = read_file(path, problems)
        if root is not None:
            entries += entries_of(root, problems)
    return _distinct(entries, problems)


def read_recognizers(directory: Path, problems: Problems) -> str:
    """Return the digest (SHA-256, hex) of what recognizers.yaml says, however it is laid out."""
    path = directory / RECOGNIZERS
    if not path.is_file():
        problems.add(Place(RECOGNIZERS, 1), "missing: it names the recognizers of personal data")
        return ""
    if read_file(path, problems) is None:
        return ""
    content = yaml.safe_load(path.read_text())
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def entries_of(node: yaml.Node, problems: Problems) -> Entries:
    """Return the entries of a mapping; of anything else none, and a problem."""
    if not isinstance(node, yaml.MappingNode):
        problems.add(place_of(node), f"expected a mapping, got {kind_of(node)}")
        return []
    entries: Entries = []
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag == TEXT:
            entries.append((key.value, place_of(key), value))
        else:
            problems.add(place_of(key), f"expected text as key, got {kind_of(key)}")
    return _distinct(entries, problems)


def place_of(node: yaml.Node) -> Place:
    """Return the file and line where a node begins."""
    return Place(node.start_mark.name, node.start_mark.line + 1)


def kind_of(node: yaml.Node) -> str:
    """Say in a word what a node is; of a scalar also the start."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return f"{_SCALARS.get(node.tag, 'a special value')} {echo(node.value)}"


TEXT = "tag:yaml.org,2002:str"
NUMBER = "tag:yaml.org,2002:int"
_SCALARS = {
    TEXT: "text",
    NUMBER: "a number",
    "tag:yaml.org,2002:bool": "a yes or no",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
}


def _distinct(entries: Entries, problems: Problems) -> Entries:
    first: dict[str, tuple[Place, yaml.Node]] = {}
    for key, place, value in entries:
        if key in first:
            before = first[key][0]
            problems.add(place, f"duplicate key {echo(key)}, first in {before.file}:{before.line}")
        else:
            first[key] = (place, value)
    return [(key, place, value) for key, (place, value) in first.items()]
