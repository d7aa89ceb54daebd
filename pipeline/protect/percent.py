r"""Undo what hides text in a URL: percent-encoding, again and again, and the log's own \xHH escapes.

Attackers and mail programs encode twice (%2540), so once is not enough. Bounded: each round costs the length.
"""

import re
from urllib.parse import unquote_to_bytes

MAX_ROUNDS = 5
_LOG_ESCAPE = re.compile(rb"\\x([0-9A-Fa-f]{2})")  # how Apache and nginx write unprintable bytes


def decode(raw: bytes) -> str:
    """Return the text behind an encoded one; what is no UTF-8 becomes U+FFFD."""
    if b"\\x" in raw:
        raw = _LOG_ESCAPE.sub(rb"%\1", raw)
    for _ in range(MAX_ROUNDS):
        if b"%" not in raw:
            break
        decoded = unquote_to_bytes(raw)
        if decoded == raw:
            break
        raw = decoded
    return raw.decode("utf-8", "replace")
