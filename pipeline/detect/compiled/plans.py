"""digits -> whether any numbering plan could have such a number: what a candidate must pass to be parsed at all.

libphonenumber parses each part of a candidate for each region, 30 us a time. A number is valid only if its
digits, less the international prefix, country code or national prefix, match a type of its plan; that is asked
here of the digits alone, and generously: a yes may be wrong, a no never is (a law in the tests).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_GROUP = re.compile(r"[0-9]+")
_EXTENSION = frozenset("~#,;")
"""Signs that may stand before an extension, whose digits are not the number's."""
_MAX_GROUPS = 12
_FEWEST = 4
"""No plan has shorter numbers (Germany's has them)."""
_KNOWN = 65_536
_MAX_PREFIXES = 3
"""A country code and national prefixes that stand one behind the other."""


class Plans:
    """The numbering plans of some regions."""

    def __init__(self, regions: Sequence[str]) -> None:
        found: dict[str, Any] = {region: PhoneMetadata.metadata_for_region(region) for region in regions}
        self._all = frozenset(regions)
        self._abroad = re.compile("|".join({f"(?:{plan.international_prefix})" for plan in found.values()}))
        # Brazil's pattern takes the number behind a carrier's code along, and gives it back.
        national = {(plan.national_prefix_for_parsing or "").replace(r"(\d{10,11})", "") for plan in found.values()}
        codes = {str(plan.country_code) for plan in found.values()}
        prefix = "|".join(f"(?:{prefix})" for prefix in sorted(national | codes) if prefix)
        self._plans = [
            (_plan(code, prefix), frozenset(region for region, plan in found.items() if plan.country_code == code))
            for code in sorted({plan.country_code for plan in found.values()})
        ]
        self.could_be = lru_cache(_KNOWN)(self._could_be)

    def may_hold_number(self, candidate: str) -> frozenset[str]:
        """Return the regions for which a part of a candidate, of whole groups of digits, could be a number."""
        groups = _GROUP.findall(candidate)
        if not _plain(candidate) or len(groups) > _MAX_GROUPS:
            return self._all
        regions: frozenset[str] = frozenset()
        for first in range(len(groups)):
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) >= _FEWEST:
                    regions |= self.could_be(digits)
        return regions

    def may_be_number(self, part: str) -> frozenset[str]:
        """Return the regions for which all digits of a part of a candidate could be a number."""
        if not _plain(part) or not _EXTENSION.isdisjoint(part):
            return self._all
        return self.could_be("".join(_GROUP.findall(part)))

    def _could_be(self, digits: str) -> frozenset[str]:
        if self._abroad.match(digits):
            return self._all
        found = (regions for plan, regions in self._plans if plan.fullmatch(digits))
        return frozenset[str]().union(*found)


def _plain(candidate: str) -> bool:
    return candidate.isascii() and "+" not in candidate and not any(map(str.isalpha, candidate))


def _plan(code: int, prefix: str) -> re.Pattern[str]:
    """Return what all types of numbers behind one country code match, of all its regions, behind prefixes."""
    types = [
        getattr(PhoneMetadata.metadata_for_region(region), name)
        for region in COUNTRY_CODE_TO_REGION_CODE[code]
        for name in _TYPES
    ]
    known = dict.fromkeys(one.national_number_pattern for one in types if one is not None)
    numbers = "|".join(f"(?:{pattern})" for pattern in known if pattern)
    return re.compile(rf"(?:{prefix}){{0,{_MAX_PREFIXES}}}(?:{numbers})")
