r"""The gate: most texts hold nothing encoded, and to know it must cost less than a microsecond.

A table makes each byte a class; only if a class that encodings leave is there, slower and narrower questions follow.
It may let plain texts pass, never keep an encoded one back: each question asks for less than the decoding it is for.
"""

import re

from pipeline.detect.decoding.lookalikes import has_forms
from pipeline.detect.decoding.runs import runs, unfolded

_SIGNS = b"%\\&=+([{"
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_CLASSES = bytes(1 if byte in _SIGNS else 2 if byte in _DIGITS else 0 for byte in range(256))
_SIGN = b"\1"
_RUN = b"\2" * 12
_SUSPECT = re.compile(
    r"[%\\+]"
    r"|&(?:#|[A-Za-z][\w.\-]*+(?!=))"  # no parameter's name
    r"|=(?:[ \t\r\n?]|[02-7C-Fc-f][0-9A-Fa-f])"  # quoted-printable of text
    r"|[\[({][ \t]{0,2}(?:[Aa][Tt]|[Dd][Oo][Tt]|[@.])"
)


def plain(text: str) -> bool:
    """Tell that no decoding would change a text or find a run in it."""
    if text.isascii():
        raw = text.encode()
    elif has_forms(text):
        return False
    else:
        raw = text.encode("utf-8", "surrogatepass")
    classes = raw.translate(_CLASSES)
    if _SIGN in classes and _SUSPECT.search(text):
        return False
    return "--" not in text and (_RUN not in classes or (next(runs(text), None) or unfolded(text)) is None)
