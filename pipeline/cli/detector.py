"""Puts the detector together: the policy's rules, the recognizers beside it, the gate on disk.

Presidio is imported here and only when asked, and without its language models: other processes do not need it.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import Settings
from pipeline.detect.presidio import without_language_models
from pipeline.errors import ConfigError
from pipeline.policy.document import RECOGNIZERS
from pipeline.policy.model import Policy

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer

    from pipeline.detect.compiled.gate import Progress
    from pipeline.detect.detector import Detector

NAMED_ENTITIES = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "NRP"})
"""What a language model finds in free text (spaCy's, as Presidio names them)."""


def show_progress(what: str, done: int, total: int) -> None:
    """Say on stderr how far a database is built: the first use on a machine takes half a minute."""
    print(f"{what}: {done} of {total}", file=sys.stderr)


def open_recognizers(policy: Policy, directory: Path) -> "tuple[EntityRecognizer, ...]":
    """Return the recognizers of a policy's folder.

    `ConfigError`: recognizers.yaml is not what Presidio reads, or a rule is for an entity that nobody finds.
    """
    without_language_models()
    from pipeline.detect.registry import load_recognizers  # noqa: PLC0415  # as said above

    recognizers = load_recognizers(directory / RECOGNIZERS)
    found = {entity for one in recognizers for entity in one.supported_entities} | NAMED_ENTITIES
    named = {entity for rule in policy.detection.rules for entity in rule.entities}
    if named - found:
        raise ConfigError([f"detection: {entity}: no recognizer finds it" for entity in sorted(named - found)])
    return recognizers


def open_detector(policy: Policy, settings: Settings, progress: "Progress") -> "Detector":
    """Return the detector of a policy; `ConfigError` as in `open_recognizers`."""
    recognizers = open_recognizers(policy, settings.policy_dir)
    from pipeline.detect.compiled.engine import CompiledEngine  # noqa: PLC0415  # as said above
    from pipeline.detect.detector import Detector, trust  # noqa: PLC0415

    found = policy.detection
    threshold = found.minimum_score_percent / 100
    engine = CompiledEngine(recognizers, threshold, settings.gate_dir, progress, trust=trust(found.kept))
    return Detector(engine, found.budget_ms / 1_000)
