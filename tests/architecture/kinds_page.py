"""Prints docs/reference/kinds.md from the recognizers and the policy.

python -m tests.architecture.kinds_page > docs/reference/kinds.md
"""

from collections.abc import Iterator

from presidio_analyzer import EntityRecognizer

from pipeline.detect.detector import BY_FORM
from pipeline.detect.kinds import RECOGNIZERS
from pipeline.detect.labels import labelled
from pipeline.detect.registry import OURS
from pipeline.detect.web import WebRecognizer
from pipeline.policy.decide import method_of
from pipeline.policy.load import load_policy
from tests.detecting import recognizers
from tests.sanitizing import ROOT

POLICY = load_policy(ROOT / "deploy" / "policy")
LABEL = labelled("name").partition("name")[0]  # how every label begins

HEAD = """\
# Kinds of personal data

Printed from the code by `python -m tests.architecture.kinds_page > docs/reference/kinds.md`; a test holds it equal.

Ours know how the web writes: parameters, paths, JSON, cookies. Presidio's add the numbers of countries. Where
findings overlap, ours stay. The column "policy" is what `deploy/policy/detection.yaml` says ([methods](policy.md)).

## Ours

"Label": whether a name must stand before the value (`email=`, `"email": "`, `customer[email]=`); exceptions are forms
of the recognizer's that tell without.
"""
EXAMPLES = """\
In the examples: `+` a text and each value that is found in it, `-` a text in which nothing is found.
"""
THEIRS = """\
## Presidio's

Those that `deploy/policy/recognizers.yaml` enables. "By form": what looks like it counts. "In context": it counts
only where one of the recognizer's own context words stands before it, for versions, sizes and times pass check
digits, too ([why](../adr/0034-numbers-need-a-word.md)).

| entity | recognizer | country | counts | policy |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_summary(), "", EXAMPLES, *map(_kind, RECOGNIZERS), THEIRS + "\n".join(_theirs()), ""])


def _summary() -> Iterator[str]:
    yield "| entity | recognizer | label | policy |"
    yield "|---|---|---|---|"
    for kind in RECOGNIZERS:
        name = kind.__name__
        yield f"| `{kind.ENTITY}` | [{name}](#{name.lower()}) | {_label(kind)} | {_policy(kind.ENTITY)} |"


def _label(kind: type[WebRecognizer]) -> str:
    """Say whether something must stand before the value that names it."""
    free = [one.name for one in kind.PATTERNS if not one.regex.startswith(LABEL)]
    if not free:
        return "yes"
    return "no" if len(free) == len(kind.PATTERNS) else f"yes, except {'; '.join(free)}"


def _policy(entity: str) -> str:
    return method_of(POLICY, entity).value


def _kind(kind: type[WebRecognizer]) -> str:
    found = [f"+ {text}    ->    {' | '.join(values)}" for text, values in kind.EXAMPLES]
    missed = [f"- {text}" for text in kind.NEAR_MISSES]
    return "\n".join(
        [
            f"### {kind.__name__}",
            "",
            f"`{kind.ENTITY}`. {(kind.__doc__ or '').strip()}",
            "",
            f"Label: {_label(kind)}. Policy: {_policy(kind.ENTITY)}. Source: {kind.SOURCE}.",
            "",
            "```diff",
            *found,
            *missed,
            "```",
            "",
        ]
    )


def _theirs() -> list[str]:
    return [_row(one) for one in sorted(recognizers(), key=_by_entity) if one.name not in OURS]


def _by_entity(one: EntityRecognizer) -> tuple[str, str]:
    return one.supported_entities[0], one.name


def _row(one: EntityRecognizer) -> str:
    entity = one.supported_entities[0]
    counts = "by form" if entity in BY_FORM else "in context"
    return f"| `{entity}` | {one.name} | {one.country_code() or 'any'} | {counts} | {_policy(entity)} |"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  # what it is for
