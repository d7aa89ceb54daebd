"""Merges the lines of several logs by time: rotated files in any order, or those of several servers.

Without it a second file would begin behind the first one's end, and its lines would be late for their windows.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from pipeline.sources.rebase import time_of


def merge(logs: Sequence[Iterable[bytes]], now_ms: int) -> Iterator[bytes]:
    """Yield the lines of all logs by time; each log keeps its own order.

    A line without a time, or with one after `now_ms` (a broken clock), stays behind the line that it follows.
    """
    if len(logs) == 1:  # nothing to compare
        yield from logs[0]
        return
    for _, line in heapq.merge(*(_timed(log, now_ms) for log in logs), key=itemgetter(0)):
        yield line


def _timed(log: Iterable[bytes], now_ms: int) -> Iterator[tuple[int, bytes]]:
    latest = 0
    for line in log:
        time = time_of(line)
        if time is not None and time <= now_ms:
            latest = max(latest, time)
        yield latest, line
