"""Mail's encodings: quoted-printable (RFC 2045 section 6.7) and encoded words (RFC 2047); base64 is in runs.py."""

import binascii
import re

from pipeline.detect.decoding.escapes import escaped_bytes
from pipeline.detect.decoding.place import Decoded, rewrite

_BREAK = r"=[ \t]{0,8}\r?\n"
_SOFT = re.compile(_BREAK)
_QUOTED = re.compile(f"{_BREAK}|{escaped_bytes('=')}")
_WORD = re.compile(
    r"=\?(?P<charset>[A-Za-z0-9_-]{1,40})(?:\*[A-Za-z0-9-]{1,20})?\?(?P<form>[BbQq])\?(?P<word>[^?]*)\?="
    r"(?:\s{1,8}(?==\?))?"  # RFC 2047 section 6.2: space between two encoded words is none
)
_CHARSET = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d\d?|windows-125\d|koi8-[ru]|gb(?:2312|k|18030)|big5|shift_jis|euc-(?:jp|kr)"
    r"|iso-2022-jp",
    re.IGNORECASE | re.ASCII,
)  # those of mail; Python knows others that are no character sets, and slow ones


def quoted_printable(text: str) -> Decoded | None:
    """Undo =40 and soft line breaks; what would be no text stays, as `page=10` is a parameter more often."""
    return rewrite("quoted-printable", text, _QUOTED, _quoted) if "=" in text else None


def soft_breaks(text: str) -> Decoded | None:
    """Join what quoted-printable broke into lines, but leave its other equals signs: they may be a parameter's."""
    return rewrite("soft-breaks", text, _SOFT, lambda _: "") if "=" in text else None


def encoded_words(text: str) -> Decoded | None:
    """Undo =?utf-8?q?...?= and =?utf-8?b?...?=; a word is one piece, so a span covers all of it."""
    return rewrite("encoded-word", text, _WORD, _word) if "=?" in text else None


def _quoted(match: re.Match[str]) -> str | None:
    if match[0].endswith("\n"):
        return ""
    try:
        found = bytes.fromhex(match[0].replace("=", "")).decode()
    except UnicodeDecodeError:
        return None
    return found if not found.isascii() or found.isprintable() or found in "\t\r\n" else None


def _word(match: re.Match[str]) -> str | None:
    word = match["word"]
    if not word.isascii() or not _CHARSET.fullmatch(match["charset"]):
        return None
    try:
        raw = binascii.a2b_base64(word + "==") if match["form"] in "Bb" else binascii.a2b_qp(word, header=True)
    except binascii.Error:
        return None
    return raw.decode(match["charset"], "replace")
