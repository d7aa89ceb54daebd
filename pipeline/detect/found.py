"""What detection says: a kind of personal data, and where it stands in the text. Never the text itself."""

from typing import NamedTuple


class Found(NamedTuple):
    """A span [start, end) of a text, in characters."""

    entity: str
    start: int
    end: int
    score: float
    recognizer: str
    path: tuple[str, ...] = ()  # the decodings that led to it, outermost first
    in_context: bool = False  # one of the recognizer's context words stands before it
