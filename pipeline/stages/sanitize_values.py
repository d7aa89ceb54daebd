"""The treatments of section 4.4, plain: raw bytes -> the value that an event shows. All bytes give one.

These are the reference that the compiled records are held to; nothing here is cached.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

from pipeline.detect.detector import Detector
from pipeline.detect.segments import Kind, Segments
from pipeline.policy.model import Policy, Site, Treatment
from pipeline.protect.address import canonical, pack
from pipeline.protect.client import Client, Clients
from pipeline.protect.geo import UNKNOWN_COUNTRY, Geo
from pipeline.protect.percent import decode
from pipeline.protect.ports import VisitorKey
from pipeline.protect.referrer import Referrers
from pipeline.protect.tokens import prefix_input, visitor_input
from pipeline.protect.url import Pages, parameters, split_target
from pipeline.sources.clf_time import parse_time
from pipeline.stages.findings import Findings
from pipeline.stages.sanitize_avro import Value

OTHER = "other"
MAX_SIZE_CLASS = 62


class Sender(NamedTuple):
    """Who asked, after protection. Tokens are empty where the day has no key."""

    visitor: bytes
    prefix: bytes
    client: Client
    country: str
    isp: str


NOBODY = Sender(b"", b"", Client(OTHER, OTHER, OTHER), UNKNOWN_COUNTRY, "")

SENDER: dict[Treatment, Callable[[Sender], Value]] = {
    Treatment.VISITOR: attrgetter("visitor"),
    Treatment.BROWSER: attrgetter("client.browser"),
    Treatment.OPERATING_SYSTEM: attrgetter("client.operating_system"),
    Treatment.DEVICE_CLASS: attrgetter("client.device_class"),
    Treatment.COUNTRY: attrgetter("country"),
    Treatment.ISP: attrgetter("isp"),
}
"""Treatments that look at the address, the user agent or both."""


class Senders:
    """(address, user agent) -> Sender."""

    def __init__(self, clients: Clients, geo: Geo) -> None:
        self._clients = clients
        self._geo = geo

    def client(self, agent: bytes) -> Client:
        """Recognize the user agent alone: few of them make most of the traffic."""
        return self._clients.recognize(agent)

    def sender(self, address: bytes, agent: bytes, client: Client, key: VisitorKey | None) -> Sender | None:
        """Return who asked; None if the address is none."""
        packed = pack(address.decode("ascii", "replace"))
        if packed is None:
            return None
        country, isp = self._geo.country(packed), self._geo.isp(packed)
        if key is None:
            return Sender(b"", b"", client, country, isp)
        visitor = key.token(visitor_input(canonical(packed), agent))
        return Sender(visitor, key.token(prefix_input(packed)), client, country, isp)


def values(
    policy: Policy, site: Site, detector: Detector, key: VisitorKey | None
) -> dict[Treatment, Callable[[bytes], Value]]:
    """Return the treatments of single raw fields, for one site and day; without a key, for late events."""
    vocabulary = policy.vocabulary
    segments = Segments(detector)
    searched, plain = (
        Pages(site.pages, vocabulary.path_segments, kind, tuple(Kind)) for kind in (segments.kind, segments.form)
    )

    def page(raw: bytes) -> str:
        """Look at segments only where the whole holds something: it was searched already, for the findings."""
        pages = searched if detector.detect(raw.decode("utf-8", "replace")).found else plain
        return pages.template(decode(split_target(raw)[0]))

    referrers = Referrers(vocabulary.referrers, site.hosts)
    methods = {method.encode(): method for method in vocabulary.methods}
    declared = {name: frozenset(allowed) for name, allowed in site.parameters.items()}
    return {
        Treatment.TIME: lambda raw: parse_time(raw) or 0,
        Treatment.PAGE: page,
        Treatment.PARAMETERS: lambda raw: parameters(split_target(raw)[1], declared, decode),
        Treatment.METHOD: lambda raw: methods.get(raw, OTHER),
        Treatment.STATUS: status,
        Treatment.SIZE_CLASS: size_class,
        Treatment.REFERRER_HOST: referrers.host,
        Treatment.FINDINGS: Findings(detector, policy, key),
    }


def status(raw: bytes) -> int:
    """Return the HTTP status (RFC 9110, 15), 0 if it is none."""
    code = int(raw) if len(raw) == 3 and raw.isdigit() else 0
    return code if 100 <= code <= 599 else 0


def size_class(raw: bytes) -> int:
    """Return the smallest n with bytes <= 2^n; -1 unknown. An exact size can tell whose page it was."""
    if not raw.isdigit() or len(raw) > 18:
        return -1
    return min((int(raw) - 1).bit_length() if int(raw) > 1 else 0, MAX_SIZE_CLASS)
