"""A raw field -> what an event says of the personal data in it (section 1): kind, rule, what became of it.

The field itself goes no further, and no value is in what is said of it. What the policy tokenizes carries a token of
the normalized value under the site's day key (section 14b): one person's e-mail is one token wherever and however
encoded it stands, until the key is destroyed. Places are not said in events: whoever writes a link could number its
readers by the gaps between findings (163 bits in 8 kB), and a link outlives a day key. For the same reason an event
says no more than two things of a field, once each, in one order.
"""

from functools import cache, partial
from typing import NamedTuple

from pipeline.detect.detector import Detection, Detector
from pipeline.detect.found import Found
from pipeline.policy.decide import method_of
from pipeline.policy.model import Method, Policy
from pipeline.protect.normalize import normalized
from pipeline.protect.ports import VisitorKey
from pipeline.protect.tokens import identifier_input

MAX_REMARKS = 16
"""More of them in one field are an attack or a dump: one remark says that all of it is personal."""
WHOLE = "PERSONAL"
"""Entity of a text that could not be searched to the end, or holds too much."""


MAX_SAID = 2
"""Things that an event says of a field: with some 80 kinds less than 2^12 ways to say them."""


class Said(NamedTuple):
    """What an event says of a redaction."""

    entity: str
    recognizer: str
    method: str
    token: bytes


class Remark(NamedTuple):
    """One redaction; offsets in characters of the field, read as UTF-8."""

    entity: str
    start: int
    end: int
    recognizer: str  # or why the whole text is personal
    method: str
    token: bytes  # empty unless tokenized


class Findings:
    """Makes the remarks of one site and day; a pure function of the raw field."""

    def __init__(self, detector: Detector, policy: Policy, key: VisitorKey | None) -> None:
        """Take the day key of the site; None for late events, whose tokens are empty."""
        self._detector = detector
        self._method = cache(partial(method_of, policy))
        self._key = key

    def __call__(self, raw: bytes) -> tuple[Said, ...]:
        """Return what an event says of a raw field, the gravest first; total."""
        text = raw.decode("utf-8", "replace")
        remarks = self.remarks(text, self._detector.detect(text))
        said = {Said(one.entity, one.recognizer, one.method, one.token) for one in remarks}
        return tuple(sorted(said, key=_gravity)[:MAX_SAID])

    def remarks(self, text: str, detection: Detection) -> tuple[Remark, ...]:
        """Return the remarks on what was found in a text."""
        if detection.unsure or len(detection.found) > MAX_REMARKS:
            why = detection.unsure or "many"
            return (Remark(WHOLE, 0, len(text), str(why), Method.DROP.value, b""),)
        if not detection.found:
            return ()
        return tuple(
            self._remark(one, method, detection)
            for one in detection.found
            if (method := self._method(one.entity)) is not Method.KEEP
        )

    def _remark(self, one: Found, method: Method, detection: Detection) -> Remark:
        token = b""
        if method is Method.TOKENIZE and self._key:
            value = normalized(one.entity, detection.value(one))
            token = self._key.token(identifier_input(one.entity, value))
        return Remark(one.entity, one.start, one.end, one.recognizer, method.value, token)


_GRAVITY = (Method.DROP, Method.TOKENIZE, Method.GENERALIZE, Method.REPLACE)


def _gravity(one: Said) -> tuple[int, Said]:
    return _GRAVITY.index(Method(one.method)), one
