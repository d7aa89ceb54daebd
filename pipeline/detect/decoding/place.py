"""Where decoded characters stand in the text they came from: [start, end) -> the smallest [start, end) there.

Starts rise and ends rise, so spans are monotone; a lookup costs a bisection or less.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol


class Place(Protocol):
    """How a text lies in the one it was decoded from."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return what covers the characters [start, end), at least one."""


class Decoded(NamedTuple):
    """What a decoding made of a text or of a run in it."""

    name: str
    text: str
    place: Place

    def __repr__(self) -> str:
        """Name the decoding, never show the text."""
        return f"<Decoded {self.name}>"


class Pieces:
    """A text in which pieces were replaced; what lies between them was kept."""

    __slots__ = ("_ends", "_source_ends", "_source_starts", "_starts")

    def __init__(self) -> None:
        self._starts, self._ends, self._source_starts, self._source_ends = (array("q") for _ in range(4))

    def add(self, start: int, end: int, source: tuple[int, int]) -> None:
        """Say that [start, end) stands for the source's piece; in rising order."""
        self._starts.append(start)
        self._ends.append(end)
        self._source_starts.append(source[0])
        self._source_ends.append(source[1])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return what covers the characters [start, end); a replaced piece is covered as a whole."""
        return self._character(start)[0], self._character(end - 1)[1]

    def _character(self, index: int) -> tuple[int, int]:
        piece = bisect_right(self._starts, index) - 1
        if piece < 0:
            return index, index + 1
        if index < self._ends[piece]:
            return self._source_starts[piece], self._source_ends[piece]
        kept = self._source_ends[piece] + index - self._ends[piece]
        return kept, kept + 1


class Grid:
    """A run of digits that together spell bytes: `digits` of them hold `octets`, the first stands at `start`."""

    __slots__ = ("_before", "_digits", "_octets", "_start")

    def __init__(self, text: str, start: int, digits: int, octets: int) -> None:
        self._start, self._digits, self._octets = start, digits, octets
        self._before: Sequence[int] = (
            range(len(text) + 1)
            if text.isascii()
            else array("q", accumulate((len(character.encode()) for character in text), initial=0))
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the digits that hold a bit of the characters [start, end)."""
        first = self._before[start] * self._digits // self._octets
        last = -(-self._before[end] * self._digits // self._octets)
        return self._start + first, self._start + last


def rewrite(
    name: str, text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None], start: int = 0
) -> Decoded | None:
    """Replace each match from `start` on, unless by None; return None where nothing was replaced."""
    parts: list[str] = []
    pieces = Pieces()
    kept = length = 0
    for match in pattern.finditer(text, start):
        if (new := replace(match)) is None:
            continue
        begin, end = match.span()
        length += begin - kept
        pieces.add(length, length + len(new), (begin, end))
        length += len(new)
        parts += (text[kept:begin], new)
        kept = end
    return Decoded(name, "".join((*parts, text[kept:])), pieces) if parts else None
