"""Filebeat's JSON envelope: the log line stands in `message` (Elastic Common Schema, field `message`)."""

import msgspec

from pipeline.model import Rejected
from pipeline.sources.reasons import Reason

OPENING = ord("{")
MAX_ENVELOPE = 262_144
"""Bytes: a line of 64 KB whose every other byte is escaped, and Filebeat's own fields."""


class _Event(msgspec.Struct):
    """All else in the envelope (host, path, agent) is not read: default-deny."""

    message: str


_decode = msgspec.json.Decoder(_Event).decode


def line(value: bytes) -> bytes | Rejected:
    """Return the line of an envelope."""
    if len(value) > MAX_ENVELOPE:
        return Rejected(Reason.TOO_LONG)
    try:
        return _decode(value).message.encode("utf-8", "replace")
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return Rejected(Reason.BAD_JSON)
