"""Where somebody is, in decimal degrees: under a label, in a map's URL, in a geo URI, or two precise numbers."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_LATITUDE = r"[+-]?(?:90(?:\.0{1,15})?|[1-8]?[0-9]\.[0-9]{1,15})"
_LONGITUDE = r"[+-]?(?:180(?:\.0{1,15})?|(?:1[0-7][0-9]|[1-9]?[0-9])\.[0-9]{1,15})"
_COMMA = r",[ +]?"
_END = r"(?![0-9A-Za-z]|\.[0-9])"
_PAIR = rf"{_LATITUDE}{_COMMA}{_LONGITUDE}"
_PRECISE = r"\.[0-9]{3,15}"


class WebCoordinatesRecognizer(WebRecognizer):
    """Finds latitudes up to 90 and longitudes up to 180 degrees; three decimals are about 100 m."""

    ENTITY: ClassVar = "LOCATION"
    PATTERNS: ClassVar = (
        Pattern("latitude", labelled("lat|latitude|geo_lat|breitengrad") + _LATITUDE + _END, 0.8),
        Pattern(
            "longitude", labelled("lng|lon|long|longitude|geo_(?:lon|lng)|l[aä]ngengrad") + _LONGITUDE + _END, 0.8
        ),
        Pattern(
            "pair",
            labelled("ll|sll|geo|loc|location|lat_(?:lng|lon)|coords?|coordinates|center|position|near|gps|q")
            + _PAIR
            + _END,
            0.8,
        ),
        Pattern("map", rf"(?<=/@){_PAIR}(?=,[0-9.]{{1,9}}[zmayt])", 0.9),
        Pattern(
            "precise pair",
            rf"(?<![A-Za-z0-9.,+-])[+-]?[1-8]?[0-9]{_PRECISE}{_COMMA}[+-]?(?:1[0-7][0-9]|[1-9]?[0-9]){_PRECISE}"
            r"(?![0-9A-Za-z]|[.,][0-9+-])",
            0.5,
        ),
    )
    SOURCE: ClassVar = "ISO 6709, annex H (decimal degrees); RFC 5870 (geo URIs); the URLs of map services"
    EXAMPLES: ClassVar = (
        ("/near?lat=48.8584&lng=2.2945", ("48.8584", "2.2945")),
        ('{"latitude": -33.85, "longitude": 151.2}', ("-33.85", "151.2")),
        ("/maps/@48.8584,2.2945,17z", ("48.8584,2.2945",)),
        ("geo:48.2,16.3;u=35", ("48.2,16.3",)),
        ("c=1; ll=48.85,-2.29; d", ("48.85,-2.29",)),
        ("/weather/48.8584,2.2945", ("48.8584,2.2945",)),
    )
    NEAR_MISSES: ClassVar = (
        "lat=95.5",
        "lng=181.25",
        "flat=48.8584",
        "v=1.2,3.4",
        "box=1.5,2.5,3.5,4.5",
        "/16.2.0,17.1.0",
        "M10.123,20.456",
        "lat=late",
        "rate=1.234,5.678,9.012",
    )
