r"""A text as the gate sees it: each character beyond ASCII stands for its class.

Hyperscan's Unicode is PCRE's of 2014: 59,000 characters of later versions, combining marks and superscripts
belong to `\w` or `\d` in one of Hyperscan and `regex` only. A shadow has the classes of `regex`, which decide.
What a pattern names itself stays, and what a pattern's ASCII letter matches without regard to case (long s,
Kelvin sign, dotted I) becomes that letter.
"""

import string
from collections.abc import Iterable

import regex

_CLASSES = (
    (regex.compile(r"\d"), "\N{ARABIC-INDIC DIGIT THREE}"),
    (regex.compile(r"\w"), "\N{FEMININE ORDINAL INDICATOR}"),
    (regex.compile(r"\s"), "\N{NO-BREAK SPACE}"),
)
_OTHER = "\N{SECTION SIGN}"
_LETTERS = [(regex.compile(letter, regex.IGNORECASE), letter) for letter in string.ascii_lowercase]
_MAX_KNOWN = 4_096
"""Characters that are remembered."""


class Shadow(dict[int, str]):
    """For `str.translate`: code point -> the character that stands for it."""

    def __init__(self, patterns: Iterable[str]) -> None:
        super().__init__()
        named = {character for pattern in patterns for character in pattern if not character.isascii()}
        self._named = named | {c for character in named for c in character.lower() + character.upper()}

    def __missing__(self, code: int) -> str:
        shadow = self._shadow(chr(code))
        if len(self) >= _MAX_KNOWN:
            self.clear()
        self[code] = shadow
        return shadow

    def _shadow(self, character: str) -> str:
        if character.isascii() or character in self._named:
            return character
        letters = [letter for pattern, letter in _LETTERS if pattern.fullmatch(character)]
        classes = [shadow for pattern, shadow in _CLASSES if pattern.fullmatch(character)]
        return [*letters, *classes, _OTHER][0]
