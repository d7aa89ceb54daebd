"""Country and internet service provider of an address (section 4.4), from MaxMind-format databases.

Without a database of the deployment's own, the data that the package geoip2fast ships answers.
`open_geo` reads files, once, at the start; look-ups do no I/O.
"""

import ipaddress
from pathlib import Path
from typing import Protocol

import maxminddb

from pipeline.errors import ConfigError
from pipeline.protect.geo_embedded import EmbeddedGeo

UNKNOWN_COUNTRY = "ZZ"  # ISO 3166-1: user-assigned, "unknown" in CLDR
_COUNTRY_TYPES = ("City", "Country", "Enterprise")
_ISP_TYPES = ("ASN", "ISP")


class Geo(Protocol):
    """Where an address is and who connects it; addresses packed (`pipeline.protect.address`)."""

    def country(self, address: bytes) -> str:
        """Return the ISO 3166-1 alpha-2 code, ZZ where unknown."""

    def isp(self, address: bytes) -> str:
        """Return the name of the autonomous system, empty where unknown."""


class MaxMindGeo:
    """Two databases in MaxMind's format; where one is missing, the fallback answers."""

    def __init__(self, country: maxminddb.Reader | None, isp: maxminddb.Reader | None, fallback: Geo | None) -> None:
        self._country = country
        self._isp = isp
        self._fallback = fallback

    def country(self, address: bytes) -> str:
        """Return the country of the address itself, else the one where it is registered."""
        if self._country is None:
            return self._fallback.country(address) if self._fallback else UNKNOWN_COUNTRY
        found = _get(self._country, address)
        for name in ("country", "registered_country"):
            entry = found.get(name)
            code = entry.get("iso_code") if isinstance(entry, dict) else None
            if isinstance(code, str):
                return code
        return UNKNOWN_COUNTRY

    def isp(self, address: bytes) -> str:
        """Return the provider's name, else that of the autonomous system."""
        if self._isp is None:
            return self._fallback.isp(address) if self._fallback else ""
        found = _get(self._isp, address)
        name = found.get("isp") or found.get("autonomous_system_organization")
        return name if isinstance(name, str) else ""


def open_geo(country: Path | None = None, isp: Path | None = None) -> Geo:
    """Open the databases; a missing, broken or unfit one is a `ConfigError`, all of them at once."""
    problems: list[str] = []
    readers = [
        _open(path, types, problems) if path else None
        for path, types in ((country, _COUNTRY_TYPES), (isp, _ISP_TYPES))
    ]
    if problems:
        raise ConfigError(problems)
    if readers == [None, None]:
        return EmbeddedGeo.load()
    fallback = EmbeddedGeo.load() if None in readers else None
    return MaxMindGeo(readers[0], readers[1], fallback)


def _open(path: Path, types: tuple[str, ...], problems: list[str]) -> maxminddb.Reader | None:
    """Open a database and read it through: a tree that is broken deep inside must not wait for traffic."""
    try:
        reader = maxminddb.open_database(path, maxminddb.MODE_MEMORY)
        if not any(word in reader.metadata().database_type for word in types):
            problems.append(f"{path}: not a database of type {' or '.join(types)}")
        for _ in reader:
            pass
    except (OSError, ValueError, maxminddb.InvalidDatabaseError, UnicodeError) as error:
        problems.append(f"{path}: {type(error).__name__}: {error}")
        return None
    return reader


def _get(reader: maxminddb.Reader, address: bytes) -> dict[str, object]:
    try:
        found = reader.get(ipaddress.ip_address(address))
    except ValueError:  # an IPv6 address in a database of IPv4 only
        return {}
    return found if isinstance(found, dict) else {}
