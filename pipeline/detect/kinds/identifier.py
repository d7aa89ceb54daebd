"""Numbers and codes that stand for a person or an affair of theirs: customer, account, order, ticket, session."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_SUBJECTS = (
    "user|member|customer|cust|client|visitor|person|profile|employee|patient|student|subscriber|contact|lead|account|"
    "acct|session|visit|device|order|invoice|ticket|booking|reservation|transaction|payment|subscription|shipment|"
    "tracking|claim|policy|membership|loyalty|external|anonymous|distinct|cookie|viewer|guest|buyer|seller"
)
_KEY = "(?:_?(?:id|no|nr|num|number|key|uid))"
_VALUE = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?(?![A-Za-z0-9_@-]|\.[0-9A-Za-z])"
_DIGIT = r"(?=[A-Za-z_-]{0,24}[0-9])"


class WebIdRecognizer(WebRecognizer):
    """Finds codes with a digit under a label that says whose: `id` alone may be a page's."""

    ENTITY: ClassVar = "ID"
    PATTERNS: ClassVar = (
        Pattern("id", labelled(rf"(?:{_SUBJECTS}){_KEY}|uid|user_?hash", path=True) + _DIGIT + _VALUE, 0.7),
        Pattern(
            "word", labelled(_SUBJECTS, path=True) + r"(?=[A-Za-z]{0,6}[_-]?[0-9])(?=[A-Za-z0-9_-]{3})" + _VALUE, 0.6
        ),
    )
    SOURCE: ClassVar = "California Civil Code 1798.140(aj): unique identifiers; names as shops and analytics use them"
    EXAMPLES: ClassVar = (
        ("/u?user_id=7&x=1", ("7",)),
        ("/orders/4711/items", ("4711",)),
        ('{"customerId": "C-10042", "a": 1}', ("C-10042",)),
        ("c=1; account=984512; d", ("984512",)),
        ("invoice=INV-2024-0042", ("INV-2024-0042",)),
        ("/ticket/ABC123?x", ("ABC123",)),
        ("anonymous_id=550e8400-e29b-41d4-a716-446655440000", ("550e8400-e29b-41d4-a716-446655440000",)),
        ("uid=12345", ("12345",)),
    )
    NEAR_MISSES: ClassVar = (
        "page_id=12345",
        "id=12345",
        "/users/sign_in",
        "order=asc",
        "order=1",
        "sort_order=10",
        "reorder=12345",
        "user=jane",
        "client=ms-android-x3g-gb",
        "BTWebClient/180B",
        "account=v1.2",
    )
