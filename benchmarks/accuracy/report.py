"""Outcomes -> tables of text: kinds x contexts, kinds x encodings, what went wrong, false findings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from .clean import Dirty
from .scoring import RIGHT, Outcome, Scored, pairs

_SIGNS = {
    Outcome.EXACT: "=",
    Outcome.COVERED: "+",
    Outcome.WIDE: "w",
    Outcome.OTHER: "o",
    Outcome.PART: "p",
    Outcome.MISSED: "-",
}
_WORST = {outcome: rank for rank, outcome in enumerate(Outcome)}
LEGEND = (
    "  ".join(f"{sign} {outcome}" for outcome, sign in _SIGNS.items()) + "  (blank) left out; the worst of a pair"
)


def matrix(scored: Sequence[Scored]) -> Iterator[str]:
    """Yield the worst outcome of each pair, kinds by row; columns are numbered, their names follow."""
    found = pairs(scored)
    kinds, wheres = _names(kind for kind, _ in found), _names(where for _, where in found)
    yield LEGEND
    yield f"{'':20}" + "".join(f"{number:>3}" for number in range(1, len(wheres) + 1))
    for kind in kinds:
        worst = (max(found.get((kind, where), ()), key=_WORST.__getitem__, default=None) for where in wheres)
        yield f"{kind:20}" + "".join(f"{_SIGNS[one] if one else '':>3}" for one in worst)
    for number, where in enumerate(wheres, 1):
        counts = sum((count for (_, name), count in found.items() if name == where), Counter[Outcome]())
        exact, right = counts[Outcome.EXACT], sum(counts[outcome] for outcome in RIGHT)
        yield f"{number:3} {where:32}{right:5} of {counts.total():4} right, {exact:4} exactly"


def wrong(scored: Sequence[Scored], right: frozenset[Outcome]) -> Iterator[str]:
    """Yield each pair with a wrong value, and the entities of what was found there instead."""
    groups: dict[tuple[str, str], list[Scored]] = {}
    for one in scored:
        if one.outcome not in right:
            groups.setdefault((one.case.kind, one.case.where), []).append(one)
    totals = pairs(scored)
    for (kind, where), some in groups.items():
        outcomes = ", ".join(f"{number} {name}" for name, number in Counter(one.outcome for one in some).items())
        instead = Counter(
            found.entity
            for one in some
            for found in one.found
            if found.start < one.case.mark.end and one.case.mark.start < found.end
        )
        names = ", ".join(name for name, _ in instead.most_common(3))
        yield f"{kind:20}{where:32}{len(some)} of {totals[kind, where].total()}: {outcomes}  {names}"


def texts(scored: Sequence[Scored], right: frozenset[Outcome]) -> Iterator[str]:
    """Yield the wrong texts themselves, with what was found: they are made, and nobody's."""
    for one in scored:
        if one.outcome not in right:
            text = one.case.mark.text
            found = [
                f"{f.entity} {text[f.start : f.end]!r} {f.score:.2f} {f.recognizer} {'/'.join(f.path)}"
                for f in one.found
            ]
            yield f"{one.case.kind} | {one.case.where} | {one.outcome} | {one.case.value!r} in {text!r} -> {found}"


def stray(scored: Sequence[Scored]) -> Iterator[str]:
    """Yield how often something was found beside the values, by entity and context."""
    counts = Counter((found.entity, one.case.where) for one in scored for found in one.stray)
    yield from (f"{number:5} {entity:24}{where}" for (entity, where), number in counts.most_common(30))


def left_out(reasons: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield the reasons for which pairs were left out, and how many."""
    for reason, number in Counter(reasons.values()).most_common():
        wheres = _names(where for (_, where), why in reasons.items() if why == reason)
        yield f"{number:5} {reason} ({', '.join(wheres[:6])}{' ...' if len(wheres) > 6 else ''})"


def dirty(name: str, one: Dirty) -> Iterator[str]:
    """Yield the false findings among clean texts: fields and entities, never the texts."""
    per = 10_000 * one.false / one.texts
    yield f"{name}: {one.false} of {one.texts:,} with a false finding ({per:.0f} of 10,000)"
    yield from (f"{number:6} {field:10}{entity}" for (field, entity), number in one.entities.most_common())
    yield from (f"{number:6} right: {reason}" for reason, number in one.explained.most_common())


def _names(names: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(names))
