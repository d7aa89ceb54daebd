"""The cases: every kind in every context and every encoding that makes sense, with drawn values.

(seed, number of values) -> cases, and (kind, where) -> the reason for which a pair is left out. The values of a pair
depend on the seed and the pair's names alone.
"""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import NamedTuple

from . import contexts, encodings
from .contexts import CONTEXTS
from .encodings import ENCODINGS
from .kinds import KINDS, Kind
from .marked import Marked

_TRIES = 40
"""Draws for a value that can stand in a context: some forms of a date cannot, others can."""


class Case(NamedTuple):
    """A text with a value, and what is right to say of it."""

    kind: str
    where: str  # name of the context or encoding
    value: str
    mark: Marked
    entities: frozenset[str]
    beside: frozenset[str] = frozenset()  # entities that may be found elsewhere in the text


class Cases(NamedTuple):
    """All cases, and the pairs without any: (kind, where) -> reason."""

    cases: tuple[Case, ...]
    left_out: dict[tuple[str, str], str]


def literal(seed: int, number: int) -> Cases:
    """Return the values in their contexts."""
    found: list[Case] = []
    left_out: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for context in CONTEXTS:
            rng = Random(f"{seed}/{kind.name}/{context.name}")
            values, why = _values(kind, rng, number, partial(contexts.reason, context, kind))
            if not values:
                left_out[kind.name, context.name] = why
            for value in values:
                mark = contexts.written(context, kind, value, rng)
                found.append(Case(kind.name, context.name, value, mark, kind.entities, context.beside))
    return Cases(tuple(found), left_out)


def encoded(seed: int, number: int) -> Cases:
    """Return the values in their encodings."""
    found: list[Case] = []
    left_out: dict[tuple[str, str], str] = {}
    for kind in KINDS:
        for encoding in ENCODINGS:
            rng = Random(f"{seed}/{kind.name}/{encoding.name}")
            values, why = _values(kind, rng, number, partial(encodings.reason, encoding, kind))
            if not values:
                left_out[kind.name, encoding.name] = why
            for value in values:
                mark = encoding.build(rng.choice(kind.labels), kind.prefix, value)
                found.append(Case(kind.name, encoding.name, value, mark, kind.entities | encoding.also))
    return Cases(tuple(found), left_out)


def _values(kind: Kind, rng: Random, number: int, reason: Callable[[str], str]) -> tuple[list[str], str]:
    found: list[str] = []
    why = ""
    for _ in range(_TRIES):
        value = kind.draw(rng)
        why = reason(value)
        if not why:
            found.append(value)
        if len(found) == number:
            break
    return found, why
