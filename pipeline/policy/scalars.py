"""One YAML scalar -> text, whole number or choice, or None: nothing is converted."""

from enum import StrEnum

import yaml

from pipeline.policy.document import NUMBER, TEXT

LARGEST_NUMBER = (1 << 31) - 1  # Avro's int; as seconds 68 years
LONGEST_TEXT = 200  # characters

A_TEXT = f"text of 1 to {LONGEST_TEXT} characters (in quotes?)"
A_NUMBER = f"a whole number from 0 to {LARGEST_NUMBER}"


def text(node: yaml.Node) -> str | None:
    """Read text; a plain `4.4` or `no` is none: YAML takes it for a number or a yes-or-no."""
    found = node.tag == TEXT and 0 < len(node.value) <= LONGEST_TEXT and node.value.isprintable()
    return str(node.value) if found else None


def number(node: yaml.Node) -> int | None:
    """Read a whole number in plain decimal: YAML 1.1 also takes 1:30 for 90, 010 for 8 and 1_0 for 10."""
    if node.tag != NUMBER or len(node.value) > len(str(LARGEST_NUMBER)) or not node.value.isdecimal():
        return None
    value = int(node.value)
    return value if value <= LARGEST_NUMBER and str(value) == node.value else None


def choice(kind: type[StrEnum], node: yaml.Node) -> StrEnum | None:
    """Read a member of a closed set."""
    return next((member for member in kind if node.tag == TEXT and member.value == node.value), None)
