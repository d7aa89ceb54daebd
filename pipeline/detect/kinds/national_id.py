"""Numbers by which a state knows a person, under their names; those with a form of their own are Presidio's."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "ssn|nin|nino|nie|nif|dni|cpf|cnpj|pesel|bsn|cnp|egn|oib|cpr|hetu|nir|curp|amka|jmbg|emso|aadhaar|nric|rodne_cislo",
    "person_?nummer|personnr|f[oø]dselsnummer|kennitala|isikukood|asmens_kodas|henkil[oö]tunnus",
    "codice_fiscale|steuer_?id|steuernummer|sozialversicherungsnummer|svnr|avs|ahv",
    "national_(?:id|insurance|number)(?:_(?:no|number))?|identity_(?:no|number|card)|id_number",
    "tax_(?:id|payer_id|number|file_number)|tin|insee|social_insurance_number",
    "(?:passport|id_card|(?:driver'?s?|driving)_licen[cs]e)(?:_(?:no|number|nr))?",
)


class WebNationalIdRecognizer(WebRecognizer):
    """Finds 6 to 18 letters and digits with two digits near the start; checks are the countries'."""

    ENTITY: ClassVar = "NATIONAL_ID"
    PATTERNS: ClassVar = (
        Pattern(
            "labelled",
            labelled(*_NAMES)
            + r"(?=[A-Za-z +./-]{0,8}[0-9][A-Za-z +./-]{0,4}[0-9])"
            + r"[A-Za-z0-9](?:[ +./-]?[A-Za-z0-9]){5,17}(?![A-Za-z0-9_@])",
            0.7,
        ),
    )
    SOURCE: ClassVar = "The numbers' names in their countries; forms: OECD, TIN by jurisdiction"
    EXAMPLES: ClassVar = (
        ("/u?dni=12345678Z&x=1", ("12345678Z",)),
        ('{"nationalId": "AB 12 34 56 C"}', ("AB 12 34 56 C",)),
        ("c=1; cpf=123.456.789-09; d", ("123.456.789-09",)),
        ("personnummer=19900101-0017", ("19900101-0017",)),
        ("passport_no=C01X00T47", ("C01X00T47",)),
        ("codice_fiscale=RSSMRA85T10A562S", ("RSSMRA85T10A562S",)),
    )
    NEAR_MISSES: ClassVar = (
        "dni=none",
        "dni=12",
        "tin=container",
        "12345678Z",
        "admin=12345678",
        "rfc=2616",
        "nin=abcdefgh",
    )
