"""Presidio's telephone recognizer without its cost: the same spans, each candidate parsed once for all regions.

Presidio walks over a text once for each of eight regions, and libphonenumber parses the same candidates again
and again: 0.1 to 1.3 ms a text of a log. Here one walk serves all regions as long as none of them matches;
digits that no plan has (versions, dates, sizes) are not parsed; and what a candidate is stays in a bounded cache,
for they repeat. The candidates and what becomes of them are libphonenumber's own code (`PhoneNumberMatcher`,
whose steps these are).
"""

import re
import time
from collections.abc import Sequence
from functools import lru_cache

from phonenumbers import phonenumbermatcher as matcher

from pipeline.detect.compiled.plans import Plans

_CANDIDATE: re.Pattern[str] = vars(matcher)["_PATTERN"]
_SECOND_NUMBER: re.Pattern[str] = vars(matcher)["_SECOND_NUMBER_START_PATTERN"]
GATE = r"[0-9](?:[^0-9A-WYZa-wyz]{0,4}[0-9]){3}|[^\x00-\x7f]"
"""No region has shorter numbers than 4 digits (Germany's); x stands before extensions, and digits of other
scripts count."""
_KNOWN = 16_384
_AFTER = 4
"""Characters behind a candidate that decide about it: the rest of a time, a letter that is glued to it."""


class Phones:
    """Finds what `PhoneRecognizer` finds with these regions and this leniency."""

    def __init__(self, regions: Sequence[str], leniency: int) -> None:
        self._regions = tuple(regions)
        self._leniency = leniency
        self._strict = leniency >= matcher.Leniency.VALID  # else numbers count that no plan has
        self._plans = Plans(regions)
        self._judge = lru_cache(_KNOWN)(self._judge_anew)

    def spans(self, text: str, seconds: float) -> set[tuple[int, int]]:
        """Return [start, end) of all numbers; `TimeoutError` after so many seconds."""
        found: set[tuple[int, int]] = set()
        todo, deadline = [(0, self._regions)], time.thread_time() + seconds
        while todo:
            if time.thread_time() >= deadline:
                raise TimeoutError
            index, regions = todo.pop()
            match = _CANDIDATE.search(text, index)
            if match is None:
                continue
            start = match.start()
            cut = _SECOND_NUMBER.search(match.group())
            end = start + cut.start() if cut else match.end()
            possible = self._plans.may_hold_number(text[start:end]) if self._strict else frozenset(self._regions)
            if not possible:
                todo.append((end, regions))
                continue
            around = text[max(start - 1, 0) : start], text[end : end + _AFTER]
            judged = self._judge(text[start:end], around, possible)
            following: dict[int, list[str]] = {}
            for region in regions:
                span = judged.get(region)
                if span is not None:
                    found.add((start + span[0], start + span[1]))
                following.setdefault(start + span[1] if span else end, []).append(region)
            todo.extend((at, tuple(left)) for at, left in following.items())
        return found

    def forget(self) -> None:
        """Drop the candidates that are known: they are personal data."""
        self._judge.cache_clear()
        self._plans.could_be.cache_clear()

    def _judge_anew(
        self, candidate: str, around: tuple[str, str], possible: frozenset[str]
    ) -> dict[str, tuple[int, int]]:
        """Return, for each region that sees a number in a candidate, where in it."""
        judged = {}
        before, after = around
        for region in possible:
            walker = _Walker(before + candidate + after, region, leniency=self._leniency)
            walker.plans = self._plans if self._strict else None
            found = walker._extract_match(candidate, len(before))  # noqa: SLF001  # libphonenumber's step, see above
            if found is not None:
                judged[region] = (found.start - len(before), found.end - len(before))
        return judged


class _Walker(matcher.PhoneNumberMatcher):
    """libphonenumber's matcher, which parses no part of a candidate whose digits its region's plan does not have."""

    plans: Plans | None = None

    def _parse_and_verify(self, candidate: str, offset: int) -> matcher.PhoneNumberMatch | None:
        if self.plans and self.preferred_region not in self.plans.may_be_number(candidate):
            return None
        return super()._parse_and_verify(candidate, offset)
