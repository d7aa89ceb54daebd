"""Rules for detection (section 1): what is found has one treatment, and what nobody named does not stay."""

import re

from pipeline.policy.model import Detection, Method
from pipeline.policy.problems import Problems, echo

_ENTITY = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
_PERCENT = range(1, 101)
_BUDGET_MS = range(1, 1_001)


def check_detection(detection: Detection, problems: Problems) -> None:
    """Report what is wrong with the treatments of findings."""
    if detection.minimum_score_percent not in _PERCENT:
        problems.at(detection, "minimum_score_percent", "a number from 1 to 100")
    if detection.budget_ms not in _BUDGET_MS:
        problems.at(detection, "budget_ms", "a number from 1 to 1000")
    if detection.otherwise is Method.KEEP:
        problems.at(detection, "otherwise", "what no rule names may not stay")
    seen: dict[str, Method] = {}
    for rule in detection.rules:
        problems.each(rule, "entities", _ENTITY, "an entity like EMAIL_ADDRESS")
        for index, entity in enumerate(rule.entities):
            if entity in seen and seen[entity] is not rule.method:
                problems.at(rule, "entities", f"{echo(entity)} has another method, too: {seen[entity]}", index)
            seen.setdefault(entity, rule.method)
