"""value -> a word that many people share: an address' country, an age band, a region (policy 4.4: demographic data).

What cannot be read gives none, and its kind stands for it instead. Under 13 nothing of a person may be kept
(section 11), so the youngest band says so.
"""

import re
from collections.abc import Callable
from datetime import date

from pipeline.protect.address import pack
from pipeline.protect.geo import UNKNOWN_COUNTRY, Geo

CHILD = 13
"""Years; section 11."""
_ADULT = 18
_OLDEST = 90
"""Years from which on ages are one band: few people share one (HIPAA safe harbor, 45 CFR 164.514(b)(2)(i)(C))."""
_NUMBERS = re.compile(r"[0-9]+")
_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")

Generalize = Callable[[str], str | None]


def generalizers(geo: Geo, today: date) -> dict[str, Generalize]:
    """Return what stands for a value, by entity."""
    return {
        "IP_ADDRESS": lambda value: _country(geo, value),
        "DATE_OF_BIRTH": lambda value: _age(value, today),
        "LOCATION": _region,
    }


def _country(geo: Geo, value: str) -> str | None:
    packed = pack(value.strip("[]").partition("%")[0])
    country = geo.country(packed) if packed is not None else UNKNOWN_COUNTRY
    return None if country == UNKNOWN_COUNTRY else f"COUNTRY:{country}"


def _age(value: str, today: date) -> str | None:
    """Return a band of ten years; the year is the one number with four digits."""
    years = [int(number) for number in _NUMBERS.findall(value) if len(number) == 4]
    if not years and value.isdigit() and len(value) == 8:
        years = [int(value[:4])]
    if len(years) != 1 or not 0 <= (age := today.year - years[0]) <= 130:
        return None
    if age <= CHILD:  # the birthday may be yet to come
        return f"AGE:under {CHILD + 1}"
    if age < _ADULT:
        return f"AGE:{CHILD}-{_ADULT - 1}"
    low = age // 10 * 10
    return f"AGE:{_OLDEST}+" if age >= _OLDEST else f"AGE:{max(low, _ADULT)}-{low + 9}"


def _region(value: str) -> str | None:
    """Return whole degrees, some 100 km; a place's name is none."""
    if any(character.isalpha() for character in value):
        return None
    degrees = [round(float(found)) for found in _DEGREES.findall(value)]
    return f"REGION:{','.join(map(str, degrees))}" if 1 <= len(degrees) <= 2 else None
