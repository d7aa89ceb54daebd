"""What of a record of `partials` is read, and why the rest is not."""

import msgspec
import pytest

from pipeline.control.intake import read_partial
from pipeline.kafka.codec import Decoded
from pipeline.model import Rejected
from tests.releases import make_cell, make_partial

GOOD = msgspec.to_builtins(make_partial(make_cell("/a", 3)), builtin_types=(bytes,))


def read(decoded):
    return read_partial(b"", lambda _value: decoded, {"page_views"})


def test_a_partial_is_read():
    assert read(Decoded("partials", GOOD)) == make_partial(make_cell("/a", 3))


@pytest.mark.parametrize(
    ("decoded", "reason"),
    [
        (Rejected("unknown-schema-id"), "unknown-schema-id"),
        (Decoded("quarantine", GOOD), "not-a-partial"),
        (Decoded("partials", GOOD | {"visits": "many"}), "not-a-partial"),
        (Decoded("partials", GOOD | {"partition": 1}), "not-a-partial"),  # of one
        (Decoded("partials", GOOD | {"chunk": -1}), "not-a-partial"),
        (Decoded("partials", GOOD | {"chunks": 0}), "not-a-partial"),
        (Decoded("partials", GOOD | {"window_end": 0}), "not-a-partial"),
        (Decoded("partials", GOOD | {"dataset": "other"}), "unknown-dataset"),
    ],
)
def test_what_is_not_a_partial_is_rejected_with_a_reason(decoded, reason):
    assert read(decoded) == Rejected(reason)
