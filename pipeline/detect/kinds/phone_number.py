"""Telephone numbers: international ones alone, national ones with a label, North American ones by their dashes."""

from collections.abc import Callable
from typing import ClassVar

import phonenumbers
from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "(?:tele|cell|mobile)?_phone(?:_(?:number|num|no|nr))?",
    "(?:tel|mobile|cell|gsm|fax|contact)(?:_(?:number|num|no|nr))?",
    "msisdn|whatsapp|handy|telefon|telefono|telefone|telephone|mobil|portable",
)
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "CH", "AT", "PL", "SE", "AU", "IN", "BR", "MX", "JP")
_TAIL = r"(?![0-9]|[.-][0-9]|[A-Za-z])"


def _is_number(text: str, region: str | None, ask: Callable[..., bool] = phonenumbers.is_valid_number) -> bool:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    return ask(number)


class WebPhoneRecognizer(WebRecognizer):
    """Finds numbers that the plan of their country has; a bare run of digits may be anything."""

    ENTITY: ClassVar = "PHONE_NUMBER"
    PATTERNS: ClassVar = (
        Pattern("international", r"(?<![A-Za-z0-9+])\+[ ]?[1-9](?:[ ().\/-]{0,2}[0-9]){6,14}(?![0-9])", 0.5),
        Pattern("00", r"(?<![A-Za-z0-9+_.:,-])00[ ]?[1-9](?:[ ()\/-]{0,2}[0-9]){7,14}" + _TAIL, 0.5),
        Pattern(
            "North American",
            r"(?<![A-Za-z0-9+._-])(?:1[ .-])?(?:\([2-9][0-9]{2}\)[ .-]?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}"
            + _TAIL,
            0.5,
        ),
    )
    SOURCE: ClassVar = "ITU-T E.164; Google's libphonenumber for the plans of the countries"
    EXAMPLES: ClassVar = (
        ("/call/+12025550100", ("+12025550100",)),
        ("tel=+442079460958&x=1", ("+442079460958",)),
        ('{"phone":"+44 20 7946 0958"}', ("+44 20 7946 0958",)),
        ("phone=0049 30 23125 000", ("0049 30 23125 000",)),
        ("c=1; tel=202-555-0143; d", ("202-555-0143",)),
        ("(202) 555-0100", ("(202) 555-0100",)),
        ("q=1.202.555.0143", ("1.202.555.0143",)),
    )
    NEAR_MISSES: ClassVar = (
        "+999123456789",
        "_ga=GA1.2.202555010.1700000000",
        "cid=202555010.1700000000",
        "/id/2025550100",
        "lib-202.555.0100.tar",
        "ts=2024-01-02+10:11:12",
        "order 001-02-555",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Ask the plan of the country."""
        return _is_number("+" + pattern_text[2:] if pattern_text.startswith("00") else pattern_text, "US")


class WebNationalPhoneRecognizer(WebRecognizer):
    """Finds numbers as people write them at home, under a label, if one of some large plans has them."""

    ENTITY: ClassVar = "PHONE_NUMBER"
    PATTERNS: ClassVar = (
        Pattern(
            "labelled", labelled(*_NAMES, path=True) + r"\+?\(?[0-9](?:[ ().+\/-]{0,2}[0-9]){5,14}(?![0-9])", 0.5
        ),
    )
    SOURCE: ClassVar = WebPhoneRecognizer.SOURCE
    EXAMPLES: ClassVar = (
        ("/u?tel=02079460958&x=1", ("02079460958",)),
        ("phone=202+555+0100", ("202+555+0100",)),
        ('{"mobile_number": "2025550143"}', ("2025550143",)),
        ("c=1; userPhone=(202) 555-0100; d", ("(202) 555-0100",)),
        ("/tel/030 23125000", ("030 23125000",)),
        ("msisdn=442079460958", ("442079460958",)),
        ("tel=+46 0515-6701410", ("+46 0515-6701410",)),
    )
    NEAR_MISSES: ClassVar = (
        "tel=12345",
        "hotel=02079460958",
        "phone=iphone",
        "telemetry=2025550143",
        "tel=0000000000",
        "WhatsApp/2.12.449 A",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Ask the plans of the regions, or whether only the plus is missing; where it is not, the length will do."""
        if pattern_text.startswith("+"):
            return _is_number(pattern_text, None, phonenumbers.is_possible_number)
        text = pattern_text.replace("+", " ")
        return any(_is_number(text, region) for region in _REGIONS) or _is_number("+" + text, None)
