"""One YAML file -> a tree of nodes that know their line. Only plain data is read.

Refused: aliases and anchors (a few bytes of them expand to gigabytes), tags (they name types to build),
several documents, deep nesting, large files.
"""

from pathlib import Path

import yaml
from yaml.error import MarkedYAMLError
from yaml.reader import ReaderError

from pipeline.policy.problems import Place, Problems

LARGEST_FILE = 1 << 18  # bytes; over ten times the largest of the shipped files
DEEPEST = 20  # levels of nesting; the policy needs 8
LONGEST_REASON = 120  # characters of what the parser says: it may repeat what it read


class PlainLoader(yaml.SafeLoader):
    """PyYAML's safe loader without the parts of YAML that are more than data."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Build one node, unless it is an alias, carries an anchor or a tag, or lies too deep."""
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]  # incomplete stubs
        refused = _refused(event, self.depth)
        if refused:
            raise MarkedYAMLError(problem=refused, problem_mark=event.start_mark)  # type: ignore[arg-type]  # stubs
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_file(path: Path, problems: Problems) -> yaml.Node | None:
    """Return the one document of a file; None after a problem, which stops the reading of this file."""
    content = path.read_bytes()
    if len(content) > LARGEST_FILE:
        problems.add(Place(path.name, 1), f"larger than {LARGEST_FILE} bytes")
        return None
    try:
        return _compose(content.decode(), path.name, problems)
    except UnicodeDecodeError as error:
        problems.add(Place(path.name, content.count(b"\n", 0, error.start) + 1), "not UTF-8")
    except ReaderError as error:  # PyYAML counts characters here, and no lines
        line = content.decode().count("\n", 0, error.position) + 1
        problems.add(Place(path.name, line), "not plain YAML: a control character")
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.add(Place(path.name, line), f"not plain YAML: {str(error.problem)[:LONGEST_REASON]}")
    return None


def _compose(text: str, name: str, problems: Problems) -> yaml.Node | None:
    loader = PlainLoader(text)
    loader.name = name  # every mark now carries the file
    node = loader.get_single_node()
    if node is None:
        problems.add(Place(name, 1), "empty: remove the file")
    return node


def _refused(event: yaml.Event, depth: int) -> str | None:
    if isinstance(event, yaml.AliasEvent):
        return "aliases are refused"
    assert isinstance(event, yaml.NodeEvent)  # all that begins a node
    if event.anchor is not None:
        return "anchors are refused"
    if getattr(event, "tag", None) is not None:
        return "tags are refused"
    return "nested too deep" if depth >= DEEPEST else None
