"""Laws of detection that hold for any bytes, and the fuzzer that looks for bytes which break one (make fuzz).

What a reading or a finding says of itself is held to its whole form, so that no part of a text can be in it.
Time is libFuzzer's to bound (-timeout): the detector gets more than that, so that what is slow shows up.
"""

import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.detect.presidio import without_language_models

CORPUS = Path(__file__).parent / "corpus"
BUDGET_S = 60.0
_STEP = re.compile(r"[a-z0-9-]+")
_SHOWN_VIEW = re.compile(r"<View [a-z0-9/-]+, [0-9]+ characters>")
_SHOWN_DETECTION = re.compile(r"<Detection [0-9]+ found, (?:sure|bounds|time)>")


class Laws:
    """Detection as deployed, and what holds of it."""

    def __init__(self) -> None:
        from pipeline.detect.decoding import LIMITS, views
        from pipeline.detect.detector import Detector
        from pipeline.detect.segments import Segments
        from pipeline.policy.model import Method
        from pipeline.protect.generalize import generalizers
        from pipeline.stages import findings
        from pipeline.stages.redaction import redact
        from tests.detecting import engine, recognizers
        from tests.sanitizing import POLICY, SITE, TODAY, FakeGeo, FakeKey

        self._limits, self._views, self._stage = LIMITS, views, findings
        self._detector = Detector(engine(), BUDGET_S)
        self._detector.prepare()
        self._recognizers = {one.name for one in recognizers()}
        self._segments = Segments(self._detector)
        self._findings = findings.Findings(self._detector, POLICY, FakeKey(SITE, TODAY))
        self._redact, self._general = redact, generalizers(FakeGeo(), date(2016, 7, 1))
        self._methods = {method.value for method in Method}

    def hold(self, raw: bytes) -> None:
        """Raise `AssertionError` where one does not; bytes that are no UTF-8 are lone surrogates in the text."""
        text = raw.decode("utf-8", "surrogateescape")
        self.readings(text)
        detection = self.detection(text)
        redacted = self._redact(text, detection, self._findings, self._general)
        assert not redacted.remarks or redacted.text != text
        kind = self._segments.kind(text)
        assert kind is None or str(kind) in {"email", "card", "phone", "token", "id"}
        said = self._findings(raw)
        assert len(said) <= self._stage.MAX_SAID
        assert len(set(said)) == len(said)
        remarks = self.remarks(raw)
        assert {one.entity for one in said} <= {one.entity for one in remarks}
        if text.isascii() and remarks and remarks[0].entity != self._stage.WHOLE:
            assert {one[1:3] for one in remarks} <= {one[1:3] for one in detection.found}, (
                "the same text, other findings"
            )

    def readings(self, text: str) -> None:
        """Hold readings to be few, short in all, each of them at a place in the original."""
        readings, exceeded = self._views(text)
        assert readings[0] == (text, (), ())
        assert len(readings) <= self._limits.views
        assert sum(len(view.text) for view in readings[1:]) <= self._limits.decoded(len(text))
        assert isinstance(exceeded, bool)
        for view in readings:
            start, end = view.span(0, len(view.text))
            assert 0 <= start <= end <= len(text)
            assert _SHOWN_VIEW.fullmatch(repr(view))

    def detection(self, text: str) -> Any:
        """Hold findings to be in order, in bounds, apart, by recognizers that are on."""
        detection = self._detector.detect(text)
        assert _SHOWN_DETECTION.fullmatch(repr(detection))
        last = 0
        for one in detection.found:
            assert last <= one.start < one.end <= len(text)
            assert one.entity in self._detector.entities
            assert one.recognizer in self._recognizers
            assert all(_STEP.fullmatch(step) for step in one.path)
            assert detection.value(one)
            assert one.path or text[one.start : one.end] in detection.value(one)
            last = one.end
        return detection

    def remarks(self, raw: bytes) -> Any:
        """Hold remarks to be few, in order and in bounds, with a token only where the policy makes one."""
        text = raw.decode("utf-8", "replace")
        remarks = self._findings.remarks(text, self._detector.detect(text))
        assert len(remarks) <= self._stage.MAX_REMARKS
        length, last = len(text), 0
        for one in remarks:
            assert last <= one.start <= one.end <= length
            assert one.entity in self._detector.entities | {self._stage.WHOLE}
            assert one.recognizer in self._recognizers | {"bounds", "time", "many"}
            assert one.method in self._methods
            assert len(one.token) == (20 if one.method == "tokenize" else 0)
            last = one.end
        return remarks


def main() -> None:
    """Fuzz with libFuzzer's options: the first folder takes new texts, others are seeds."""
    import atheris

    with atheris.instrument_imports(include=["pipeline.detect", "pipeline.protect", "pipeline.stages"]):
        without_language_models()
        laws = Laws()
    atheris.Setup(sys.argv, laws.hold)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
