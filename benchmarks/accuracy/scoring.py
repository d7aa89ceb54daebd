"""findings -> how right they are, for each case.

exact      an accepted entity on exactly the value (encoded: or on exactly the limits of a run)
covered    an accepted entity covers the encoded value within its limits
wide       an accepted entity covers the value, but reaches further
other      another entity covers the value: protected, but not known for what it is
part       some finding overlaps the value
missed     none does
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from pipeline.detect.found import Found

from .cases import Case

Findings = Callable[[str], Sequence[Found]]


class Outcome(StrEnum):
    """From right to wrong."""

    EXACT = "exact"
    COVERED = "covered"
    WIDE = "wide"
    OTHER = "other"
    PART = "part"
    MISSED = "missed"


RIGHT = frozenset({Outcome.EXACT, Outcome.COVERED})


class Scored(NamedTuple):
    """A case, what was found in it, and what that is worth."""

    case: Case
    outcome: Outcome
    found: tuple[Found, ...]
    stray: tuple[Found, ...]  # findings that do not touch the value and stand for nothing that is there


def score(case: Case, findings: Findings) -> Scored:
    """Look for one value."""
    found = tuple(findings(case.mark.text))
    mark = case.mark
    stray = tuple(
        one for one in found if (one.end <= mark.low or one.start >= mark.high) and one.entity not in case.beside
    )
    return Scored(case, outcome(case, found), found, stray)


def outcome(case: Case, found: Iterable[Found]) -> Outcome:
    """Say how right the findings are."""
    mark = case.mark
    touching = [one for one in found if one.start < mark.end and mark.start < one.end]
    covering = [one for one in touching if one.start <= mark.start and mark.end <= one.end]
    right = [one for one in covering if one.entity in case.entities]
    if any((one.start, one.end) in {(mark.start, mark.end), (mark.low, mark.high)} for one in right):
        return Outcome.EXACT
    if any(mark.low <= one.start and one.end <= mark.high for one in right):
        return Outcome.COVERED
    steps = ((Outcome.WIDE, right), (Outcome.OTHER, covering), (Outcome.PART, touching))
    return next((name for name, some in steps if some), Outcome.MISSED)


def pairs(scored: Iterable[Scored]) -> dict[tuple[str, str], Counter[Outcome]]:
    """Return the outcomes of each (kind, where)."""
    found: dict[tuple[str, str], Counter[Outcome]] = {}
    for one in scored:
        found.setdefault((one.case.kind, one.case.where), Counter())[one.outcome] += 1
    return found


def share(right: int, all_of_them: int) -> float:
    """Return a share, rounded down: 1.0 means all."""
    return right * 10_000 // all_of_them / 10_000 if all_of_them else 0.0


def literal_exact(scored: Sequence[Scored]) -> float:
    """Return the share of (kind, context) pairs of which every value was found exactly."""
    counts = pairs(scored).values()
    return share(sum(set(count) == {Outcome.EXACT} for count in counts), len(counts))


def recall(scored: Sequence[Scored], outcomes: frozenset[Outcome] = RIGHT) -> float:
    """Return the share of values with one of these outcomes."""
    return share(sum(one.outcome in outcomes for one in scored), len(scored))
