"""Internationalized domain labels: xn--mbel-5qa -> möbel (punycode: RFC 3492; its prefix: RFC 5890, 2.3.2.1)."""

import re

from pipeline.detect.decoding.place import Decoded, rewrite

_LABEL = re.compile(
    r"(?<![A-Za-z0-9-])[Xx][Nn]--([A-Za-z0-9-]{1,59})(?![A-Za-z0-9-])"
)  # 63 with the prefix: RFC 1035


def punycode(text: str) -> Decoded | None:
    """Write A-labels in Unicode; what is no punycode stays."""
    return rewrite("punycode", text, _LABEL, _label) if "--" in text else None


def _label(match: re.Match[str]) -> str | None:
    try:
        found = match[1].encode().decode("punycode")
        found.encode()  # no lone surrogates
    except UnicodeError:
        return None
    return found
