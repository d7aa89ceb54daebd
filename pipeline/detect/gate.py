"""One scan says which recognizers could match: Hyperscan as prefilter misses nothing that `re` finds."""

import re
from collections.abc import Sequence

import hyperscan

from pipeline.detect.recognizer import Recognizer

_FLAGS = (
    hyperscan.HS_FLAG_CASELESS
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_PREFILTER
    | hyperscan.HS_FLAG_UTF8
    | hyperscan.HS_FLAG_UCP
)
_UPPER_BOUND = re.compile(r"\{(\d+),\d+\}")  # Hyperscan would unroll it; without it the gate only lets more pass


class Gate:
    """The patterns of all recognizers as one database, compiled at the start."""

    def __init__(self, recognizers: Sequence[Recognizer]) -> None:
        owned = [(number, text) for number, found in enumerate(recognizers) for text in found.patterns]
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[_UPPER_BOUND.sub(r"{\1,}", pattern).encode() for _, pattern in owned],
            ids=[number for number, _ in owned],
            flags=[_FLAGS] * len(owned),
        )

    def candidates(self, text: str) -> set[int]:
        """Return the numbers of the recognizers that could find something; most often none."""
        hits: set[int] = set()
        if text:  # Hyperscan refuses an empty buffer
            self._database.scan(
                text.encode("utf-8", "replace"), match_event_handler=lambda number, *_: hits.add(number)
            )
        return hits
