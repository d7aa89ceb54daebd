"""Internet addresses: IPv4 and IPv6 as they are written, other notations of IPv4 with a label; no versions."""

import re
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "(?:client|remote|user|source|src|dst|peer|host|real|visitor|login|last)?_ip(?:v?[46])?(?:_addr(?:ess)?)?|"
    "remote_addr|x-forwarded-for|xff"
)
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_QUAD = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_V4_END = r"(?![0-9A-Za-z_]|\.[0-9]|-[A-Za-z])"
_NO_VERSION = (
    r"(?<!(?:^|[\s;(,\"+])[A-Za-z][A-Za-z0-9._!-]{0,30}/)"  # a product of a user agent: Chrome/33.0.1.107
    r"(?<!(?:version|ver|rv|rev|build|release|linux|android|clr|opera|msie|nt|os|v)[\s=:/_+-])"
)
_ZONE = r"(?:%[A-Za-z0-9._~-]{1,16})?"
_PART = re.compile(r"0x[0-9a-f]{1,8}|[0-9]{1,11}", re.IGNORECASE).fullmatch


def _inet_aton(text: str) -> bool:
    """Accept one number or four parts, decimal, octal or hexadecimal, as inet_aton(3) reads them."""
    parts = text.split(".")
    limit = {1: 0xFFFFFFFF, 4: 0xFF}.get(len(parts), -1)
    with suppress(ValueError):
        bases = [16 if part[1:2] in {"x", "X"} else 8 if part[0] == "0" else 10 for part in parts if _PART(part)]
        return len(bases) == len(parts) and all(int(p, base) <= limit for p, base in zip(parts, bases, strict=True))
    return False


class WebIpRecognizer(WebRecognizer):
    """Finds addresses that Python's `ipaddress` accepts, and under a label those that a browser would."""

    ENTITY: ClassVar = "IP_ADDRESS"
    PATTERNS: ClassVar = (
        Pattern("IPv4", rf"(?<![0-9A-Za-z.%]|[A-Za-z]-|::(?:ffff:)?|[0-9]:){_NO_VERSION}{_QUAD}{_V4_END}", 0.8),
        Pattern(
            "IPv6",
            rf"(?<![0-9A-Za-z:.])(?:[0-9a-f]{{0,4}}:){{2,7}}(?:{_QUAD}|[0-9a-f]{{0,4}}){_ZONE}(?![0-9A-Za-z:]|\.[0-9])",
            0.8,
        ),
        Pattern("number", labelled(_NAMES) + r"(?:0x[0-9a-f]{8}|[0-9]{8,10})(?![0-9A-Za-z.])", 0.7),
        Pattern(
            "parts",
            labelled(_NAMES)
            + r"(?:0x[0-9a-f]{1,2}|[0-9]{1,4})(?:\.(?:0x[0-9a-f]{1,2}|[0-9]{1,4})){3}(?![0-9A-Za-z.])",
            0.7,
        ),
    )
    SOURCE: ClassVar = "RFC 791, RFC 4291, RFC 5952, RFC 6874 (zone); WHATWG URL, IPv4 parser (numbers, octal, hex)"
    EXAMPLES: ClassVar = (
        ("/whois/192.0.2.7", ("192.0.2.7",)),
        ("ip=192.0.2.7&x=1", ("192.0.2.7",)),
        ('{"ip":"2001:db8::1"}', ("2001:db8::1",)),
        ("c=1; x-forwarded-for: 192.0.2.7, 198.51.100.9; d", ("192.0.2.7", "198.51.100.9")),
        ("http://[2001:db8:0:0:0:0:0:1]:80/", ("2001:db8:0:0:0:0:0:1",)),
        ("src=fe80::1%eth0", ("fe80::1%eth0",)),
        ("::ffff:192.0.2.1", ("::ffff:192.0.2.1",)),
        ("http://192.0.2.7:8080/", ("192.0.2.7",)),
        ("ip=3221225985", ("3221225985",)),
        ("client_ip=0xC0000201", ("0xC0000201",)),
        ("ip=0300.0.02.01", ("0300.0.02.01",)),
        ("ip=0xC0.0x00.0x02.0x01", ("0xC0.0x00.0x02.0x01",)),
    )
    NEAR_MISSES: ClassVar = (
        "Chrome/33.0.170.107 Safari/5",
        "/v1.2.3.4/",
        "Version/1.2.3.4",
        "rv:1.9.2.28",
        "/lib-1.2.3.4.tar.gz",
        "jquery.js?ver=1.2.3.4",
        "192.0.2.256",
        "1.2.3.4.5",
        "10:12:33",
        "std::dead::beef",
        "zip=3221225985",
        "::",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Parse it."""
        if ":" not in pattern_text:
            with suppress(ValueError):
                return IPv4Address(pattern_text).version == 4
            return _inet_aton(pattern_text)
        if not any(character.isdecimal() for character in pattern_text):
            return False  # `::`, and names of classes such as Cafe::Dead
        with suppress(ValueError):
            return IPv6Address(pattern_text).version == 6
        return False
