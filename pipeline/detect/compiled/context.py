"""Context words: what stands before a match raises its score, as `LemmaContextAwareEnhancer` has it.

Presidio takes its words from a language model. What stands in URLs, user agents and properties is no language,
so no model is needed: words are runs of letters and digits, each its own lemma, and none is a stop word.
`reference.py` gives Presidio the same words; a law in the tests holds both equal.
"""

import re
from collections.abc import Sequence

from pipeline.detect.found import Found

TOKEN = re.compile(r"[^\W_]+|\S")
BEFORE = 5
"""Words before the match that count; the match's own first word does, too (Presidio's default)."""
FACTOR = 0.35
LEAST = 0.4
_SKIPPED = "be"  # Presidio's keywords leave this lemma out


class Words:
    """The words of one text."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._lowered: list[str] = []  # empty: punctuation
        for match in TOKEN.finditer(text):
            token = match.group()
            self._starts.append(match.start())
            self._ends.append(match.end())
            self._lowered.append(token.lower() if any(map(str.isalnum, token)) and token != _SKIPPED else "")
        if _SKIPPED in self._lowered:  # it stands there with a capital, so all of it count
            for index, (start, end) in enumerate(zip(self._starts, self._ends, strict=True)):
                if text[start:end] == _SKIPPED:
                    self._lowered[index] = _SKIPPED

    def near(self, start: int) -> list[str]:
        """Return the words that count for a match that begins there."""
        token = next((i for i, end in enumerate(self._ends) if start < end), None)
        if token is None:
            return []
        before = [word for word in reversed(self._lowered[: token + 1]) if word][: BEFORE + 1]
        after = next((word for word in self._lowered[token:] if word), None)
        return before if after is None else [*before, after]


def raised(results: Sequence[Found], words: Words, context: Sequence[str]) -> list[Found]:
    """Return the findings, with higher scores where a context word (in lower case) is part of a word nearby."""
    return [
        one._replace(score=min(max(one.score + FACTOR, LEAST), 1.0), in_context=True)
        if any(word in near for near in words.near(one.start) for word in context)
        else one
        for one in results
    ]
