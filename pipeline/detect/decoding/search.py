"""The fixpoint: text -> Views. Decodings are tried on the text, on what they made of it, and so on, within bounds.

Layer by layer. In a layer the rewriting decodings follow each other, each on what the one before it made: one view a
step, instead of one for each order of them. Decodings that are often wrong (a plus that is a plus, `page=40`) or that
stand alone (runs) branch off every step, so that nothing depends on them being right.
"""

from collections.abc import Callable, Iterator

from pipeline.detect.decoding.domains import punycode
from pipeline.detect.decoding.entities import entities
from pipeline.detect.decoding.escapes import backslash, percent, plus
from pipeline.detect.decoding.gate import plain
from pipeline.detect.decoding.lookalikes import forms, spelled
from pipeline.detect.decoding.mail import encoded_words, quoted_printable, soft_breaks
from pipeline.detect.decoding.place import Decoded
from pipeline.detect.decoding.runs import runs, unfolded
from pipeline.detect.decoding.view import LIMITS, Limits, View, Views

_CHAIN: tuple[Callable[[str], Decoded | None], ...] = (
    percent,
    backslash,
    entities,
    encoded_words,
    unfolded,
    forms,
    spelled,
    punycode,
)
_BRANCHES: tuple[Callable[[str], Decoded | None], ...] = (plus, soft_breaks, quoted_printable)

_make = tuple.__new__  # half the time of a NamedTuple's own


class _ExceededError(Exception):
    """A bound was hit."""


def views(text: str, limits: Limits = LIMITS) -> Views:
    """Return the text and all readings of it that differ in text or place."""
    original = _make(View, (text, (), ()))
    if len(text) > limits.text:
        return Views((original,), exceeded=True)
    if plain(text):
        return _make(Views, ((original,), False))
    return _Search(original, limits).run()


class _Search:
    """The views of one text so far, and what is left of its bounds."""

    def __init__(self, original: View, limits: Limits) -> None:
        self._limits = limits
        self._views = [original]
        self._seen = {(original.text, 0, len(original.text))}
        self._left = limits.decoded(len(original.text))
        self._layer = 0

    def run(self) -> Views:
        layer = [(self._views[0], True)]
        try:
            while layer:
                layer = [found for view, new in layer for found in self._decode(view, new=new)]
                self._layer += 1
        except _ExceededError:
            return Views(tuple(self._views), exceeded=True)
        return Views(tuple(self._views), exceeded=False)

    def _decode(self, view: View, *, new: bool) -> Iterator[tuple[View, bool]]:
        """Yield the views that are to be decoded again, and whether they are new: not yet tried for branches."""
        chain = self._chain(view)
        for link in chain if new else chain[1:]:
            for found in self._branches(link.text):
                if branch := self._add(link, found):
                    yield branch, True
        if len(chain) > 1:
            yield chain[-1], False

    def _chain(self, view: View) -> list[View]:
        chain = [view]
        for decode in _CHAIN:
            if found := decode(chain[-1].text):
                if not (new := self._add(chain[-1], found)):
                    break  # others go on from there
                chain.append(new)
        return chain

    @staticmethod
    def _branches(text: str) -> Iterator[Decoded]:
        for decode in _BRANCHES:
            if found := decode(text):
                yield found
        yield from runs(text)

    def _add(self, parent: View, found: Decoded) -> View | None:
        """Keep a view unless it is empty or was seen."""
        view = View(found.text, (*parent.path, found.name), (found.place, *parent.places))
        key = (view.text, *view.span(0, len(view.text)))
        if not view.text or key in self._seen:
            return None
        if self._layer == self._limits.depth or len(self._views) == self._limits.views or len(view.text) > self._left:
            raise _ExceededError
        self._left -= len(view.text)
        self._seen.add(key)
        self._views.append(view)
        return view
