"""Where somebody lives: town and postal code, under a label."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import NO_VALUE, labelled
from pipeline.detect.web import WebRecognizer

_CODE = "zip(?:_?code)?|post(?:al)?_?code|plz|postleitzahl|code_?postal|codigo_?postal|cep|postnummer"
_TOWN = "city|town|locality|suburb|stadt|wohnort|ville|ciudad|citt[aà]|cidade|woonplaats"
_LETTER = "[^\\x00-@\\[-`{-\\x7f\u0080-\u00a0\u2000-\u200f\u3000-\u303f]"
_WORD = rf"{_LETTER}(?:{_LETTER}|['.-]){{1,39}}"
_NEXT = r"[^\s+&;,\"<>=?@{}\[\]:\\]{1,40}"  # a district's number, something in brackets


class WebPlaceRecognizer(WebRecognizer):
    """Finds postal codes of 3 to 10 characters with a digit, and town names of up to four words."""

    ENTITY: ClassVar = "LOCATION"
    PATTERNS: ClassVar = (
        Pattern(
            "code",
            labelled(_CODE) + r"(?:[0-9]{4}[ +]?(?-i:[A-Z]{2})"
            r"|(?=[A-Za-z]{0,4}[ +-]?[0-9])[A-Za-z0-9]{2,8}(?:[ +-][0-9][A-Za-z0-9]{1,3})?)(?![A-Za-z0-9_.])",
            0.7,
        ),
        Pattern(
            "town",
            rf"{labelled(_TOWN)}{_WORD}(?:[ +](?!HTTP/){_NEXT}){{0,3}}(?![A-Za-z0-9@_(\[=:])",
            0.6,
        ),
    )
    SOURCE: ClassVar = "UPU S42 (address elements); WHATWG HTML, autofill (postal-code, address-level2)"
    EXAMPLES: ClassVar = (
        ("/u?zip=90210-1234&city=New+York", ("90210-1234", "New+York")),
        ('{"postalCode": "SW1A 1AA"}', ("SW1A 1AA",)),
        ("c=1; plz=80331; d", ("80331",)),
        ("shipping[city]=São Paulo", ("São Paulo",)),
        ("city=København K&zip=1012 AB", ("København K", "1012 AB")),
        ("ville=Aix-en-Provence&x=1", ("Aix-en-Provence",)),
    )
    NEAR_MISSES: ClassVar = (
        "zip=true",
        "zip=1",
        "file=a.zip",
        "/zip/90210",
        "capacity=large",
        "city=null",
        "zip=archive.tar",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop what a switch says."""
        return False if pattern_text.lower() in NO_VALUE else None
