"""Rules for retention (section 12): raw data for a day at most, every topic for a known time."""

from pipeline.policy.events import EVENTS
from pipeline.policy.model import Policy
from pipeline.policy.problems import Problems, echo

DAY = 86_400
RAW_AT_MOST = DAY
VISITS_SLACK = 3 * DAY
"""A worker that was away must find every visit of its open windows: a long weekend without hands."""


def check_retention(policy: Policy, problems: Problems) -> None:
    """Report topics that are kept too long, too short, or for nobody knows how long."""
    problems.distinct(policy.retention, "topic")
    for retention in policy.retention:
        if retention.seconds < 1:
            problems.at(retention, "seconds", "at least one second; a topic that keeps nothing is left out")
        if retention.topic.startswith("raw.") and retention.seconds > RAW_AT_MOST:
            problems.at(retention, "seconds", f"raw data is kept for {RAW_AT_MOST} seconds at most")
        if retention.topic == "visits" and retention.seconds < _visits_needed(policy):
            needed = _visits_needed(policy)
            problems.at(retention, "seconds", f"longest window + lateness + 3 days are {needed} seconds")
    _check_kept(policy, problems)


def _visits_needed(policy: Policy) -> int:
    window = max((dataset.window_seconds for dataset in policy.datasets), default=0)
    lateness = max((source.allowed_lateness_seconds for source in policy.sources), default=0)
    return window + lateness + VISITS_SLACK


def _check_kept(policy: Policy, problems: Problems) -> None:
    """Report topics in use without a retention: of sources, of datasets, and those between."""
    kept = {retention.topic for retention in policy.retention}
    for source in policy.sources:
        if source.topic not in kept:
            problems.at(source, "topic", f"no retention for {echo(source.topic)}")
        if source.event in EVENTS and source.event not in kept:  # an unknown event was told already
            problems.at(source, "event", f"no retention for {echo(source.event)}")
    for dataset in policy.datasets:
        for topic in (dataset.topic, "visits", "partials"):
            if topic not in kept:
                problems.at(dataset, "topic", f"no retention for {echo(topic)}")
