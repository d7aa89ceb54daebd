"""Social security numbers of the United States: with dashes, or bare under a label."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_AREA, _GROUP, _SERIAL = r"(?!000|666|9)[0-9]{3}", r"(?!00)[0-9]{2}", r"(?!0000)[0-9]{4}"


class WebUsSsnRecognizer(WebRecognizer):
    """Finds numbers that could be issued: no area 000, 666 or 9xx, no group 00, no serial 0000."""

    ENTITY: ClassVar = "US_SSN"
    PATTERNS: ClassVar = (
        Pattern("dashes", rf"(?<![A-Za-z0-9.-]){_AREA}-{_GROUP}-{_SERIAL}(?![A-Za-z0-9-]|\.[0-9])", 0.7),
        Pattern(
            "labelled",
            labelled("ssn(?:_?(?:no|number))?|social_security(?:_?(?:no|number))?|social")
            + rf"{_AREA}[ .+-]?{_GROUP}[ .+-]?{_SERIAL}(?![A-Za-z0-9])",
            0.9,
        ),
    )
    SOURCE: ClassVar = "Social Security Administration, POMS RM 10201.035 (invalid SSNs)"
    EXAMPLES: ClassVar = (  # both numbers were printed in advertisements, and are no longer anybody's
        ("/u?ssn=078051120&x=1", ("078051120",)),
        ("/find/078-05-1120", ("078-05-1120",)),
        ('{"socialSecurityNumber":"219-09-9999"}', ("219-09-9999",)),
        ("c=1; ssn=219 09 9999; d", ("219 09 9999",)),
        ("q=219-09-9999.", ("219-09-9999",)),
    )
    NEAR_MISSES: ClassVar = ("000-12-3456", "666-12-3456", "987-65-4321", "219-00-9999", "078051120", "ssn=219090000")
