"""The policy as typed data. Every rule cites the section of the privacy policy that it enforces.

Loaded from `deploy/policy/*.yaml` by `load.py` (strictly, all errors at once); read by every other part.
"""

from enum import StrEnum

import msgspec


class Treatment(StrEnum):
    """What becomes of a field's raw value; there is no other way out of the raw plane."""

    DROP = "drop"  # not kept at all
    VISITOR = "visitor"  # only as input of the visitor token and the address-prefix token
    TIME = "time"  # event time in ms
    PAGE = "page"  # page template: declared segments stay, all others become their kind
    PARAMETERS = "parameters"  # declared query parameters with declared values stay, all others are dropped
    METHOD = "method"  # one of the declared HTTP methods, else "other"
    STATUS = "status"  # HTTP status 100-599, else 0
    SIZE_CLASS = "size_class"  # bytes, rounded up to a power of two, as its exponent
    REFERRER_HOST = "referrer_host"  # registrable domain of the referrer, without subdomains
    BROWSER = "browser"  # declared browser families, else "other"
    OPERATING_SYSTEM = "operating_system"  # declared families, else "other"
    DEVICE_CLASS = "device_class"  # desktop, mobile, tablet, bot, other
    COUNTRY = "country"  # ISO 3166-1 alpha-2, "ZZ" unknown
    ISP = "isp"  # name of the address' autonomous system
    FINDINGS = "findings"  # what personal data was found in it, where, and what became of it; never the value


class Method(StrEnum):
    """What becomes of personal data that detection finds in a text."""

    KEEP = "keep"  # stays: it tells about no person by itself
    REPLACE = "replace"  # its entity stands for it: <EMAIL_ADDRESS>
    GENERALIZE = "generalize"  # a country, an age band, a region stands for it; else as replace
    TOKENIZE = "tokenize"  # as replace, with a token of the normalized value under the day key of the site
    DROP = "drop"  # the whole text goes


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long a topic keeps records."""

    topic: str
    seconds: int
    section: str


class Purpose(msgspec.Struct, frozen=True, kw_only=True):
    """A use that the policy names."""

    id: str
    description: str
    section: str


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A data category, by Fides' taxonomy key (e.g. user.device.ip_address)."""

    id: str
    description: str


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """One field of an event, derived from a source field by a treatment."""

    field: str
    treatment: Treatment


class SourceField(msgspec.Struct, frozen=True, kw_only=True):
    """A raw field of a source: its category, the purposes it may serve, and all that is derived from it."""

    name: str
    category: str
    purposes: tuple[str, ...]
    derive: tuple[Derived, ...]  # empty: dropped
    section: str


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A raw topic and how its records become events."""

    id: str
    topic: str
    event: str  # output topic, e.g. events.page_view
    allowed_lateness_seconds: int
    allowed_ahead_seconds: int  # an event later than append time + this is "future"
    fields: tuple[SourceField, ...]
    section: str


class FindingRule(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of some entities where they are found."""

    entities: tuple[str, ...]  # Presidio's names: EMAIL_ADDRESS
    method: Method
    section: str


class Detection(msgspec.Struct, frozen=True, kw_only=True):
    """How texts are searched for personal data (section 1), and what becomes of it."""

    minimum_score_percent: int  # of a finding, where its recognizer has no threshold of its own
    budget_ms: int  # a text that takes longer is personal as a whole
    otherwise: Method  # of an entity that no rule names
    rules: tuple[FindingRule, ...]
    section: str

    @property
    def kept(self) -> frozenset[str]:
        """The entities that may stay in texts: they say nothing of a person by themselves."""
        return frozenset(entity for rule in self.rules if rule.method is Method.KEEP for entity in rule.entities)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A web site of the controller: its key scope, and the page templates that may be told apart."""

    id: str
    hosts: tuple[str, ...]
    pages: tuple[str, ...]  # "/pricing", "/user/{id}"; "{name}" matches any one segment and is written as is
    parameters: dict[str, tuple[str, ...]]  # query parameter -> declared values ("*" is not one of them)
    section: str


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """Words that name nobody: what may stay of free values, for all sites."""

    path_segments: tuple[str, ...]
    methods: tuple[str, ...]
    browsers: tuple[str, ...]
    operating_systems: tuple[str, ...]
    section: str
    referrers: tuple[str, ...] = ()  # registrable domains; "google.*": that name under any public suffix


class Dataset(msgspec.Struct, frozen=True, kw_only=True):
    """An anonymized dataset (section 6): what is counted over what, shared from how many visitors on."""

    id: str
    topic: str
    window_seconds: int
    dimensions: tuple[str, ...]  # fields of a visit
    max_cells: int  # c: a visitor counts in at most c cells of a window
    max_events: int  # m: and with at most m events a cell
    k: int  # distinct visitors and distinct address prefixes a published row needs
    purpose: str
    section: str


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the privacy policy, whole."""

    version: str  # e.g. "2016-07"
    posted: str  # ISO date
    effective: str  # ISO date, at least ten days later (section 3)
    controller: str
    hash: str  # SHA-256 of the canonical content, hex
    recognizers: str  # SHA-256 of the content of recognizers.yaml, hex
    detection: Detection
    purposes: tuple[Purpose, ...]
    categories: tuple[Category, ...]
    sites: tuple[Site, ...]
    sources: tuple[Source, ...]
    vocabulary: Vocabulary
    datasets: tuple[Dataset, ...]
    retention: tuple[Retention, ...]

    @property
    def stamp(self) -> str:
        """Version and start of the hash, as written on every record: `2016-07+1f0c9a…` (12 hex digits)."""
        return f"{self.version}+{self.hash[:12]}"
