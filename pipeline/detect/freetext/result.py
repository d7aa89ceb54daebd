"""What comes back of a free text: findings, or the reason why nobody knows. Fails closed."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.detect.found import Found


class Unsure(StrEnum):
    """Why a text could not be read; empty if it was."""

    NO = ""
    TOO_LONG = "too-long"
    LANGUAGE = "language"  # not the model's: it would find little
    TIMEOUT = "timeout"
    CRASHED = "crashed"  # the analyzer failed, or its process died


@dataclass(frozen=True)
class FreeTextResult:
    """Findings; where `unsure` gives a reason there are none, and the whole text is to be treated as personal."""

    findings: tuple[Found, ...] = ()
    unsure: Unsure = Unsure.NO


class Busy:
    """No room for another text now: the caller pauses its partitions and submits the text again."""
