r"""Names before a value: `email=`, `"email": "`, `user_email%3D`, `customer[email]=`, `userEmail:`, `/email/`.

A kind that its form alone does not tell (a name, a date of birth) is found by its label. The label stands in a
look-behind, the first thing of the pattern: the match is the value, nothing else.
"""

import re

_BOUNDARY = (
    r"(?:^|[^A-Za-z0-9]|(?-i:(?<=[a-z0-9])(?=[A-Z])))"  # `?`, `_`, `[`, a quote; or between the humps of camelCase
    r"(?:account|billing|client|contact|customer|login|member|my|new|shipping|user|your)?"
)
_SUFFIX = r"""[0-9]{0,2}(?:\[?\])?\\?["']?"""
_SEPARATOR = r"""(?:=|%3D|\s?:\s?|\s=>?\s)\\?["']?"""
_BEHIND = "(?<="
_AHEAD = re.compile(r"\(\?=([^()]*)\)$")  # the last thing, no group in it

_SWITCHES = (
    "all any asc desc empty error false failed guest hidden invalid missing n/a nan new no none null off ok on "
    "optional redacted required show success text true unknown undefined unset yes"
)
NO_VALUE = frozenset(_SWITCHES.split())
"""What stands where a value could: a switch, a sort order, a note that there is none."""


def labelled(*names: str, path: bool = False) -> str:
    """Return the look-behind for a value under one of the names, patterns in which `_` is any separator or none.

    With `path` the segment before a value is its label too (`/order/4711`); not for names that sites use as folders.
    """
    alternatives = "|".join(names).replace("_", "[_. -]?")
    segment = rf"|/(?:{alternatives})s?/" if path else ""
    return rf"{_BEHIND}{_BOUNDARY}(?:{alternatives}){_SUFFIX}{_SEPARATOR}{segment})"


def consuming(regex: str) -> str:
    """Return the pattern with a look-behind at its start and a look-ahead at its end as parts of the match.

    It matches in the same texts. Hyperscan's prefilter drops what looks around; in this form the gate asks for it.
    """
    if regex.startswith(_BEHIND):
        regex = "(?:" + regex.removeprefix(_BEHIND)
    return _AHEAD.sub(r"(?:\1)", regex)
