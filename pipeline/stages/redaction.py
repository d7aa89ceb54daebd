"""(text, findings) -> text without personal data, and a remark on each redaction (section 1).

What the policy drops takes the whole text along. Otherwise a finding's place is taken by its kind, a token of its
normalized value, or a more general word; the rest of the text stays as it was.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pipeline.detect.detector import Detection
from pipeline.policy.model import Method
from pipeline.protect.generalize import Generalize
from pipeline.stages.findings import WHOLE, Findings, Remark


class Redacted(NamedTuple):
    """A text that may go on, and what was taken out of it."""

    text: str
    remarks: tuple[Remark, ...]


def redact(text: str, detection: Detection, findings: Findings, general: Mapping[str, Generalize]) -> Redacted:
    """Return the text with every finding treated as the policy says; total."""
    remarks = findings.remarks(text, detection)
    if any(remark.method == Method.DROP or remark.entity == WHOLE for remark in remarks):
        return Redacted("", remarks)
    values = {(one.start, one.end): detection.value(one) for one in detection.found}
    parts, at = [], 0
    for remark in remarks:
        parts += [
            text[at : remark.start],
            _stand_in(remark, values[remark.start, remark.end], general.get(remark.entity)),
        ]
        at = remark.end
    return Redacted("".join([*parts, text[at:]]), remarks)


def _stand_in(remark: Remark, value: str, generalize: Callable[[str], str | None] | None) -> str:
    if remark.method == Method.TOKENIZE and remark.token:
        return f"<{remark.entity}:{remark.token.hex()}>"
    if remark.method == Method.GENERALIZE and generalize and (word := generalize(value)):
        return f"<{word}>"
    return f"<{remark.entity}>"
