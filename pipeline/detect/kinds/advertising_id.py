"""Click and visitor ids of advertising networks and mail senders: they follow a person across sites."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_CLICK = (
    "gclid|gclsrc_id|dclid|gbraid|wbraid|fbclid|msclkid|ttclid|twclid|yclid|igshid|igsh|li_fat_id|epik|rdt_cid|sccid|"
    "irclickid|mc_eid|mc_cid|_hsenc|_hsmi|__hstc|hubspotutk|mkt_tok|vero_id|oly_(?:enc|anon)_id|wickedid|srsltid|"
    "_fbp|_fbc|_gcl_(?:au|aw|dc)|_uetsid|_uetvid|_ttp|_pin_unauth"
)


class WebAdvertisingIdRecognizer(WebRecognizer):
    """Finds the values of these parameters and cookies, and Facebook's browser and click ids alone."""

    ENTITY: ClassVar = "ADVERTISING_ID"
    PATTERNS: ClassVar = (
        Pattern("labelled", labelled(_CLICK) + r"(?=[A-Za-z._-]{0,64}[0-9])[A-Za-z0-9._~-]{6,512}", 0.9),
        Pattern("Facebook", r"(?<![A-Za-z0-9.])fb\.[0-2]\.[0-9]{13}\.[A-Za-z0-9_-]{6,255}", 0.9),
    )
    SOURCE: ClassVar = (
        "The networks' documentation: Google Ads auto-tagging, Meta fbp and fbc, Microsoft UET, Mailchimp ..."
    )
    EXAMPLES: ClassVar = (
        ("/?gclid=Cj0KCQjw9ZGYBhCEARIsAEUXITW&x=1", ("Cj0KCQjw9ZGYBhCEARIsAEUXITW",)),
        ("https://shop.example/?fbclid=IwAR0abc_123-def", ("IwAR0abc_123-def",)),
        ("c=1; _fbp=fb.1.1558571054389.1098115397; d", ("fb.1.1558571054389.1098115397",)),
        ('{"msclkid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9"}', ("0a1b2c3d4e5f60718293a4b5c6d7e8f9",)),
        ("/n?mc_cid=9b8c7d6e5f&mc_eid=1a2b3c4d5e", ("9b8c7d6e5f", "1a2b3c4d5e")),
        ("x=fb.1.1554763741205.AbCdEfGh1", ("fb.1.1554763741205.AbCdEfGh1",)),
    )
    NEAR_MISSES: ClassVar = ("gclid=", "gclid=test", "utm_source=google1", "fb.1.2.3", "notgclid=Cj0KCQjw9ZGY")
