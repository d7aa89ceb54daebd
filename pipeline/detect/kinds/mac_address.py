"""Hardware addresses of network cards (EUI-48): with colons, dashes, Cisco's dots, or bare under a label."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_START, _END = r"(?<![A-Za-z0-9:.-])", r"(?![A-Za-z0-9:-]|\.[A-Za-z0-9])"
_LETTER = r"(?=[0-9.-]{0,16}[a-f])"  # digits alone with dashes or dots are a date, a version


class WebMacRecognizer(WebRecognizer):
    """Finds the address of one card; not of none or all of them."""

    ENTITY: ClassVar = "MAC_ADDRESS"
    PATTERNS: ClassVar = (
        Pattern("colons", _START + r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}" + _END, 0.8),
        Pattern(
            "after a colon",
            labelled("mac(?:_addr(?:ess)?)?|bssid") + r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}" + _END,
            0.9,
        ),
        Pattern("dashes", _START + _LETTER + r"(?:[0-9a-f]{2}-){5}[0-9a-f]{2}" + _END, 0.8),
        Pattern("dots", _START + _LETTER + r"(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}" + _END, 0.8),
        Pattern(
            "bare",
            labelled("(?:wifi|wlan|eth|device|client)?_?mac(?:_addr(?:ess)?)?|bssid|hw_addr|ether")
            + r"[0-9a-f]{12}(?![A-Za-z0-9])",
            0.8,
        ),
    )
    SOURCE: ClassVar = "IEEE 802-2014, clause 8.1 (hexadecimal representation); Cisco IOS (dots)"
    EXAMPLES: ClassVar = (
        ("/device/00:1b:44:11:3a:b7", ("00:1b:44:11:3a:b7",)),
        ("?mac=00-1B-44-11-3A-B7&x=1", ("00-1B-44-11-3A-B7",)),
        ('{"mac":"001b.4411.3ab7"}', ("001b.4411.3ab7",)),
        ("c=1; wifi_mac=001b44113ab7; d", ("001b44113ab7",)),
        ("mac:00:1b:44:11:3a:b7", ("00:1b:44:11:3a:b7",)),
    )
    NEAR_MISSES: ClassVar = (
        "00:00:00:00:00:00",
        "ff:ff:ff:ff:ff:ff",
        "12-10-11-23-59-59",
        "1234.5678.9012",
        "2001:db8:1:2:3:4:5:6",
        "hash=001b44113ab7",
        "10:11:12:13:14",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop the addresses of no card and of all."""
        return False if set(pattern_text.lower()) - set(":-.") in ({"0"}, {"f"}) else None
