"""Where things stand in the policy's files and what is wrong with them, each problem as `file:line: message`.

A rule reports against a field of a struct. Where that field was malformed or missing, that has been said
already and the rule stays silent, so one mistake is one message.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

LONGEST_ECHO = 40  # characters of a wrong value that a message repeats: enough to find it, and bounded


class Place(NamedTuple):
    """A line of a file of the policy."""

    file: str
    line: int


Item = int | str | None
"""Which item of a field: an index, a key, or None for the field itself."""


class Problems:
    """All that is wrong, and where each well-formed field of each struct was read."""

    def __init__(self) -> None:
        self._found: set[tuple[Place, str]] = set()
        self._places: dict[tuple[int, str, Item], Place] = {}
        self._structs: list[msgspec.Struct] = []

    def add(self, place: Place, message: str) -> None:
        """Note what is wrong at a place."""
        self._found.add((place, message))

    def keep(self, struct: msgspec.Struct, places: dict[tuple[str, Item], Place]) -> None:
        """Remember where the well-formed fields of a struct, and the items of these, were read."""
        self._structs.append(struct)  # alive, so that its id stays its own
        for (field, item), place in places.items():
            self._places[id(struct), field, item] = place

    def at(self, struct: msgspec.Struct, field: str, message: str, item: Item = None) -> None:
        """Note what is wrong with a field or an item of it; silent where it was malformed."""
        place = self.place(struct, field, item)
        if place is not None:
            self.add(place, message)

    def place(self, struct: msgspec.Struct, field: str, item: Item = None) -> Place | None:
        """Return where a field was read; None when it was malformed or missing."""
        return self._places.get((id(struct), field, item))

    def distinct(self, structs: Sequence[msgspec.Struct], field: str) -> None:
        """Note each struct whose value of a field came before."""
        first: dict[str, Place] = {}
        for struct in structs:
            value, place = getattr(struct, field), self.place(struct, field)
            if place is not None and first.setdefault(value, place) != place:
                before = first[value]
                self.add(place, f"duplicate {field} {echo(value)}, first in {before.file}:{before.line}")

    def each(self, struct: msgspec.Struct, field: str, pattern: re.Pattern[str], expected: str) -> None:
        """Note each item of a list of text that is not as expected, or came before."""
        items: Sequence[str] = getattr(struct, field)
        for index, item in enumerate(items):
            if not pattern.fullmatch(item):
                self.at(struct, field, f"{echo(item)} is not {expected}", index)
            elif item in items[:index]:
                self.at(struct, field, f"duplicate {echo(item)}", index)

    def lines(self) -> list[str]:
        """Return all problems in the order of files and lines."""
        return [f"{place.file}:{place.line}: {message}" for place, message in sorted(self._found)]


def echo(text: str) -> str:
    """Return a wrong value as a message may show it: quoted, escaped, never long."""
    return ascii(text[:LONGEST_ECHO]) + ("…" if len(text) > LONGEST_ECHO else "")
