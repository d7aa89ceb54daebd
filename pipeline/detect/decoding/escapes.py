r"""Escapes of URLs, logs and programs: %40, + for a space, \u0040, \x40, \".

Percent-encoding: RFC 3986 section 2.1. Plus: the HTML standard's application/x-www-form-urlencoded (WHATWG URL
section 5). Backslashes: RFC 8259 section 7 (JSON); ECMA-262 12.9.4 (`\x40`, `\u{40}`) and B.2.1 (`%u0040`); Apache
and nginx log unprintable bytes and quotes as `\xHH`. Bytes are read as UTF-8, others as Latin-1, which loses none.
"""

import re
from functools import lru_cache

from pipeline.detect.decoding.place import Decoded, rewrite

HEX = "[0-9A-Fa-f]"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_JSON = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}  # others stand for themselves


def escaped_bytes(prefix: str) -> str:
    """Return a pattern of one UTF-8 character (RFC 3629 section 4) or one other byte, each byte after the prefix."""
    tail = f"{prefix}[89ABab]{HEX}"
    return (
        f"{prefix}(?:(?:[Cc][2-9A-Fa-f]|[Dd]{HEX}){tail}|[Ee]{HEX}(?:{tail}){{2}}"
        f"|[Ff][0-4](?:{tail}){{3}}|{HEX}{{2}})"
    )


_OCTETS = escaped_bytes(r"\\x")
_PERCENT = re.compile(escaped_bytes("%"))
_PLUS = re.compile(r"\+")
_BACKSLASH = re.compile(
    rf"\\u(?P<high>[Dd][89ABab]{HEX}{{2}})\\u(?P<low>[Dd][C-Fc-f]{HEX}{{2}})"
    rf"|%u(?P<high2>[Dd][89ABab]{HEX}{{2}})%u(?P<low2>[Dd][C-Fc-f]{HEX}{{2}})"
    rf"|[\\%]u(?P<unit>{HEX}{{4}})|\\u\{{(?P<braced>{HEX}{{1,6}})\}}|\\U(?P<long>{HEX}{{8}})"
    rf"|(?P<octets>{_OCTETS})|\\(?P<json>[\"'\\/bfnrt])"
)


def percent(text: str) -> Decoded | None:
    """Undo percent-encoding once."""
    return rewrite("percent", text, _PERCENT, _percent) if "%" in text else None


def plus(text: str) -> Decoded | None:
    """Read + as a space after the first ? or =, where a query may be."""
    if "+" not in text:
        return None
    starts = [found for found in (text.find("?"), text.find("=")) if found >= 0]
    return rewrite("plus", text, _PLUS, lambda _: " ", min(starts)) if starts else None


def backslash(text: str) -> Decoded | None:
    """Undo the escapes of JSON and JavaScript strings and of logs once, from left to right."""
    return rewrite("backslash", text, _BACKSLASH, _unescape) if "\\" in text or "%u" in text else None


@lru_cache(4096)
def octets(digits: str) -> str:
    """Read hexadecimal digits as UTF-8, or else as Latin-1."""
    raw = bytes.fromhex(digits)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _percent(match: re.Match[str]) -> str:
    return octets(match[0].replace("%", ""))


def _unescape(match: re.Match[str]) -> str | None:
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "json":
        return _JSON.get(value, value)
    if kind == "octets":
        return octets(value.replace("\\x", ""))
    if kind in {"low", "low2"}:
        high = int(match["high" if kind == "low" else "high2"], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + int(value, 16) - 0xDC00)
    return _character(int(value, 16))


def _character(number: int) -> str:
    return chr(number) if number < 0xD800 or 0xDFFF < number <= 0x10FFFF else _REPLACEMENT
