"""May we? Only this module answers, and what the policy does not name is denied.

Pure and total: each question has an answer for any input, a denial with its reason and section is a value.
"""

import msgspec

from pipeline.policy.model import Dataset, Derived, Method, Policy, Retention, Site


class Denied(msgspec.Struct, frozen=True):
    """No, and why: a constant word of ours, and the section of the privacy policy that it rests on."""

    reason: str
    section: str


UNKNOWN_SITE = Denied("unknown-site", "4")
SECTION_OF = {UNKNOWN_SITE.reason: UNKNOWN_SITE.section}
"""Of the reasons that a stage counts as denied."""


def site_of(policy: Policy, name: str) -> Site | Denied:
    """Return the site with this id or host. Others give no data (section 4)."""
    wanted = name.strip().rstrip(".").lower()
    for site in policy.sites:
        if wanted == site.id or wanted in site.hosts:
            return site
    return UNKNOWN_SITE


def treatments(policy: Policy, source: str, field: str) -> tuple[Derived, ...] | Denied:
    """Return all that may be made of a raw field; an empty tuple: known, and dropped (section 4)."""
    for declared in policy.sources:
        if declared.id == source:
            for known in declared.fields:
                if known.name == field:
                    return known.derive
            return Denied("unknown-field", declared.section)
    return Denied("unknown-source", "4")


def origins(policy: Policy, source: str, event_field: str) -> tuple[str, ...] | Denied:
    """Return the raw fields of a source that a field of its event may be made of (section 4)."""
    for declared in policy.sources:
        if declared.id == source:
            found = tuple(
                known.name
                for known in declared.fields
                if any(derived.field == event_field for derived in known.derive)
            )
            return found or Denied("not-derived", declared.section)
    return Denied("unknown-source", "4")


def method_of(policy: Policy, entity: str) -> Method:
    """Return what becomes of personal data of this entity where it is found (section 1)."""
    for rule in policy.detection.rules:
        if entity in rule.entities:
            return rule.method
    return policy.detection.otherwise


def retention_of(policy: Policy, topic: str) -> Retention | Denied:
    """Return how long a topic keeps records; a topic without a retention may not exist (section 12)."""
    for retention in policy.retention:
        if retention.topic == topic:
            return retention
    return Denied("no-retention", "12")


def publishable(policy: Policy, dataset: str) -> Dataset | Denied:
    """Return the bounds and thresholds under which a dataset may be shared; others may not (section 6)."""
    for declared in policy.datasets:
        if declared.id == dataset:
            return declared
    return Denied("unknown-dataset", "6")
