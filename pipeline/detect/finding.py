"""What detection says: a kind of personal data, and where it stands in the text. Never the text itself."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Kinds of personal data, the most telling first: of several findings the first kind names a text."""

    EMAIL = "email"
    CARD = "card"
    PHONE = "phone"
    TOKEN = "token"  # noqa: S105  # a kind, not a secret
    ID = "id"


class Finding(NamedTuple):
    """A span [start, end) of a text, in characters."""

    kind: Kind
    start: int
    end: int
    score: float
