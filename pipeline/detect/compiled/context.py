"""Context words: what stands before a match raises its score, as `LemmaContextAwareEnhancer` has it.

Presidio takes its words from a language model. What stands in URLs, user agents and properties is no language,
so no model is needed: words are runs of letters and digits, each its own lemma, and none is a stop word.
`reference.py` gives Presidio the same words; a law in the tests holds both equal.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.detect.found import Found

TOKEN = re.compile(r"[^\W_]+|\S")
BEFORE = 5
"""Words before the match that count; the match's own first word does, too (Presidio's default)."""
FACTOR = 0.35
LEAST = 0.4
WINDOW = 96
"""Characters before a match that are looked at first."""
_IN_TOKEN = re.compile(r"[^\W_]").match


class Words:
    """The words of one text. Only those near a match are cut out: a token is whole wherever one begins to read."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Presidio's keywords leave "be" out, but all of it counts where it stands with a capital, too.
        self._skipped = "" if re.search(r"(?<![^\W_])(?:B[Ee]|bE)(?![^\W_])", text) else "be"

    def near(self, start: int) -> list[str]:
        """Return the words that count for a match that begins there, in lower case."""
        reach = WINDOW
        while True:
            first = max(0, start - reach)
            while first and _IN_TOKEN(self._text[first - 1]):
                first -= 1
            before, own = self._before(first, start)
            if own is None or len(before) > BEFORE or not first:
                break
            reach *= 4
        if own is None:
            return []
        after = next((word for word in self._words(TOKEN.finditer(self._text, own)) if word), None)
        return before[: BEFORE + 1] if after is None else [*before[: BEFORE + 1], after]

    def _before(self, first: int, start: int) -> tuple[list[str], int | None]:
        """Return the words from a place up to the token that a match begins in, last first, and where that begins."""
        tokens = []
        for match in TOKEN.finditer(self._text, first):
            tokens.append(match)
            if start < match.end():
                words = [word for word in self._words(reversed(tokens)) if word]
                return words, match.start()
        return [], None

    def _words(self, tokens: Iterable[re.Match[str]]) -> Iterator[str]:
        """Yield tokens in lower case; punctuation, and what Presidio leaves out, as empty."""
        for match in tokens:
            token = match.group()
            counts = token != self._skipped and any(map(str.isalnum, token))
            yield token.lower() if counts else ""


def raised(results: Sequence[Found], words: Words, context: Sequence[str]) -> list[Found]:
    """Return the findings, with higher scores where a context word (in lower case) is part of a word nearby."""
    return [
        one._replace(score=min(max(one.score + FACTOR, LEAST), 1.0), in_context=True)
        if any(word in near for near in words.near(one.start) for word in context)
        else one
        for one in results
    ]
