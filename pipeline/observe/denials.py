"""What the policy denied, explained: counts of committed batches -> a warning with reason, section and number.

The number is all that was denied since the last warning of its reason. Reasons and sections are words of ours: a
value that was denied never gets here (policy 4: what is not declared gives no data).
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping

import structlog

from pipeline.observe.logs import RateLimit

log = structlog.get_logger()
EVERY_S = 60.0


class Denials:
    """Collects denials and warns of each reason at most once in `EVERY_S`."""

    def __init__(self, sections: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        """`sections` of the policy, by the reasons that rest on them."""
        self._sections = sections
        self._limit = RateLimit(EVERY_S, clock)
        self._untold: Counter[str] = Counter()

    def add(self, counts: Mapping[tuple[str, str], int]) -> None:
        """Take note of what a committed batch counted: (counter, label) -> increment."""
        for (counter, label), increment in counts.items():
            if counter == "denied":
                self._untold[label] += increment

    def tell(self) -> None:
        """Warn of the reasons whose turn it is; call about once a second, so that no number stays untold."""
        for reason in [reason for reason in self._untold if self._limit.left_out(reason) is not None]:
            section = self._sections.get(reason, "")
            log.warning("denied", reason=reason, section=section, records=self._untold.pop(reason))
