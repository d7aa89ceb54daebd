"""Puts the detector together: the policy's rules, the recognizers beside it, the gate on disk.

Presidio is imported here and only when asked, and without its language models: other processes do not need it.
"""

import sys
from typing import TYPE_CHECKING

from pipeline.config import Settings
from pipeline.detect.presidio import without_language_models
from pipeline.errors import ConfigError
from pipeline.policy.document import RECOGNIZERS
from pipeline.policy.model import Method, Policy

if TYPE_CHECKING:
    from pipeline.detect.compiled.gate import Progress
    from pipeline.detect.detector import Detector

NAMED_ENTITIES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP"})
"""What a language model finds in free text (spaCy's, as Presidio names them)."""


def show_progress(what: str, done: int, total: int) -> None:
    """Say on stderr how far a database is built: the first use on a machine takes half a minute."""
    print(f"{what}: {done} of {total}", file=sys.stderr)


def open_detector(policy: Policy, settings: Settings, progress: "Progress") -> "Detector":
    """Return the detector of a policy; `ConfigError`: its recognizers are wrong, or a rule is for none of them."""
    without_language_models()
    from pipeline.detect.compiled.engine import CompiledEngine  # noqa: PLC0415  # as said above
    from pipeline.detect.detector import Detector, trust  # noqa: PLC0415
    from pipeline.detect.registry import load_recognizers  # noqa: PLC0415

    found, rules = policy.detection, policy.detection.rules
    recognizers = load_recognizers(settings.policy_dir / RECOGNIZERS)
    kept = {entity for rule in rules if rule.method is Method.KEEP for entity in rule.entities}
    threshold = found.minimum_score_percent / 100
    engine = CompiledEngine(recognizers, threshold, settings.gate_dir, progress, trust=trust(kept))
    detector = Detector(engine, found.budget_ms / 1_000)
    named = {entity for rule in rules for entity in rule.entities}
    unknown = sorted(named - detector.entities - NAMED_ENTITIES)
    if unknown:
        raise ConfigError([f"detection.yaml: {entity}: no recognizer finds it" for entity in unknown])
    return detector
