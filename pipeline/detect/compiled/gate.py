"""text -> numbers of the patterns that could match, in one scan: Hyperscan as prefilter misses nothing.

A prefilter may report a pattern that does not match, never the reverse. Two databases: texts in ASCII, nearly
all of the web's, need no Unicode classes, which makes theirs three times faster and a quarter of the size; the
other is loaded when the first other text comes. It is cut into groups: with Unicode classes all of Presidio's 173
patterns at once take 55 to 150 s to compile, in groups of 60 they take 18 s, for 2 us more a text.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import hyperscan

from pipeline.detect.compiled.databases import is_stored, stored
from pipeline.detect.compiled.shadow import Shadow

_ASCII = (
    hyperscan.HS_FLAG_CASELESS
    | hyperscan.HS_FLAG_DOTALL
    | hyperscan.HS_FLAG_MULTILINE
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_PREFILTER
    | hyperscan.HS_FLAG_ALLOWEMPTY
)
_UNICODE = _ASCII | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
_GROUP = 60
"""Patterns of one database with Unicode classes."""
_ANYTHING = b""
"""Stands in for a pattern that Hyperscan cannot take: it always could match."""

Progress = Callable[[str, int, int], None]
"""(what, done, total), while a database is built."""


def quiet(what: str, done: int, total: int) -> None:
    """Show no progress."""


class Gate:
    """The patterns of all recognizers; compiled once for a machine, then read from a folder."""

    def __init__(self, patterns: Sequence[str], folder: Path, progress: Progress = quiet) -> None:
        self._patterns = tuple(patterns)
        self._folder = folder
        self._progress = progress
        self._shadow = Shadow(self._patterns)
        self._ascii = self._databases(_ASCII, len(self._patterns))
        self._unicode: list[hyperscan.Database] = []

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of all patterns that could match, in no order; most often none."""
        hits: list[int] = []
        if text.isascii():
            if text:  # Hyperscan refuses an empty buffer
                for database in self._ascii:
                    database.scan(text.encode(), match_event_handler=lambda number, *_: hits.append(number))
            return hits
        self.load(text)
        buffer = text.translate(self._shadow).encode("utf-8", "replace")
        for database in self._unicode:
            database.scan(buffer, match_event_handler=lambda number, *_: hits.append(number))
        return hits

    def load(self, text: str) -> None:
        """See that the database that a text needs is in memory."""
        if not self._unicode and not text.isascii():
            self._unicode = self._databases(_UNICODE, _GROUP)

    def prepare(self) -> None:
        """See that the database for other texts than ASCII is on disk: the first of them loads it, in 50 ms."""
        for start, patterns in self._groups(_GROUP):
            if not is_stored(self._folder, [_UNICODE, start, *patterns]):
                self._database(_UNICODE, start, patterns)

    @property
    def size(self) -> int:
        """Bytes of the databases that are loaded."""
        return sum(int(database.size()) for database in [*self._ascii, *self._unicode])

    def _databases(self, flags: int, group: int) -> list[hyperscan.Database]:
        return [self._database(flags, start, patterns) for start, patterns in self._groups(group)]

    def _groups(self, group: int) -> Iterator[tuple[int, Sequence[str]]]:
        for start in range(0, len(self._patterns), max(group, 1)):
            yield start, self._patterns[start : start + group]

    def _database(self, flags: int, start: int, patterns: Sequence[str]) -> hyperscan.Database:
        def build() -> hyperscan.Database:
            total = len(self._patterns)
            self._progress("compile the patterns of detection", start, total)
            built = _compiled(dict(enumerate(patterns, start)), flags)
            self._progress("compile the patterns of detection", start + len(patterns), total)
            return built

        return stored(self._folder, [flags, start, *patterns], build)


def _compiled(patterns: dict[int, str], flags: int) -> hyperscan.Database:
    expressions = {number: pattern.encode() for number, pattern in patterns.items()}
    try:
        return _database(expressions, flags)
    except hyperscan.error:
        kept = {n: text if _is_taken(text, flags) else _ANYTHING for n, text in expressions.items()}
        return _database(kept, flags)


def _is_taken(expression: bytes, flags: int) -> bool:
    try:
        _database({0: expression}, flags)
    except hyperscan.error:
        return False
    return True


def _database(expressions: dict[int, bytes], flags: int) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(expressions=list(expressions.values()), ids=list(expressions), flags=[flags] * len(expressions))
    return database
