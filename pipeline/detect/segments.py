"""A segment of a path that nobody declared -> the word that stands for it: {email}, {phone}, {card}, {token}, {id}.

Few words, for a page is no identifier (protect/url.py). Detection chooses the word, never whether a segment may pass.
"""

import re
from enum import StrEnum

from pipeline.detect.detector import Detector
from pipeline.detect.found import Found


class Kind(StrEnum):
    """Words for segments, the most telling first: of several findings the first names a segment."""

    EMAIL = "email"
    CARD = "card"
    PHONE = "phone"
    TOKEN = "token"  # noqa: S105  # a kind, not a secret
    ID = "id"


_KINDS = {
    "EMAIL_ADDRESS": Kind.EMAIL,
    "CREDIT_CARD": Kind.CARD,
    "PHONE_NUMBER": Kind.PHONE,
    "TOKEN": Kind.TOKEN,
    "PASSWORD": Kind.TOKEN,
    "UUID": Kind.TOKEN,
    "CRYPTO": Kind.TOKEN,
}
_RANK = {kind: rank for rank, kind in enumerate(Kind)}
_NUMBER = re.compile(r"[0-9]{1,64}(?:\.[A-Za-z0-9]{1,8})?")  # an account, an order, a year: 12345, 12345.html
_RANDOM = re.compile(r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9+=_~-]{20,}|[A-Za-z0-9+_-]{24,}={1,2}")
_WHOLE = 0.6
"""Share of a segment that a finding of another kind must take: a license plate inside a title names no segment."""


class Segments:
    """Tells the kind of segments."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def kind(self, segment: str) -> Kind | None:
        """Return the most telling kind in a decoded segment, or None."""
        kinds = [kind for one in self._detector.detect(segment).found if (kind := self._kind(one, segment))]
        return min(kinds, key=_RANK.__getitem__) if kinds else self.form(segment)

    @staticmethod
    def form(segment: str) -> Kind | None:
        """Return the kind that a segment's form tells, without a search."""
        if _NUMBER.fullmatch(segment):
            return Kind.ID
        return Kind.TOKEN if _RANDOM.fullmatch(segment) else None

    @staticmethod
    def _kind(one: Found, segment: str) -> Kind | None:
        if one.entity in _KINDS:
            return _KINDS[one.entity]
        return Kind.ID if one.end - one.start >= _WHOLE * len(segment) else None
