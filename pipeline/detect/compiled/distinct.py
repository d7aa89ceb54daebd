"""Findings -> findings without those that another one says better: `EntityRecognizer.remove_duplicates`.

A finding is left out if another of the same entity contains it and has no lower score. Presidio's own needs its
result objects, whose making costs more than all else in the engine.
"""

from collections.abc import Sequence

from pipeline.detect.found import Found


def distinct(results: Sequence[Found]) -> list[Found]:
    """Return those that stay, in no order."""
    if len(results) < 2:
        return list(results)
    kept: list[Found] = []
    active: list[Found] = []  # of the entity at hand: those that reach as far as the current one
    for result in sorted(results, key=_order):
        active = [one for one in active if one.entity == result.entity and one.end >= result.start]
        if not any(one.end >= result.end and one.score >= result.score for one in active):
            kept.append(result)
            active.append(result)
    return kept


def _order(result: Found) -> tuple[str, int, int, float]:
    return result.entity, result.start, result.start - result.end, -result.score
