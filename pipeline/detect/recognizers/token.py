"""Secrets and random identifiers: JSON web tokens (RFC 7519), UUIDs (RFC 9562), keys, long base64."""

import re

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

PATTERNS = (
    r"eyJ[A-Za-z0-9_-]{5,4096}\.[A-Za-z0-9_-]{5,4096}(?:\.[A-Za-z0-9_-]{0,4096})?",
    r"(?<![0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-f])",
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[0-9A-Za-z]{20,255}",
    r"(?:sk|pk|rk)_(?:live|test)_[0-9A-Za-z]{10,255}",
    r"xox[abprs]-[0-9A-Za-z-]{10,255}|AIza[0-9A-Za-z_-]{35}",
    r"(?<![0-9a-f])[0-9a-f]{16,512}(?![0-9a-f])",
    r"[A-Za-z0-9+=_~-]{20,1024}",
)
_LETTERS_AND_DIGITS = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])", re.DOTALL).match
_HEX = re.compile(r"[0-9A-Fa-f-]*[0-9][0-9A-Fa-f-]*").fullmatch
_PREFIXED = re.compile(r"eyJ|AKIA|ASIA|gh[pousr]_|[spr]k_(?:live|test)_|xox[abprs]-|AIza").match


def is_random(text: str) -> bool:
    """Tell a token from a long word: a service's prefix, hexadecimal, or mixed letters and digits."""
    return bool(_PREFIXED(text) or _HEX(text) or _LETTERS_AND_DIGITS(text))


RECOGNIZER = Recognizer(Kind.TOKEN, "TOKEN", PATTERNS, score=0.7, validate=is_random)
