"""Context words: what stands before a match raises its score, as `LemmaContextAwareEnhancer` has it.

Presidio takes its words from a language model. What stands in URLs, user agents and properties is no language,
so no model is needed: words are runs of letters and digits, each its own lemma, and none is a stop word.
`reference.py` gives Presidio the same words; a law in the tests holds both equal.
"""

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pipeline.detect.found import Found

TOKEN = re.compile(r"[^\W_]+|\S")
BEFORE = 5
"""Words before the match that count; the match's own first word does, too (Presidio's default)."""
FACTOR = 0.35
LEAST = 0.4
_CAPITAL_BE = re.compile(r"(?<![^\W_])(?:B[Ee]|bE)(?![^\W_])").search


class Words:
    """The words of one text, cut out once: a text may have a thousand matches."""

    def __init__(self, text: str) -> None:
        tokens = list(TOKEN.finditer(text))
        self._ends = [match.end() for match in tokens]
        self._starts = [match.start() for match in tokens]
        # Presidio's keywords leave "be" out, but all of it counts where it stands with a capital, too.
        skipped = "" if _CAPITAL_BE(text) else "be"
        counting = [match for match in tokens if _counts(match.group()) and match.group() != skipped]
        self._word_starts = [match.start() for match in counting]
        self._words = [match.group().lower() for match in counting]

    def near(self, start: int) -> list[str]:
        """Return the words that count for a match that begins there, in lower case."""
        token = bisect_right(self._ends, start)  # the first that ends behind it
        if token == len(self._ends):
            return []
        own = self._starts[token]
        upto, after = bisect_right(self._word_starts, own), bisect_left(self._word_starts, own)
        return self._words[max(0, upto - BEFORE - 1) : upto] + self._words[after : after + 1]


def _counts(token: str) -> bool:
    return any(map(str.isalnum, token[:1]))  # a token is of letters and digits, or a single other character


def raised(results: Sequence[Found], words: Words, context: Sequence[str], deadline: float) -> list[Found]:
    """Return the findings, with higher scores where a context word (in lower case) is part of a word nearby.

    `TimeoutError` when the thread's time has come to the deadline.
    """
    better = []
    for one in results:
        if time.thread_time() > deadline:
            raise TimeoutError
        if any(word in near for near in words.near(one.start) for word in context):
            better.append(one._replace(score=min(max(one.score + FACTOR, LEAST), 1.0), in_context=True))
        else:
            better.append(one)
    return better
