"""What a well-formed policy must hold besides: dates, sections, names, and what the other rules say."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from pipeline.policy.dataset_rules import check_datasets
from pipeline.policy.detection_rules import check_detection
from pipeline.policy.model import Policy
from pipeline.policy.problems import Problems, echo
from pipeline.policy.retention_rules import check_retention
from pipeline.policy.sections import SECTIONS
from pipeline.policy.site_rules import check_sites, check_vocabulary
from pipeline.policy.source_rules import check_sources

NOTICE = timedelta(days=10)
"""Section 3: "Such change will be effective ten (10) days following posting"."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")  # ids end in topics, metrics and records
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")  # stands before the "+" of the stamp


def check(policy: Policy, problems: Problems) -> None:
    """Report everything that is wrong with a policy whose parts are well-formed."""
    if not _VERSION.fullmatch(policy.version):
        problems.at(policy, "version", f"{echo(policy.version)} is not letters, digits, dots and dashes")
    _check_dates(policy, problems)
    for struct in _structs(policy):
        section: str | None = getattr(struct, "section", None)
        if section is not None and section not in SECTIONS:
            problems.at(struct, "section", f"the privacy policy has no section {echo(section)}")
    for named in (policy.purposes, policy.categories, policy.sites, policy.sources, policy.datasets):
        problems.distinct(named, "id")
        for struct in named:
            if not _NAME.fullmatch(struct.id):
                expected = "lower-case letters, digits, '.', '_', '-'"
                problems.at(struct, "id", f"{echo(struct.id)} is not {expected}")
    check_vocabulary(policy.vocabulary, problems)
    check_sites(policy.sites, problems)
    check_sources(policy, problems)
    check_detection(policy.detection, problems)
    check_datasets(policy, problems)
    check_retention(policy, problems)


def _check_dates(policy: Policy, problems: Problems) -> None:
    days = {}
    for field in ("posted", "effective"):
        try:
            days[field] = date.fromisoformat(getattr(policy, field))
        except ValueError:
            problems.at(policy, field, f"{echo(getattr(policy, field))} is not a date like 2016-07-01")
    if len(days) == 2 and days["effective"] - days["posted"] < NOTICE:
        earliest = days["posted"] + NOTICE
        problems.at(policy, "effective", f"section 3 gives ten days of notice: {earliest} at the earliest")


def _structs(root: msgspec.Struct) -> Iterator[msgspec.Struct]:
    """Walk over a struct and all structs in its fields."""
    yield root
    for name in root.__struct_fields__:
        value = getattr(root, name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, msgspec.Struct):
                yield from _structs(child)
