"""Payment card numbers: of a brand's range and length, with check digit."""

import re
from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.web import WebRecognizer

_BRAND = re.compile(
    r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"  # Visa
    r"|5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"  # Mastercard
    r"|3[47][0-9]{13}"  # American Express
    r"|3(?:0[0-5][0-9]|095|[689][0-9]{2})[0-9]{10}"  # Diners Club
    r"|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12,15}"  # Discover
    r"|35(?:2[89]|[3-8][0-9])[0-9]{12,15}"  # JCB
    r"|62[0-9]{14,17}"  # UnionPay
    r"|220[0-4][0-9]{12,15}"  # Mir
    r"|(?:50(?:18|20|38)|5893|6304|6759|676[1-3])[0-9]{9,15}"  # Maestro
).fullmatch


def luhn(text: str) -> bool:
    """Check the last digit (ISO/IEC 7812-1, annex B); separators do not count."""
    digits = [int(character) for character in text if character.isdecimal()]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


class WebCardRecognizer(WebRecognizer):
    """Finds 13 to 19 digits, together or in the groups that stand on the cards."""

    ENTITY: ClassVar = "CREDIT_CARD"
    PATTERNS: ClassVar = (
        Pattern("together", r"(?<![A-Za-z0-9]|[0-9]\.)[2-6][0-9]{12,18}(?![A-Za-z0-9]|\.[0-9])", 0.3),
        Pattern(
            "groups",
            r"(?<![A-Za-z0-9]|[0-9][ .-])(?:[2-6][0-9]{3}(?:[ +._-][0-9]{4}){3}(?:[ +._-][0-9]{1,3})?"
            r"|3[0-9]{3}[ +._-][0-9]{6}[ +._-][0-9]{4,5})(?![A-Za-z0-9]|[.-][0-9])",
            0.3,
        ),
    )
    SOURCE: ClassVar = "ISO/IEC 7812-1; the ranges of Wikipedia, Payment card number, IIN table"
    EXAMPLES: ClassVar = (
        ("/pay?card=4111111111111111&x=1", ("4111111111111111",)),
        ('{"number":"4111 1111 1111 1111"}', ("4111 1111 1111 1111",)),
        ("c=1; pan=5555-5555-5555-4444; d", ("5555-5555-5555-4444",)),
        ("q=3782+822463+10005", ("3782+822463+10005",)),
        ("/cards/378282246310005", ("378282246310005",)),
        ("card_6011111111111117", ("6011111111111117",)),
        ("3530111333300000, 30569309025904", ("3530111333300000", "30569309025904")),
        ("2223003122003222", ("2223003122003222",)),
    )
    NEAR_MISSES: ClassVar = (
        "4111111111111112",
        "41111111111111111111",
        "1612345678901",
        "a4111111111111111",
        "0.4111111111111111",
        "9411111111111111",
        "2111111111111111",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Check range, length and last digit."""
        digits = "".join(character for character in pattern_text if character.isdecimal())
        return bool(_BRAND(digits)) and luhn(digits)
