"""text -> Detection: what personal data it holds, in whatever encoding, each piece once and at its place.

Each reading of the text (decoding/) goes through the compiled engine; what is found there is put back to where it
stands in the original. Whatever exceeds the bounds (size, depth, time) is unsure, and then the whole text is to be
treated as personal (section 1).

Presidio's recognizers were made for sentences. In URLs and user agents a number without a word before it is a
version, a size, a time: every tenth passes some country's check digit. So what form alone does not tell (all but
`BY_FORM`) counts only with one of its recognizer's context words before it; ours ask for labels themselves.

Of findings that overlap one stays: ours before Presidio's, for ours are exact in URLs; then what does not begin
inside an escape; a password before what it looks like; the higher score, the longer, the fewer decodings, the
earlier. What it does not cover of the others stays found, as theirs.
"""

import math
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

from presidio_analyzer import EntityRecognizer

from pipeline.detect.compiled.engine import CompiledEngine, OutOfTimeError, Trust
from pipeline.detect.decoding import LIMITS, View, views
from pipeline.detect.found import Found
from pipeline.detect.registry import OURS

BY_FORM = frozenset({"CRYPTO", "DATE_TIME", "EMAIL_ADDRESS", "URL"})
"""Entities that Presidio's recognizers tell without context."""


_ESCAPES = frozenset("%\\#")
_RECENT, _SHORT = 32, 2_048
"""Texts that are remembered, for the next question about the same; characters of the longest."""
_WARM = "/?mail=jane@mail.example.com&phone=+1 650-253-0000&iban=DE89370400440532013000&ip=192.0.2.1&card=4111111111111111"  # noqa: E501


class Unsure(StrEnum):
    """Why a text was not searched to the end."""

    BOUNDS = "bounds"  # too long, too deep, too many readings
    TIME = "time"


def trust(kept: Collection[str]) -> Trust:
    """Return what is believed in web texts; of entities that the policy keeps nothing is asked."""
    return Trust(_by_context, frozenset(kept))


def _by_context(recognizer: EntityRecognizer) -> bool:
    return recognizer.name not in OURS and not BY_FORM.issuperset(recognizer.supported_entities)


class Detection:
    """The findings of one text, in order and without overlaps. It never shows the text."""

    __slots__ = ("_values", "found", "unsure")

    def __init__(self, found: Sequence[tuple[Found, str]], unsure: Unsure | None) -> None:
        self.found = tuple(one for one, _ in found)
        self._values = dict(found)
        self.unsure = unsure

    def value(self, found: Found) -> str:
        """Return the decoded text of a finding."""
        return self._values[found]

    def __repr__(self) -> str:
        return f"<Detection {len(self.found)} found, {self.unsure or 'sure'}>"


NOTHING = Detection((), None)


class Detector:
    """Finds personal data in texts."""

    def __init__(self, engine: CompiledEngine, budget_s: float) -> None:
        """Take the engine, which looks for nothing that the policy keeps, and the seconds that a text may take."""
        self._engine = engine
        self._budget_s = budget_s
        self._left_s = math.inf
        self.unsure: Counter[str] = Counter(dict.fromkeys(map(str, Unsure), 0))
        """Texts that were not searched to the end, by reason."""
        self._recent = lru_cache(_RECENT)(self._detect)

    def allow(self, seconds: float) -> None:
        """Let the texts from here on take so much of the processor's time in all; what comes then is unsure."""
        self._left_s = seconds

    def detect(self, text: str) -> Detection:
        """Return what is found; total: no text raises."""
        if len(text) > LIMITS.text:
            found = Detection((), Unsure.BOUNDS)
        else:
            found = self._recent(text) if len(text) <= _SHORT else self._detect(text)
        if found.unsure:
            self.unsure[str(found.unsure)] += 1
        return found

    def _detect(self, text: str) -> Detection:
        if self._left_s <= 0:
            return Detection((), Unsure.TIME)
        self._engine.gate.load(text)
        began = time.thread_time()
        deadline = began + self._budget_s
        best: dict[tuple[str, int, int], tuple[Found, str]] = {}
        try:
            readings, exceeded = views(text)
            unsure = Unsure.BOUNDS if exceeded else None
            for view in readings:
                for one in self._engine.found(view.text, deadline - time.thread_time()):
                    placed = _placed(one, view)
                    key = placed[0][:3]
                    if key not in best or _rank(placed[0], text) < _rank(best[key][0], text):
                        best[key] = placed
        except OutOfTimeError:
            unsure = Unsure.TIME
        self._left_s -= time.thread_time() - began
        if not best and unsure is None:
            return NOTHING
        return Detection(_apart(list(best.values()), text), unsure)

    @property
    def entities(self) -> frozenset[str]:
        """What the recognizers can find."""
        return self._engine.entities

    def prepare(self) -> None:
        """Do now what the first texts would wait for: databases are built, Presidio's lists are read."""
        self._engine.gate.prepare()
        budget, self._budget_s = self._budget_s, 60.0
        self._detect(_WARM)
        self._budget_s = budget

    def explain(self, text: str) -> Iterator[tuple[View, list[tuple[str, str, str]]]]:
        """Yield each reading of a text, with (recognizer, pattern, what came of it) of all that could match."""
        for view in views(text).views:
            yield view, list(self._engine.explain(view.text, self._budget_s))

    def forget(self) -> None:
        """Drop what is remembered of texts."""
        self._recent.cache_clear()
        self._engine.forget()


def _apart(found: list[tuple[Found, str]], text: str) -> list[tuple[Found, str]]:
    """Return findings that do not overlap, by place; what a better one does not cover of another stays found."""
    kept: list[tuple[Found, str]] = []
    starts: list[int] = []
    ends: list[int] = []
    for one, value in sorted(found, key=lambda pair: _rank(pair[0], text)):
        first, last = bisect_right(ends, one.start), bisect_left(starts, one.end)  # those kept that it overlaps
        same = any(other.entity == one.entity for other, _ in kept[first:last])
        if same and (one.recognizer not in OURS or _begins_in_escape(one, text)):
            continue  # Presidio takes what leads to an address along; a reading before its time, the escape's digits
        gaps = zip([one.start, *ends[first:last]], [*starts[first:last], one.end], strict=True)
        parts = [(one._replace(start=start, end=end), value) for start, end in gaps if start < end]
        merged = sorted(kept[first:last] + parts, key=lambda pair: pair[0].start)
        kept[first:last] = merged
        starts[first:last] = [part.start for part, _ in merged]
        ends[first:last] = [part.end for part, _ in merged]
    return kept


def _begins_in_escape(one: Found, text: str) -> bool:
    """Tell a finding that begins behind the sign of an escape: in `%20jane@mail.example` 20 is no part of it."""
    return text[max(one.start - 1, 0) : one.start] in _ESCAPES


def _placed(one: Found, view: View) -> tuple[Found, str]:
    value = view.text[one.start : one.end]
    if not view.path:
        return one, value
    start, end = view.span(one.start, one.end)
    return one._replace(start=start, end=end, path=view.path), value


def _rank(one: Found, text: str) -> tuple[bool, bool, bool, float, int, int, int]:
    return (
        one.recognizer not in OURS,
        _begins_in_escape(one, text),
        one.entity != "PASSWORD",  # whatever it looks like
        -one.score,
        one.start - one.end,
        len(one.path),
        one.start,
    )
