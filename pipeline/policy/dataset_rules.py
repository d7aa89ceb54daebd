"""Rules for anonymized datasets (section 6): without bounds and thresholds an aggregate may show a person."""

from pipeline.policy.events import DIMENSIONS
from pipeline.policy.model import Dataset, Policy
from pipeline.policy.problems import Problems, echo

K_FLOOR = 5
"""No policy may go below: official statistics commonly show no cell of fewer than five people."""
DAY = 86_400


def check_datasets(policy: Policy, problems: Problems) -> None:
    """Report what is wrong with the datasets of a policy."""
    problems.distinct(policy.datasets, "topic")
    purposes = {purpose.id for purpose in policy.purposes}
    derived = {derived.field for source in policy.sources for field in source.fields for derived in field.derive}
    for dataset in policy.datasets:
        if not dataset.topic.startswith("anon."):
            problems.at(dataset, "topic", "a dataset goes to an anon.* topic")
        if dataset.window_seconds < 1 or DAY % dataset.window_seconds:
            problems.at(dataset, "window_seconds", f"windows must divide a day of {DAY} seconds")
        if dataset.purpose not in purposes:
            problems.at(dataset, "purpose", f"unknown purpose {echo(dataset.purpose)}")
        else:
            _check_purpose(dataset, policy, problems)
        _check_bounds(dataset, problems)
        _check_dimensions(dataset, derived | {"site"}, problems)


def _check_purpose(dataset: Dataset, policy: Policy, problems: Problems) -> None:
    """Report raw fields that were taken in for other purposes than the dataset's (sections 4 and 5)."""
    used = {*dataset.dimensions, "visitor", "time"}
    for field in (field for source in policy.sources for field in source.fields):
        if field.purposes and dataset.purpose not in field.purposes and used & {made.field for made in field.derive}:
            problems.at(dataset, "purpose", f"{echo(field.name)} is not taken in for {echo(dataset.purpose)}")


def _check_bounds(dataset: Dataset, problems: Problems) -> None:
    if dataset.k < K_FLOOR:
        problems.at(dataset, "k", f"below {K_FLOOR} visitors a row may show a person")
    for field in ("max_cells", "max_events"):
        if getattr(dataset, field) < 1:
            problems.at(dataset, field, "at least 1: with 0 nothing is counted")


def _check_dimensions(dataset: Dataset, derived: set[str], problems: Problems) -> None:
    if not dataset.dimensions:
        problems.at(dataset, "dimensions", "at least one dimension")
    for index, dimension in enumerate(dataset.dimensions):
        if dimension not in DIMENSIONS:
            known = ", ".join(DIMENSIONS)
            problems.at(dataset, "dimensions", f"{echo(dimension)} is none of {known}", index)
        elif dimension not in derived:
            problems.at(dataset, "dimensions", f"no source derives {echo(dimension)}", index)
        elif dimension in dataset.dimensions[:index]:
            problems.at(dataset, "dimensions", f"duplicate {echo(dimension)}", index)
