"""`deploy/policy/*.yaml` -> Policy, or PolicyError with every problem as `file:line: message`.

In two steps, each with all its problems at once: what is no plain YAML (no reference can be checked then),
and what is no policy. Nothing has a default: what is not said is refused.
"""

from pathlib import Path

from pipeline.errors import PolicyError
from pipeline.policy.canonical import canonical
from pipeline.policy.document import read_directory, read_recognizers
from pipeline.policy.model import Policy
from pipeline.policy.problems import Place, Problems
from pipeline.policy.rules import check
from pipeline.policy.shape import shape_struct


def load_policy(directory: Path) -> Policy:
    """Load the policy of a folder; equal content gives an equal policy with an equal hash."""
    problems = Problems()
    entries = read_directory(directory, problems)
    recognizers = read_recognizers(directory, problems) if entries else ""
    _stop_at(problems)
    whole = Place("policy.yaml", 1)  # what is missing is missed there
    policy: Policy = shape_struct(Policy, entries, whole, problems, hash="", recognizers=recognizers)
    check(policy, problems)
    _stop_at(problems)
    return canonical(policy)


def _stop_at(problems: Problems) -> None:
    lines = problems.lines()
    if lines:
        raise PolicyError(lines)
