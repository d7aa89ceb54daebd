"""Moves the times of a log into another span, order and shape kept: old logs have no day keys any more."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from pipeline.sources.clf_time import parse_time

_TIME = re.compile(rb"\[(\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\]")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def time_of(line: bytes) -> int | None:
    """Return the event time of a line in ms since the epoch; None where it has none."""
    found = _TIME.search(line)
    return parse_time(found[1]) if found else None


def rebase(first_ms: int, last_ms: int, start_ms: int, end_ms: int) -> Callable[[bytes], bytes]:
    """Return what maps times of [first, last] linearly onto [start, end]; a line without a time stays as it is."""
    scale = (end_ms - start_ms) / max(1, last_ms - first_ms)

    def move(line: bytes) -> bytes:
        time = time_of(line)
        if time is None:
            return line
        moved = start_ms + int((time - first_ms) * scale)
        return _TIME.sub(lambda _: b"[" + clf(moved) + b"]", line, count=1)

    return move


def clf(time_ms: int) -> bytes:
    """Write a time as the common log format does, in UTC and in English whatever the locale."""
    time = datetime.fromtimestamp(time_ms // 1_000, UTC)
    return f"{time:%d}/{_MONTHS[time.month - 1]}/{time:%Y:%H:%M:%S} +0000".encode()
