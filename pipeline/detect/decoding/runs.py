"""Runs of digits that spell text: base64 and base64url (RFC 4648 sections 4 and 5), hex (section 8), JWT (RFC 7519).

Words and paths are in the same alphabets, so a run counts only if its bytes are UTF-8 and at least 90 % printable.
A random run of twelve base64 digits is by a chance of 1 in 10,000, a random one of twelve hex digits of 1 in 400.
"""

import binascii
import re
from collections.abc import Iterator
from unicodedata import category

from pipeline.detect.decoding.place import Decoded, Grid, rewrite

_RUN = re.compile(r"[A-Za-z0-9+/_-]{12,}+={0,2}")
_SEGMENT = re.compile(r"[A-Za-z0-9+_-]{12,}+={0,2}")  # of a path
_WORD = re.compile(r"[A-Za-z0-9]{12,}+={0,2}")
_SLASHES = 8  # in a path, before standard base64 that has slashes itself
_ODD = {"Cc", "Cn", "Co"}  # controls and what is no character; invisible ones may hide in a text
_FOLD = re.compile(r"\r?\n(?:(?<=[A-Za-z0-9+/]{60}\n)|(?<=[A-Za-z0-9+/]{60}\r\n))(?=[A-Za-z0-9+/=])")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}+(?![0-9A-Fa-f])")  # of an odd run all but the first: a word may end in e
_TAIL = "IJKLYZabopqr4567"  # digits whose last four bits are 10xx: they begin UTF-8's continuation bytes
_LEAD = re.compile(f"[A-Za-f][^{_TAIL}]|[w-z0-9][{_TAIL}]")  # how UTF-8 may begin, ASCII or not; few words do


def unfolded(text: str) -> Decoded | None:
    """Join lines of base64: mail breaks them at 76 characters (RFC 2045 section 6.8), PEM at 64 (RFC 7468)."""
    return rewrite("unfolded", text, _FOLD, lambda _: "") if "\n" in text else None


def runs(text: str) -> Iterator[Decoded]:
    """Yield what the text's runs spell; a folded line is left to the view in which it is not."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if (end - start) % 4 == 0 and _FOLD.match(text, end):
            continue
        for digits in _HEX.finditer(text, start, end):
            if (found := _readable(bytes.fromhex(digits[0]))) is not None:
                yield Decoded("hex", found, Grid(found, digits.start(), 2, 1))
        yield from _base64_in(text, start, end)


def _base64_in(text: str, start: int, end: int) -> Iterator[Decoded]:
    """Read a run as a whole; else after one of its slashes, between slashes, between other signs."""
    if found := _base64(text, start, end):
        yield found
        return
    slash = start - 1
    for _ in range(_SLASHES):
        if (slash := text.find("/", slash + 1, end - 12)) < 0:
            break
        if found := _base64(text, slash + 1, end):
            yield found
            end = slash
            break
    for segment in _SEGMENT.finditer(text, start, end):
        if segment.span() != (start, end) and (found := _base64(text, *segment.span())):
            yield found
            continue
        for word in _WORD.finditer(text, *segment.span()):
            if word.span() != segment.span() and (found := _base64(text, *word.span())):
                yield found


def _base64(text: str, start: int, end: int) -> Decoded | None:
    if not _LEAD.match(text, start):
        return None
    digits = text[start:end].rstrip("=").replace("-", "+").replace("_", "/")
    if len(digits) % 4 == 1:
        return None
    found = _readable(binascii.a2b_base64(digits + "=="))
    if found is None:
        return None
    return Decoded("jwt" if _in_jwt(text, start, end) else "base64", found, Grid(found, start, 4, 3))


def _in_jwt(text: str, start: int, end: int) -> bool:
    """Tell a JWT's header or payload: a JSON object, so it begins with `ey`, beside a dot."""
    return text.startswith("ey", start) and "." in {text[max(0, start - 1) : start], text[end : end + 1]}


def _readable(raw: bytes) -> str | None:
    try:
        found = raw.decode()
    except UnicodeDecodeError:
        return None
    if found.isprintable():
        return found
    odd = sum(category(character) in _ODD and not character.isspace() for character in found)
    return found if odd * 10 <= len(found) else None
