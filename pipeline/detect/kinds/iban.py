"""International bank account numbers: each country has its length, all have two check digits."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.web import WebRecognizer

_COUNTRIES = {
    15: "NO",
    16: "BE BI",
    18: "DK FI FK FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH CR HR LI LV",
    22: "BG BH DE GB GE IE ME RS VA",
    23: "AE GI IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BY DJ FR GR IT MC MR SM",
    28: "AL AZ CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}  # the registry's lengths
_SHAPES = "|".join(
    rf"(?i:{countries.replace(' ', '|')})[ +-]?[0-9]{{2}}(?:[ +-]?[A-Za-z0-9]){{{length - 4}}}"
    for length, countries in _COUNTRIES.items()
)


class WebIbanRecognizer(WebRecognizer):
    """Finds numbers of a country's length whose remainder by 97 is 1; blanks may be a query's pluses."""

    ENTITY: ClassVar = "IBAN_CODE"
    PATTERNS: ClassVar = (Pattern("IBAN", rf"(?<![A-Za-z0-9])(?-i:{_SHAPES})(?![A-Za-z0-9])", 0.4),)
    SOURCE: ClassVar = "ISO 13616-1, SWIFT IBAN Registry (lengths); ISO/IEC 7064, MOD 97-10 (check digits)"
    EXAMPLES: ClassVar = (
        ("/pay?iban=DE89370400440532013000&x=1", ("DE89370400440532013000",)),
        ('{"iban":"GB82 WEST 1234 5698 7654 32"}', ("GB82 WEST 1234 5698 7654 32",)),
        ("q=FR14+2004+1010+0505+0001+3M02+606", ("FR14+2004+1010+0505+0001+3M02+606",)),
        ("c=1; a=no9386011117947; d", ("no9386011117947",)),
        ("/iban/AT611904300234573201/x", ("AT611904300234573201",)),
        ("AT61 1904 3002 3457 3201 paid with card", ("AT61 1904 3002 3457 3201",)),
    )
    NEAR_MISSES: ClassVar = (
        "DE88370400440532013000",
        "DE8937040044053201300",
        "XDE89370400440532013000",
        "ZZ89370400440532013000",
        "DE89370400440532013000A",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Move the country to the end, read letters as numbers from 10 on, divide by 97."""
        text = "".join(character for character in pattern_text if character.isalnum())
        return int("".join(str(int(character, 36)) for character in text[4:] + text[:4])) % 97 == 1
