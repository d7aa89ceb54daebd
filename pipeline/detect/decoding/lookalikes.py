"""Signs that stand for @ and . and letters: full-width and other forms, look-alikes, invisible ones, `[at]`, `(dot)`.

Forms: NFKC (Unicode UAX 15), a character at a time, so what combines with the character before stays as it is. Dots:
RFC 3490 section 3.1 and Unicode's confusables.txt (UTS 39) without its Arabic digits; the latter has no other @ than
NFKC's. Invisible: Default_Ignorable_Code_Point of Unicode's DerivedCoreProperties.txt, without the fillers, which
are letters.
"""

import re
import unicodedata
from functools import lru_cache

from pipeline.detect.decoding.place import Decoded, rewrite

_DOTS = str.maketrans(dict.fromkeys("\u3002\u0701\u0702\u2024\ua4f8\ua60e\U00010a50\U0001d16d", "."))
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_SIGN = re.compile(f"[{_INVISIBLE}{''.join(map(chr, _DOTS))}]")
_OTHER = re.compile(r"[^\x00-\x7f]")
_SPELLED = re.compile(r"[ \t]{0,2}[\[({][ \t]{0,2}(at|dot|@|\.)[ \t]{0,2}[\])}][ \t]{0,2}", re.IGNORECASE | re.ASCII)


def forms(text: str) -> Decoded | None:
    """Write every character in its plain form, and leave the invisible out."""
    return rewrite("forms", text, _OTHER, lambda match: _plain(match[0])) if has_forms(text) else None


def has_forms(text: str) -> bool:
    """Tell, fast, whether a text may hold other forms."""
    return not text.isascii() and (not unicodedata.is_normalized("NFKC", text) or _SIGN.search(text) is not None)


def spelled(text: str) -> Decoded | None:
    """Read [at], (at), {at} and the like, also [@], as @, and the same of dots."""
    if "[" not in text and "(" not in text and "{" not in text:
        return None
    return rewrite("spelled", text, _SPELLED, lambda match: "@" if match[1] in {"@", "at", "AT", "At", "aT"} else ".")


@lru_cache(4096)
def _plain(character: str) -> str | None:
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", character).translate(_DOTS))
    return plain if plain != character else None
