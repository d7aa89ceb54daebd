"""A text, and where a value stands in it: the ground truth, kept through every encoding.

A finding must cover [start, end), the smallest piece of the text that holds the value, and may reach to [low, high):
the parameter with its label, or the whole run where the digits of a run (base64, hex) spell more than the value.
"""

import base64
from collections.abc import Callable
from typing import NamedTuple

Spell = Callable[[str], str]


class Marked(NamedTuple):
    """A text with a value and its limits, in characters."""

    text: str
    start: int
    end: int
    low: int
    high: int

    @property
    def value(self) -> str:
        """Return what stands for the value."""
        return self.text[self.start : self.end]


def marked(before: str, value: str, after: str = "") -> Marked:
    """Mark a value; its limits are all of this text."""
    end = len(before) + len(value)
    return Marked(before + value + after, len(before), end, 0, end + len(after))


def inside(one: Marked, before: str, after: str = "") -> Marked:
    """Put a text around, out of the limits."""
    shift = len(before)
    return Marked(before + one.text + after, *(place + shift for place in one[1:]))


def spelled(one: Marked, spell: Spell) -> Marked:
    """Spell all of the text anew, character by character."""
    places = [len(spell(one.text[:place])) for place in one[1:]]
    return Marked(spell(one.text), *places)


def spelled_value(one: Marked, spell: Spell) -> Marked:
    """Spell the value alone anew."""
    new = spell(one.value)
    grown = len(new) - len(one.value)
    text = one.text[: one.start] + new + one.text[one.end :]
    return Marked(text, one.start, one.end + grown, one.low, one.high + grown)


def base64_run(one: Marked, encode: Callable[[bytes], bytes] = base64.b64encode) -> Marked:
    """Encode all: the value is the digits that hold a bit of it, the run is the limit."""
    return _run(one, encode(one.text.encode()).decode(), 8, 6)


def hex_run(one: Marked) -> Marked:
    """Encode all in hexadecimal digits."""
    return _run(one, one.text.encode().hex(), 2, 1)


def limited(one: Marked) -> Marked:
    """Let a finding reach over all of the text."""
    return one._replace(low=0, high=len(one.text))


def _run(one: Marked, digits: str, bits: int, size: int) -> Marked:
    start, end = (len(one.text[:place].encode()) for place in (one.start, one.end))
    return Marked(digits, start * bits // size, -(-end * bits // size), 0, len(digits))
