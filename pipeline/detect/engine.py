"""text -> Findings: the gate chooses recognizers, these match and validate."""

import re
from collections.abc import Sequence
from itertools import islice

from pipeline.detect.finding import Finding, Kind
from pipeline.detect.gate import Gate
from pipeline.detect.recognizer import Recognizer
from pipeline.detect.recognizers import RECOGNIZERS

_RANK = {kind: rank for rank, kind in enumerate(Kind)}
MAX_VALIDATED = 2
"""Matches of a pattern that `kind` has validated: some validators are slow, and a text may hold many matches."""


class Detector:
    """Finds personal data in decoded text."""

    def __init__(self, recognizers: Sequence[Recognizer] = RECOGNIZERS) -> None:
        self._recognizers = tuple(recognizers)
        self._gate = Gate(self._recognizers)

    def findings(self, text: str) -> list[Finding]:
        """Return all findings, the most telling kind first; spans of different kinds may overlap."""
        found = [
            Finding(recognizer.kind, match.start(), match.end(), recognizer.score)
            for recognizer in (self._recognizers[number] for number in self._gate.candidates(text))
            for pattern in recognizer.compiled
            for match in pattern.finditer(text)
            if recognizer.validate(match.group())
        ]
        return sorted(set(found), key=lambda finding: (_RANK[finding.kind], finding.start, finding.end))

    def kind(self, text: str) -> Kind | None:
        """Return the most telling kind in a text, or None; a number must be all of the text."""
        candidates = (self._recognizers[number] for number in self._gate.candidates(text))
        for recognizer in sorted(candidates, key=lambda one: _RANK[one.kind]):
            if any(self._tells(recognizer, pattern, text) for pattern in recognizer.compiled):
                return recognizer.kind
        return None

    @staticmethod
    def _tells(recognizer: Recognizer, pattern: re.Pattern[str], text: str) -> bool:
        return any(
            recognizer.validate(match.group())
            for match in islice(pattern.finditer(text), MAX_VALIDATED)
            if recognizer.kind is not Kind.ID or (match.start() == 0 and text[match.end() :][:1] in {"", "."})
        )
