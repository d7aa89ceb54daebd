"""Postal addresses under a label: street and number; and, weakly, a number before a word for street."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import NO_VALUE, labelled
from pipeline.detect.web import WebRecognizer

_STREET = (
    "street(?:_(?:address|name))?|stra(?:ss|ß)e|rue|calle|(?:address|addr)(?:_line)?|adresse|direcci[oó]n|indirizzo|"
    "endere[cç]o|adres"
)
_WORD = r"[^\s,&;<>\"=?@{}|\\+:\[\]\x00-\x1f]{1,40}"
_NEXT = rf"(?:,?[ +]{{1,2}}(?!HTTP/|[A-Za-z_]{{1,20}}[:=]){_WORD})"


class WebStreetAddressRecognizer(WebRecognizer):
    """Finds up to nine words with a number among them: `address=` alone may be an e-mail's or a machine's."""

    ENTITY: ClassVar = "STREET_ADDRESS"
    PATTERNS: ClassVar = (
        Pattern(
            "labelled",
            labelled(_STREET)
            + r"(?!0x|[0-9.]{7,15}[ +])"
            + r"(?=[^&;\"=0-9]{0,40}[0-9])(?=[\x00-@\[-`{-\x7f]{0,12}[^\x00-@\[-`{-\x7f])"
            + rf"{_WORD}{_NEXT}{{1,8}}",
            0.7,
        ),
        Pattern(
            "street",
            r"(?<![A-Za-z0-9])[0-9]{1,5}[A-Za-z]?[ +](?:[A-Za-z.'-]{1,20}[ +]){1,3}"
            r"(?:street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|drive|dr|court|ct|place|pl|square|sq)(?![A-Za-z0-9])",
            0.3,
        ),
    )
    SOURCE: ClassVar = (
        "WHATWG HTML, autofill (street-address, address-line1); USPS Publication 28, appendix C1 (suffixes)"
    )
    WORDS: ClassVar = ("address", "street", "delivery", "shipping")
    EXAMPLES: ClassVar = (
        ("/u?street=12 Main Street&x=1", ("12 Main Street",)),
        ('{"address1": "12 Main St, Apt 4", "city": "X"}', ("12 Main St, Apt 4",)),
        ("shipping_address=12+Main+St&x=1", ("12+Main+St",)),
        ("c=1; strasse=Lange Straße 7a; d", ("Lange Straße 7a",)),
        ('{"street":"πλατεία 262"}', ("πλατεία 262",)),
        ("address: 12 Rue du Port, city: Ville", ("12 Rue du Port",)),
    )
    NEAR_MISSES: ClassVar = (
        "address=jane@mail.example",
        "address=192.0.2.7",
        "street=view",
        "/street/12",
        "addr=0x7ffe 0x10=",
        "ip_address=192.0.2.7 x",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop what a switch says."""
        return False if pattern_text.lower() in NO_VALUE else None
