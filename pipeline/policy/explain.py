"""The policy in words: what becomes of every field, how long topics are kept, what datasets ask for."""

from pipeline.policy.model import Dataset, Method, Policy, Retention, Source, SourceField, Treatment
from pipeline.policy.sections import SECTIONS

WORDS: dict[Treatment, str] = {
    Treatment.DROP: "dropped",
    Treatment.VISITOR: "input of the visitor's token, under a key that is destroyed after its day",
    Treatment.TIME: "the time, in milliseconds",
    Treatment.PAGE: "the page's template: undeclared segments become their kind",
    Treatment.PARAMETERS: "declared parameters with declared values",
    Treatment.METHOD: "the method, if declared, else 'other'",
    Treatment.STATUS: "the status code",
    Treatment.SIZE_CLASS: "the size, rounded up to a power of two",
    Treatment.REFERRER_HOST: "the referrer's registrable domain, if declared",
    Treatment.BROWSER: "the browser's family, if declared, else 'other'",
    Treatment.OPERATING_SYSTEM: "the operating system's family, if declared, else 'other'",
    Treatment.DEVICE_CLASS: "desktop, mobile, tablet, bot or other",
    Treatment.COUNTRY: "the country, by a database in memory",
    Treatment.ISP: "the internet service provider's name, by a database in memory",
    Treatment.FINDINGS: "what personal data it holds: kind, place, recognizer and what became of it; never the value",
}
METHODS: dict[Method, str] = {
    Method.KEEP: "stay",
    Method.REPLACE: "are replaced by their kind",
    Method.GENERALIZE: "are replaced by a country, an age band or a region",
    Method.TOKENIZE: "are replaced by a token of the site and the day",
    Method.DROP: "take the whole text with them",
}

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def field_lines(field: SourceField) -> list[str]:
    """Say what is made of a raw field: a line for each derived field, or that it is dropped."""
    made = [f"{derived.field}: {WORDS[derived.treatment]}" for derived in field.derive]
    return made or ["dropped"]


def source_line(source: Source) -> str:
    """Say what a source turns into, and when an event is late or ahead."""
    late = duration(source.allowed_lateness_seconds)
    ahead = duration(source.allowed_ahead_seconds)
    return (
        f"{source.topic} becomes {source.event} ({cite(source.section)}). Late after {late}; refused when "
        f"more than {ahead} ahead of the broker. A field that is not named here is dropped."
    )


def retention_line(retention: Retention) -> str:
    """Say how long a topic keeps records."""
    return f"{retention.topic} keeps records for {duration(retention.seconds)} ({cite(retention.section)})."


def dataset_lines(policy: Policy, dataset: Dataset) -> list[str]:
    """Say what a dataset counts, how one visitor's share is bounded, and which rows are shared."""
    purpose = next(purpose for purpose in policy.purposes if purpose.id == dataset.purpose)
    dimensions = ", ".join(dataset.dimensions)
    k, c, m = dataset.k, dataset.max_cells, dataset.max_events
    return [
        f"{dataset.topic}: views and visitors by {dimensions} ({cite(dataset.section)}).",
        f"One release for every window of {duration(dataset.window_seconds)}.",
        f"Purpose: {purpose.description} ({cite(purpose.section)}).",
        f"A visitor counts in at most {c} rows of a window, with at most {m} views in each.",
        f"A row is shared from {k} visitors and {k} address prefixes on.",
        f"What is below is summed into a rest row of its site, shared from {k * c} visitors on.",
    ]


def detection_lines(policy: Policy) -> list[str]:
    """Say what becomes of personal data where it is found in a text."""
    found = policy.detection
    lines = [f"{', '.join(rule.entities)} {METHODS[rule.method]} ({cite(rule.section)})." for rule in found.rules]
    return [*lines, f"All others {METHODS[found.otherwise]} ({cite(found.section)})."]


def cite(section: str) -> str:
    """Name a section of the privacy policy."""
    return f"section {section}, {SECTIONS[section]}"


def duration(seconds: int) -> str:
    """Write seconds in the largest unit that divides them."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
