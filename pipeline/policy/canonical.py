"""One order and one hash for equal policies: however the files are cut and sorted, the content decides."""

import hashlib
from typing import TypeVar

import msgspec

from pipeline.policy.model import Detection, Policy, Site, Source, SourceField, Vocabulary

Struct = TypeVar("Struct", bound=msgspec.Struct)


def canonical(policy: Policy) -> Policy:
    """Return the policy in its one order and with its hash; dimensions keep their order, for rows show it."""
    ordered = msgspec.structs.replace(
        policy,
        hash="",
        purposes=_by(policy.purposes, "id"),
        categories=_by(policy.categories, "id"),
        sites=tuple(_site(site) for site in _by(policy.sites, "id")),
        sources=tuple(_source(source) for source in _by(policy.sources, "id")),
        vocabulary=_vocabulary(policy.vocabulary),
        detection=_detection(policy.detection),
        datasets=_by(policy.datasets, "id"),
        retention=_by(policy.retention, "topic"),
    )
    # The encoding: JSON, keys sorted. Strings are escaped, so different content never reads the same.
    encoded = msgspec.json.encode(ordered, order="sorted")
    return msgspec.structs.replace(ordered, hash=hashlib.sha256(encoded).hexdigest())


def _by(structs: tuple[Struct, ...], field: str) -> tuple[Struct, ...]:
    return tuple(sorted(structs, key=lambda struct: getattr(struct, field)))


def _site(site: Site) -> Site:
    parameters = {name: tuple(sorted(values)) for name, values in sorted(site.parameters.items())}
    return msgspec.structs.replace(
        site, hosts=tuple(sorted(site.hosts)), pages=tuple(sorted(site.pages)), parameters=parameters
    )


def _source(source: Source) -> Source:
    fields = tuple(_field(field) for field in _by(source.fields, "name"))
    return msgspec.structs.replace(source, fields=fields)


def _field(field: SourceField) -> SourceField:
    return msgspec.structs.replace(field, purposes=tuple(sorted(field.purposes)), derive=_by(field.derive, "field"))


def _detection(detection: Detection) -> Detection:
    rules = [msgspec.structs.replace(rule, entities=tuple(sorted(rule.entities))) for rule in detection.rules]
    ordered = tuple(sorted(rules, key=lambda rule: (rule.method, rule.section, rule.entities)))
    return msgspec.structs.replace(detection, rules=ordered)


def _vocabulary(words: Vocabulary) -> Vocabulary:
    lists = ("path_segments", "methods", "browsers", "operating_systems", "referrers")
    return msgspec.structs.replace(words, **{name: tuple(sorted(getattr(words, name))) for name in lists})
