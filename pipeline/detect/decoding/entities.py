"""HTML's character references: &commat; &#64; &#x40; with or without the semicolon (HTML living standard, 13.5).

Without a semicolon a name counts unless it begins a parameter's (`&section=`), much as in the
standard's attributes (its named character reference state).
"""

import html
import re
from html.entities import html5

from pipeline.detect.decoding.place import Decoded, rewrite

_BARE = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
_REFERENCE = re.compile(
    r"&(?:#(?:0*[0-9]{1,7}|[xX]0*[0-9A-Fa-f]{1,6});?"
    rf"|[A-Za-z][A-Za-z0-9]{{1,31}};|(?:{_BARE})(?![\w.\-]*+=))"
)


def entities(text: str) -> Decoded | None:
    """Undo character references once."""
    return rewrite("entities", text, _REFERENCE, _character) if "&" in text else None


def _character(match: re.Match[str]) -> str | None:
    found = html.unescape(match[0])
    return found if found != match[0] else None
