r"""A text as the gate sees it: each character beyond ASCII stands for its class.

Hyperscan's Unicode is PCRE's of 2014: 59,000 characters of later versions, combining marks and superscripts
belong to `\w` or `\d` in one of Hyperscan and `regex` only. A shadow has the classes of `regex`, which decide:
a digit, a letter, a blank and a sign stand for all others. What a pattern names itself stays, and what a pattern's
ASCII letter matches without regard to case (long s, Kelvin sign, dotted I) becomes that letter.
"""

import re
import string
from collections.abc import Iterable

import regex

_DIGIT, _WORD, _BLANK, _SIGN = "\u0663", "\u00aa", "\u1680", "\u00a7"
_CLASSES = ((regex.compile(r"\d"), _DIGIT), (regex.compile(r"\w"), _WORD), (regex.compile(r"\s"), _BLANK))
_LETTERS = [(regex.compile(letter, regex.IGNORECASE), letter) for letter in string.ascii_lowercase]
_RANGE = re.compile(r"(\\?.)-([^\x00-\x7f])", re.DOTALL)
_MAX_KNOWN = 4_096
"""Characters that are remembered."""


class Shadow(dict[int, str]):
    """For `str.translate`: code point -> the character that stands for it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        super().__init__()
        whole = "".join(patterns)
        named = {character for character in whole if not character.isascii()}
        self._ranges = [(first[-1], last) for first, last in _RANGE.findall(whole)]
        self._named = named | {c for character in named for c in character.lower() + character.upper()}
        taken = [stand_in for stand_in in (_DIGIT, _WORD, _BLANK, _SIGN) if self._is_named(stand_in)]
        if taken:
            raise ValueError(f"a pattern names U+{ord(taken[0]):04X}, which stands for others here")

    def __missing__(self, code: int) -> str:
        shadow = self._shadow(chr(code))
        if len(self) >= _MAX_KNOWN:
            self.clear()
        self[code] = shadow
        return shadow

    def _shadow(self, character: str) -> str:
        if character.isascii() or self._is_named(character):
            return character
        letters = [letter for pattern, letter in _LETTERS if pattern.fullmatch(character)]
        classes = [stand_in for pattern, stand_in in _CLASSES if pattern.fullmatch(character)]
        return [*letters, *classes, _SIGN][0]

    def _is_named(self, character: str) -> bool:
        return character in self._named or any(first <= character <= last for first, last in self._ranges)
