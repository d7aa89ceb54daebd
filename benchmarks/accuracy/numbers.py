"""Numbers of people: telephone, bank, state, shop and place. Valid by their check digits, and nobody's.

- Telephone: the ranges that regulators keep for fiction where Google's plans have them (555-01xx; Ofcom's 020 7946
  0xxx, not its 07700 900xxx), else Google's example number of the country with two other last digits.
- Cards: the test ranges that payment providers publish, with a new check digit.
- IBAN: the registry's example banks, other accounts.
- Social security numbers: those that were printed in advertisements and were voided for it. No range that validators
  accept is reserved (9xx, the reserved one, they refuse), and a random number may be somebody's.
"""

from random import Random

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

_REGIONS = ("US", "GB", "FR", "DE", "ES", "IT", "NL", "CH", "SE", "PL", "AU", "IN", "BR", "MX", "JP", "ZA")
_FICTION = {"US": ("+1{area}55501", 2), "GB": ("+442079460", 3)}
_AREAS = ("202", "212", "312", "415", "617", "808")
_CARDS = (
    *(("411111", 16), ("424242", 16), ("401288", 16), ("555555", 16), ("510510", 16), ("222300", 16)),
    *(("378282", 15), ("371449", 15), ("601111", 16), ("353011", 16), ("305693", 14), ("620000", 16)),
)  # Visa, Mastercard, American Express, Discover, JCB, Diners Club, UnionPay
_BANKS = (
    ("DE", "37040044", 10),
    ("GB", "WEST123456", 8),
    ("FR", "20041010050500013M026", 2),
    ("AT", "19043", 11),
    ("NL", "ABNA", 10),
    ("ES", "21000418", 12),
    ("CH", "00762", 12),
    ("NO", "8601", 7),
    ("BE", "539", 9),
)
_VOID_SSN = ("219-09-9999", "212-09-9999", "165-18-7999", "165-20-7999", "165-22-7999", "165-24-7999")


def digits(rng: Random, number: int) -> str:
    """Return random digits."""
    return "".join(rng.choices("0123456789", k=number))


def _phone(rng: Random) -> phonenumbers.PhoneNumber:
    region = rng.choice(_REGIONS)
    if region in _FICTION:
        start, free = _FICTION[region]
        return phonenumbers.parse(start.format(area=rng.choice(_AREAS)) + digits(rng, free))
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    assert example
    return phonenumbers.parse(phonenumbers.format_number(example, PhoneNumberFormat.E164)[:-2] + digits(rng, 2))


def phone_e164(rng: Random) -> str:
    """Return +442079460958."""
    return str(phonenumbers.format_number(_phone(rng), PhoneNumberFormat.E164))


def phone_grouped(rng: Random) -> str:
    """Return +44 20 7946 0958."""
    return str(phonenumbers.format_number(_phone(rng), PhoneNumberFormat.INTERNATIONAL))


def phone_american(rng: Random) -> str:
    """Return 202-555-0143 and the like."""
    form = rng.choice(("{}-555-01{}", "({}) 555-01{}", "{}.555.01{}"))
    return form.format(rng.choice(_AREAS), digits(rng, 2))


def phone_digits(rng: Random) -> str:
    """Return a national number without separators: only its label says what it is."""
    if rng.random() < 0.5:
        return f"{rng.choice(_AREAS)}55501{digits(rng, 2)}"
    return f"02079460{digits(rng, 3)}" if rng.random() < 0.5 else f"06123456{digits(rng, 2)}"


def luhn(body: str) -> str:
    """Add the check digit of ISO/IEC 7812-1."""
    doubled = (int(digit) * (2 if index % 2 == 0 else 1) for index, digit in enumerate(reversed(body)))
    return body + str(-sum(number - 9 if number > 9 else number for number in doubled) % 10)


def card(rng: Random) -> str:
    """Return a card's number without separators."""
    start, length = rng.choice(_CARDS)
    return luhn(start + digits(rng, length - len(start) - 1))


def card_grouped(rng: Random) -> str:
    """Return a card's number as it stands on the card, or with dashes."""
    number = next(found for found in iter(lambda: card(rng), "") if len(found) == 16)
    return rng.choice(" -").join(number[start : start + 4] for start in range(0, 16, 4))


def iban(rng: Random) -> str:
    """Return an account with the check digits of ISO/IEC 7064, MOD 97-10."""
    country, bank, free = rng.choice(_BANKS)
    account = bank + digits(rng, free)
    rest = int("".join(str(int(character, 36)) for character in f"{account}{country}00")) % 97
    return f"{country}{98 - rest:02}{account}"


def iban_grouped(rng: Random) -> str:
    """Return it in groups of four."""
    number = iban(rng)
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def ssn(rng: Random) -> str:
    """Return a social security number of the United States that is nobody's any more."""
    return rng.choice(_VOID_SSN)


def numeric_id(rng: Random) -> str:
    """Return a customer's number."""
    return str(rng.randrange(1_000, 10**9))


def mixed_id(rng: Random) -> str:
    """Return a number with letters."""
    return rng.choice(("C-{}", "INV-2024-{}", "AB{}", "u_{}", "{}X")).format(rng.randrange(1_000, 10**6))


def imei(rng: Random) -> str:
    """Return a device's number: the example's type, another serial number."""
    return luhn("49015420" + digits(rng, 6))


def coordinates(rng: Random) -> str:
    """Return latitude and longitude, 10 m or closer."""
    places = rng.choice((4, 5, 6))
    return f"{rng.uniform(-66, 66):.{places}f},{rng.uniform(-179, 179):.{places}f}"


def latitude(rng: Random) -> str:
    """Return a latitude alone."""
    return f"{rng.uniform(-66, 66):.{rng.choice((2, 4, 6))}f}"
