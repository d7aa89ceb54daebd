"""The nouns of decoding: a view of a text, all of its views, and the bounds on making them."""

from typing import NamedTuple

from pipeline.detect.decoding.place import Place


class Limits(NamedTuple):
    """Bounds on the work for one text; characters count as decoded once for each view they are in.

    The values are ours: five layers are more than mail gateways, loggers and redirects pile up, and honest texts
    have less than ten views.
    """

    depth: int = 5  # layers, one inside the other
    views: int = 64
    text: int = 65_536  # characters of the text itself
    factor: int = 8  # decoded characters for each one of the text
    floor: int = 4_096  # decoded characters that every text may have
    total: int = 262_144  # decoded characters that no text may exceed

    def decoded(self, length: int) -> int:
        """Return how many characters a text of this length may decode to, in all views but the first."""
        return min(self.factor * length + self.floor, self.total)


LIMITS = Limits()


class View(NamedTuple):
    """One reading of a text."""

    text: str
    path: tuple[str, ...] = ()  # the decodings that led here, outermost first; () is the text itself
    places: tuple[Place, ...] = ()  # of each decoding, innermost first

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest [start, end) of the original text that covers this [start, end) of the view's."""
        start, end = max(0, min(start, len(self.text))), max(0, min(end, len(self.text)))
        if start >= end:
            return self._point(start)
        for place in self.places:
            start, end = place.span(start, end)
        return start, end

    def _point(self, index: int) -> tuple[int, int]:
        if index < len(self.text):
            point = self.span(index, index + 1)[0]
        else:
            point = self.span(index - 1, index)[1] if index else 0
        return point, point

    def __repr__(self) -> str:
        """Show the way, never the text."""
        return f"<View {'/'.join(self.path) or 'original'}, {len(self.text)} characters>"


class Views(NamedTuple):
    """All readings of a text, the text itself first."""

    views: tuple[View, ...]
    exceeded: bool  # a bound was hit: more may be hidden, so the whole text counts as personal
