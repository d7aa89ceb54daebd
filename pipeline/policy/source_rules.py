"""Rules for sources (section 4): what is taken in, for which purposes, and what may be made of it."""

from pipeline.policy.events import EVENTS, REQUIRED
from pipeline.policy.model import Policy, Source, SourceField
from pipeline.policy.problems import Problems, echo


def check_sources(policy: Policy, problems: Problems) -> None:
    """Report what is wrong with the sources of a policy."""
    problems.distinct(policy.sources, "topic")
    for source in policy.sources:
        if not source.topic.startswith("raw."):
            problems.at(source, "topic", "a source reads a raw.* topic: only these have their retention")
        if source.event not in EVENTS:
            problems.at(source, "event", f"unknown event {echo(source.event)}")
        problems.distinct(source.fields, "name")
        for field in source.fields:
            _check_references(policy, field, problems)
            _check_derived(source, field, problems)
        _check_whole(source, problems)


def _check_references(policy: Policy, field: SourceField, problems: Problems) -> None:
    if field.category not in {category.id for category in policy.categories}:
        problems.at(field, "category", f"unknown category {echo(field.category)}")
    purposes = {purpose.id for purpose in policy.purposes}
    for index, purpose in enumerate(field.purposes):
        if purpose not in purposes:
            problems.at(field, "purposes", f"unknown purpose {echo(purpose)}", index)
        elif purpose in field.purposes[:index]:
            problems.at(field, "purposes", f"duplicate purpose {echo(purpose)}", index)
    if field.derive and not field.purposes:
        problems.at(field, "derive", "kept for no purpose: name one, or derive nothing")


def _check_derived(source: Source, field: SourceField, problems: Problems) -> None:
    problems.distinct(field.derive, "field")
    event = EVENTS.get(source.event, {})
    for derived in field.derive:
        made = event.get(derived.field)
        if made is None:
            if event:
                problems.at(derived, "field", f"{source.event} has no field {echo(derived.field)} to derive")
        elif derived.treatment is not made.treatment:
            problems.at(derived, "treatment", f"{derived.field} is made by treatment {made.treatment}")
        elif field.name not in made.reads:
            readable = ", ".join(sorted(made.reads))
            problems.at(derived, "field", f"{derived.field} is made of {readable}, not {echo(field.name)}")


def _check_whole(source: Source, problems: Problems) -> None:
    """Report what is left out: a field made of two raw fields is derived of both, or not at all."""
    fields = {field.name: field for field in source.fields}
    makers: dict[str, set[str]] = {}
    for field in source.fields:
        for derived in field.derive:
            makers.setdefault(derived.field, set()).add(field.name)
    if "" in makers:  # malformed, and said so
        return
    for name, made in EVENTS.get(source.event, {}).items():
        given = makers.get(name, set()) & made.reads
        for raw in sorted(made.reads - given if given or name in REQUIRED else ()):
            message = f"{echo(raw)} must derive {name}, which is not made without it"
            if raw in fields:
                problems.at(fields[raw], "derive", message)
            else:
                problems.at(source, "fields", message)
