"""What an event may hold: for each field, the treatment that makes it and the raw fields it may read.

In: the names of `schemas/<event>.avsc` and of the raw fields of `pipeline/sources`. Fields that the pipeline
itself writes (site, late, bot, policy) are not here: no policy can ask for them.
"""

from typing import NamedTuple

from pipeline.policy.model import Treatment


class Made(NamedTuple):
    """How one field of an event comes to be."""

    treatment: Treatment
    reads: frozenset[str]  # raw fields


ADDRESS = frozenset({"remote_address"})
AGENT = frozenset({"user_agent"})
TARGET = frozenset({"request_target"})

EVENTS: dict[str, dict[str, Made]] = {
    "events.page_view": {
        "visitor": Made(Treatment.VISITOR, ADDRESS | AGENT),
        "time": Made(Treatment.TIME, frozenset({"time"})),
        "method": Made(Treatment.METHOD, frozenset({"request_method"})),
        "page": Made(Treatment.PAGE, TARGET),
        "parameters": Made(Treatment.PARAMETERS, TARGET),
        "status": Made(Treatment.STATUS, frozenset({"status"})),
        "size_class": Made(Treatment.SIZE_CLASS, frozenset({"bytes"})),
        "referrer_host": Made(Treatment.REFERRER_HOST, frozenset({"referrer"})),
        "browser": Made(Treatment.BROWSER, AGENT),
        "operating_system": Made(Treatment.OPERATING_SYSTEM, AGENT),
        "device_class": Made(Treatment.DEVICE_CLASS, AGENT),
        "country": Made(Treatment.COUNTRY, ADDRESS),
        "isp": Made(Treatment.ISP, ADDRESS),
        "target_findings": Made(Treatment.FINDINGS, TARGET),
        "referrer_findings": Made(Treatment.FINDINGS, frozenset({"referrer"})),
        "agent_findings": Made(Treatment.FINDINGS, AGENT),
    }
}

REQUIRED = ("visitor", "time", "device_class")
"""Fields without which there is no event: whose it is and when (section 4.4), and whether a machine sent it."""

DIMENSIONS = ("site", "page", "country", "device_class")
"""Fields of a visit (schemas/visits.avsc) that a dataset may count over: few values each, and no person's."""
