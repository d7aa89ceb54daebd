"""Google Analytics' id of a browser: a random number and the time of the first visit."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_VALUE = r"[0-9]{5,10}\.[0-9]{10}(?![0-9A-Za-z]|\.[0-9])"


class WebGaClientIdRecognizer(WebRecognizer):
    """Finds the two numbers; the cookie's version and the depth of its domain before them are nobody's."""

    ENTITY: ClassVar = "GA_CLIENT_ID"
    PATTERNS: ClassVar = (
        Pattern("cookie", rf"(?<=(?:^|[^A-Za-z0-9])GA[0-9]\.[0-9](?:-[0-9])?\.){_VALUE}", 0.95),
        Pattern("labelled", labelled("_ga|_gid|cid|client_id|ga_(?:client_)?id|ga_cid|uip_cid") + _VALUE, 0.95),
    )
    SOURCE: ClassVar = "Google Analytics: Measurement Protocol (cid, client_id), cookie usage on websites (_ga, _gid)"
    EXAMPLES: ClassVar = (
        ("c=1; _ga=GA1.2.123456789.1234567890; d", ("123456789.1234567890",)),
        ("/collect?v=1&cid=123456789.1234567890&x=1", ("123456789.1234567890",)),
        ('{"client_id":"123456789.1234567890"}', ("123456789.1234567890",)),
        ("_gid=GA1.1-2.123456789.1234567890", ("123456789.1234567890",)),
        ("/x/GA1.3.123456789.1234567890", ("123456789.1234567890",)),
    )
    NEAR_MISSES: ClassVar = ("cid=42", "t=123456789.1234567890", "GA1.2", "cid=1.2.3", "MEGA1.2.123456789.1234567890")
