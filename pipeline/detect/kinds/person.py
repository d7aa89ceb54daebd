"""People's names, under a label: first, last and full ones, in the languages of many forms."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import NO_VALUE, labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "(?:first|last|middle|given|family|full|real|maiden|legal|holder|cardholder|recipient|passenger)_name(?:_on_card)?",
    "(?:contact|customer|billing|shipping|employee|patient|student|guest|owner|buyer|member)_name",
    "fname|lname|forename|surname|name_on_card|card_name|account_holder",
    "vorname|nachname|familienname|pr[eé]nom|nom|nom_(?:de_)?famille|nombre|apellidos?|cognome|nome|sobrenome",
    "voornaam|achternaam|imi[eę]|nazwisko|f[oö]rnamn|efternamn|fornavn|etternavn|efternavn",
)
_LETTER = "[^\\x00-@\\[-`{-\\x7f\u0080-\u00a0\u2000-\u200f\u3000-\u303f]"
_WORD = rf"(?:{_LETTER}(?:{_LETTER}|['.-]){{1,39}}|[^\x00-\x7f])"


class WebPersonRecognizer(WebRecognizer):
    """Finds up to five words of letters, with blanks or the plus of a query string between them."""

    ENTITY: ClassVar = "PERSON"
    PATTERNS: ClassVar = (
        Pattern("labelled", rf"{labelled(*_NAMES)}{_WORD}(?:[ +](?!HTTP/){_WORD}){{0,4}}(?![A-Za-z0-9@_(\[=:])", 0.7),
    )
    SOURCE: ClassVar = "WHATWG HTML, autofill field names (given-name, family-name ...), and translations of them"
    EXAMPLES: ClassVar = (
        ("/u?first_name=Jane&last_name=Doe", ("Jane", "Doe")),
        ('{"fullName":"Jane Q. Doe","x":1}', ("Jane Q. Doe",)),
        ("c=1; surname=O'Neil; d", ("O'Neil",)),
        ("fullname=Jane+Q.+van+der+Doe&x=1", ("Jane+Q.+van+der+Doe",)),
        ("GET /u?lname=Doe HTTP/1.1", ("Doe",)),
        ("vorname=Jörg&nachname=Groß-Müller", ("Jörg", "Groß-Müller")),
        ("customer[first_name]=Zoë", ("Zoë",)),
        ("surname=李", ("李",)),
    )
    NEAR_MISSES: ClassVar = (
        "sort=last_name",
        "last_name=asc",
        "filename=Jane",
        "name=Jane",
        "surname=1234",
        "first_name=",
        "first_name=null",
        "nominal=Doe",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop what a switch says."""
        return False if pattern_text.lower() in NO_VALUE else None
