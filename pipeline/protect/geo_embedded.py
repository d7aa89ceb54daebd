"""The geographic data that geoip2fast ships (GeoLite2), as flat arrays: 1.4 us a look-up.

The package itself keeps the ranges as lists of Python integers, 110 MB with autonomous systems for IPv4 and
IPv6; arrays of machine words hold the same in a tenth of that. Networks longer than /64 are left out: 0.5 %
of those of IPv6, and no home's.
"""

import gzip
import pickle
from array import array
from bisect import bisect_right
from collections.abc import Iterable
from importlib.resources import files
from itertools import chain
from typing import NamedTuple, Self

from pipeline.errors import ConfigError

_FILE = "geoip2fast-asn-ipv6.dat.gz"
_FORMAT = 120
_SPECIAL = 16  # the first entries of its country list stand for private and reserved networks
_NO_ISP = frozenset({"<unknown>", "IANA.ORG"})


class _Ranges(NamedTuple):
    """Disjoint networks in ascending order: first address (IPv6: its upper 64 bits), bits of a host, and a name."""

    first: "array[int]"  # subscriptable from Python 3.12 on
    bits: "array[int]"
    name: "array[int]"

    def find(self, address: int) -> int | None:
        """Return the name's index of the network that holds the address."""
        position = bisect_right(self.first, address) - 1
        if position < 0 or (address - self.first[position]) >> self.bits[position]:
            return None
        return self.name[position]


class EmbeddedGeo:
    """Implements `pipeline.protect.geo.Geo`."""

    def __init__(
        self, countries: list[str], isps: list[str], country: dict[int, _Ranges], isp: dict[int, _Ranges]
    ) -> None:
        self._countries = countries
        self._isps = isps
        self._country = country
        self._isp = isp

    @classmethod
    def load(cls) -> Self:
        """Read the package's file."""
        with files("geoip2fast").joinpath(_FILE).open("rb") as packed, gzip.open(packed) as file:
            version, _info, _total, tables = pickle.load(file)  # noqa: S301  # from a hash-locked wheel
        if version != _FORMAT:
            raise ConfigError([f"geoip2fast: {_FILE} has format {version}, expected {_FORMAT}"])
        _, _, countries, isps, first, first_isp, country_ids, isp_ids, length, length_isp = tables
        return cls(
            ["ZZ" if n < _SPECIAL else entry.partition(":")[0] for n, entry in enumerate(countries)],
            ["" if name in _NO_ISP else name for name in isps],
            _split(first, country_ids, length, "H"),
            _split(first_isp, isp_ids, length_isp, "I"),
        )

    def country(self, address: bytes) -> str:
        """Return the country's code."""
        found = self._country[len(address)].find(int.from_bytes(address[:8]))
        return "ZZ" if found is None else self._countries[found]

    def isp(self, address: bytes) -> str:
        """Return the autonomous system's name."""
        found = self._isp[len(address)].find(int.from_bytes(address[:8]))
        return "" if found is None else self._isps[found]


def _split(
    first: Iterable[list[int]], names: Iterable[list[int]], lengths: Iterable[list[int]], width: str
) -> dict[int, _Ranges]:
    """Sort the networks by family; keys are the bytes of a packed address. `width`: the array type of a name."""
    families = {
        4: _Ranges(array("I"), array("B"), array(width)),
        16: _Ranges(array("Q"), array("B"), array(width)),
    }
    every = chain.from_iterable
    for start, name, length in zip(every(first), every(names), every(lengths), strict=True):
        if start < 1 << 32:
            ranges, begin, bits = families[4], start, 32 - length
        elif length <= 64:
            ranges, begin, bits = families[16], start >> 64, 64 - length
        else:
            continue
        ranges.first.append(begin)
        ranges.bits.append(bits)
        ranges.name.append(name)
    return families
