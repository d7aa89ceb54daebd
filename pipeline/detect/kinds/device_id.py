"""Numbers of devices: advertising ids of phones, vendor ids, Android ids and IMEIs; all under a label."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.kinds.credit_card import luhn
from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "idfa|idfv|gaid|gps_adid|aaid|adid|oaid|udid|advertising_id|ifa|rdid|vendor_id|android_?id|device_?(?:id|uuid|guid|uid)|"
    "duid|hw_?id|hardware_id|machine_(?:id|guid)|install(?:ation)?_id|fingerprint|meid|serial(?:_(?:no|number))?"
)
_END = r"(?![A-Za-z0-9_])"


class WebDeviceIdRecognizer(WebRecognizer):
    """Finds UUIDs, hexadecimal and other codes with a digit."""

    ENTITY: ClassVar = "DEVICE_ID"
    PATTERNS: ClassVar = (
        Pattern(
            "labelled", labelled(_NAMES) + r"(?=[A-Za-z_-]{0,24}[0-9])[A-Za-z0-9][A-Za-z0-9_-]{7,63}" + _END, 0.8
        ),
    )
    SOURCE: ClassVar = "Apple AdSupport (IDFA) and UIDevice (IDFV); Google Play services (advertising id); ANDROID_ID"
    EXAMPLES: ClassVar = (
        ("/p?idfa=550e8400-e29b-41d4-a716-446655440000&x=1", ("550e8400-e29b-41d4-a716-446655440000",)),
        ('{"androidId": "9774d56d682e549c"}', ("9774d56d682e549c",)),
        ("c=1; device_id=A1B2C3D4E5; d", ("A1B2C3D4E5",)),
        ("gps_adid=550e8400-e29b-41d4-a716-446655440000", ("550e8400-e29b-41d4-a716-446655440000",)),
        ("ref=/x?serial_number=C02XX0AAJG5H", ("C02XX0AAJG5H",)),
    )
    NEAR_MISSES: ClassVar = (
        "device_id=mobile",
        "device=9774d56d682e549c",
        "9774d56d682e549c",
        "deviceid=7",
        "valid=abcdef12345",
    )


class WebImeiRecognizer(WebRecognizer):
    """Finds the 15 digits of a mobile device, with their check digit."""

    ENTITY: ClassVar = "DEVICE_ID"
    PATTERNS: ClassVar = (
        Pattern(
            "IMEI", labelled("imei(?:_?(?:no|number|sv))?", path=True) + r"[0-9]{2}(?:[ -]?[0-9]){13}(?![0-9])", 0.5
        ),
    )
    SOURCE: ClassVar = "3GPP TS 23.003, section 6.2 and annex B (check digit)"
    EXAMPLES: ClassVar = (
        ("/p?imei=490154203237518&x=1", ("490154203237518",)),
        ('{"imei": 490154203237518}', ("490154203237518",)),
        ("c=1; imei=49-015420-323751-8; d", ("49-015420-323751-8",)),
        ("/imei/490154203237518", ("490154203237518",)),
        ("device[imei]=490154203237518", ("490154203237518",)),
    )
    NEAR_MISSES: ClassVar = ("imei=490154203237519", "490154203237518", "imei=4901542032375", "time=490154203237518")

    def validate_result(self, pattern_text: str) -> bool | None:
        """Check the last digit."""
        return luhn(pattern_text)
