r"""Undo what hides personal data on the web: text -> Views, each a reading of the text that knows where it stands.

    search.py        the fixpoint: which decodings are tried on which view, within bounds
    gate.py          which texts need no search
    view.py          View, Views, Limits            place.py    a view's characters -> the text they came from
    escapes.py       percent, plus, JSON, \x         entities.py HTML character references
    mail.py          quoted-printable, encoded words
    lookalikes.py    full-width forms, [at], (dot)  domains.py  punycode
    runs.py          base64 (also in lines), hex, JWT

A rewriting decoding (percent, entities ...) replaces pieces inside the text, a run's (base64, hex, JWT) makes a view
of its own. Not undone: encryption, compression, binary formats, UTF-16, base64 that is not a whole run.
"""

from pipeline.detect.decoding.search import views
from pipeline.detect.decoding.view import LIMITS, Limits, View, Views

__all__ = ["LIMITS", "Limits", "View", "Views", "views"]
