"""The form of a recognizer: patterns that could be it, and a check that it is.

Entity names and validation results are Presidio's, and its recognizers are the oracle of our tests. The
package itself is not imported: with spaCy and NumPy it costs a worker 70 MB.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.detect.finding import Kind


def always(_text: str) -> bool:
    """Accept whatever the pattern matched."""
    return True


@dataclass(frozen=True)
class Recognizer:
    """Finds one kind. Patterns repeat within bounds, so their work is linear in the text."""

    kind: Kind
    entity: str  # Presidio's name of it
    patterns: tuple[str, ...]  # of Python's `re`; Hyperscan gets the same, as prefilter
    score: float
    validate: Callable[[str], bool] = always
    compiled: tuple[re.Pattern[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        compiled = tuple(re.compile(pattern, re.IGNORECASE) for pattern in self.patterns)
        object.__setattr__(self, "compiled", compiled)  # frozen for everybody else
