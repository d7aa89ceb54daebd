"""Dates of birth: a date is one under a label only."""

from contextlib import suppress
from datetime import date
from re import split
from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "dob|birth_?(?:day|date)?|date_?of_?birth|bday|born(?:_?on)?|geburts_?(?:datum|tag)|geb|naissance|date_?(?:de_?)?naissance",
    "fecha_?(?:de_?)?nacimiento|nacimiento|data_?(?:di_?)?nascita|nascita|(?:data_?(?:de_?)?)?nascimento|geboorte_?datum",
    "f[oø]dselsdato|f[oö]delsedatum|data_?urodzenia",
)
_DAY, _MONTH, _YEAR = r"[0-3]?[0-9]", r"[01]?[0-9]", r"(?:19|20)[0-9]{2}"


def _exists(year: int, month: int, day: int) -> bool:
    with suppress(ValueError):
        return date(year, month, day).year >= 1900
    return False


class WebDateOfBirthRecognizer(WebRecognizer):
    """Finds dates that exist, the year first or last, day and month in either order; or a year of birth."""

    ENTITY: ClassVar = "DATE_OF_BIRTH"
    PATTERNS: ClassVar = (
        Pattern(
            "date",
            labelled(*_NAMES) + rf"(?:{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}|{_YEAR}[01][0-9][0-3][0-9]"
            rf"|{_DAY}[-/.]{_DAY}[-/.](?:{_YEAR}|[0-9]{{2}}))(?![0-9]|[-/.][0-9])",
            0.5,
        ),
        Pattern("year", labelled("birth_?year|year_?of_?birth|yob|geburtsjahr") + rf"{_YEAR}(?![0-9A-Za-z./-])", 0.5),
    )
    SOURCE: ClassVar = "ISO 8601-1 (year first); CLDR date formats (day or month first)"
    EXAMPLES: ClassVar = (
        ("/u?dob=1980-02-29&x=1", ("1980-02-29",)),
        ('{"birthDate":"1980-12-31T00:00:00Z"}', ("1980-12-31",)),
        ("c=1; geburtsdatum=31.12.1980; d", ("31.12.1980",)),
        ("birthday=12/31/1980", ("12/31/1980",)),
        ("user[date_of_birth]=19801231", ("19801231",)),
        ("born: 3/4/80", ("3/4/80",)),
        ("yob=1980", ("1980",)),
    )
    NEAR_MISSES: ClassVar = (
        "dob=1981-02-29",
        "date=1980-12-31",
        "1980-12-31",
        "reborn=1980-12-31",
        "dob=32.12.1980",
        "dob=1980",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Ask the calendar."""
        if len(parts := split("[-/.]", pattern_text)) == 1:
            return len(pattern_text) == 4 or _exists(
                int(pattern_text[:4]), int(pattern_text[4:6]), int(pattern_text[6:])
            )
        first, second, third = map(int, parts)
        if first > 99:
            return _exists(first, second, third)
        year = third if third > 99 else 1900 + third
        return _exists(year, second, first) or _exists(year, first, second)
