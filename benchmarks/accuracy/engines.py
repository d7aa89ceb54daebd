"""The detectors under test: each a function text -> findings that do not overlap."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.config import ROOT
from pipeline.detect.found import Found
from pipeline.policy.load import load_policy

from .scoring import Findings

POLICY = ROOT / "deploy" / "policy"
RECOGNIZERS = POLICY / "recognizers.yaml"
UNSURE = "UNSURE"
"""Stands for all of a text that was not searched to the end: it counts as personal."""
_BUDGET_S = 2.0
"""Enough on a busy machine: here counts what is found, not how fast."""


def detector(folder: Path) -> Findings:
    """Return the deployed detector: all recognizers, all encodings, the policy's rules."""
    from pipeline.detect.compiled.engine import CompiledEngine  # noqa: PLC0415  # Presidio's import takes seconds
    from pipeline.detect.detector import Detector, trust  # noqa: PLC0415
    from pipeline.detect.registry import load_recognizers  # noqa: PLC0415

    engine = CompiledEngine(load_recognizers(RECOGNIZERS), threshold(), folder, trust=trust(kept()))
    made = Detector(engine, _BUDGET_S)

    def findings(text: str) -> tuple[Found, ...]:
        detection = made.detect(text)
        return (Found(UNSURE, 0, len(text), 1.0, ""),) if detection.unsure else detection.found

    return findings


def kept() -> frozenset[str]:
    """Return the entities that the policy keeps: they say nothing of a person."""
    return load_policy(POLICY).detection.kept


def threshold() -> float:
    """Return the score that a finding needs."""
    return load_policy(POLICY).detection.minimum_score_percent / 100


def presidio(folder: Path) -> Findings:
    """Return Presidio's own recognizers of the same file alone, which read a text as it is."""
    from pipeline.detect.compiled.engine import CompiledEngine  # noqa: PLC0415
    from pipeline.detect.registry import OURS, load_recognizers  # noqa: PLC0415

    own = [one for one in load_recognizers(RECOGNIZERS) if one.name not in OURS]
    engine = CompiledEngine(own, threshold(), folder)
    return lambda text: apart(engine.analyze(text))


def apart(found: Sequence[Found]) -> tuple[Found, ...]:
    """Leave of findings that overlap the surest, of these the longest."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (-one.score, one.start - one.end, one.start, one.entity)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept))


ENGINES: dict[str, Callable[[Path], Findings]] = {"detector": detector, "presidio": presidio}
