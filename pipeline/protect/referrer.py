"""A referrer -> its registrable domain, if that is declared (section 4.4: "referring/exit pages").

A registrable domain can itself name a person (jane-doe.example), so only those of the vocabulary, and the
site's own, come out; all others are {other}, addresses {ip}. Suffixes are ICANN's: jdoe.github.io is
github.io's user. A suffix that only a wildcard of the list knows (*.ck) is anybody's word, so "google.*" does
not reach there: google.jane-doe.ck is {other}.
"""

from collections.abc import Collection

import tldextract

from pipeline.protect.address import pack

OTHER = "{other}"
ADDRESS = "{ip}"
_MAX_HOST = 253  # RFC 1035, 2.3.4
# The snapshot inside the package: no download, no cache folder.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=False)
_LISTED = frozenset(_extract.tlds)


class Referrers:
    """Declared referrers ("bing.com", or "google.*" for a name under any suffix), and the own hosts."""

    def __init__(self, declared: Collection[str], hosts: Collection[str]) -> None:
        own = {registrable(host)[1] for host in hosts}
        self._domains = frozenset(own.union(name for name in declared if not name.endswith(".*")) - {""})
        self._names = frozenset(name.removesuffix(".*") for name in declared if name.endswith(".*"))
        self._hosts = frozenset(hosts)

    def host(self, raw: bytes) -> str:
        """Return what stays of a referrer as logged; empty where there is none."""
        text = raw.decode("utf-8", "replace")
        if text in {"", "-"}:
            return ""
        host = _host(text)
        if pack(host.removeprefix("[")) is not None:
            return ADDRESS
        name, domain = registrable(host)
        if domain in self._domains or (name in self._names and domain.partition(".")[2] in _LISTED):
            return domain
        return host if host in self._hosts else OTHER


def registrable(host: str) -> tuple[str, str]:
    """Return (label, registrable domain), both empty where the host has no public suffix."""
    if not host or len(host) > _MAX_HOST:
        return "", ""
    found = _extract.extract_str(host)
    if not found.domain or not found.suffix:
        return "", ""
    return found.domain, f"{found.domain}.{found.suffix}"


def _host(text: str) -> str:
    """Return the host of an http(s) URL, lower case, without user information and port; else nothing."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in {"http", "https"}:
        return ""
    for end in "/?#\\":
        rest = rest.partition(end)[0]
    host = rest.rpartition("@")[2]
    host = host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return host.lower().rstrip(".")
