"""Undoing what hides text."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect.percent import MAX_ROUNDS, decode


@given(st.text(st.characters(exclude_characters="%\\", exclude_categories=["Cs"])), st.integers(0, MAX_ROUNDS))
def test_text_that_was_encoded_again_and_again_comes_back(text, rounds):
    encoded = text
    for _ in range(rounds):
        encoded = quote(encoded, safe="")
    assert decode(encoded.encode()) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"%6A%61ne%2540mail.example", "jane@mail.example"),
        (b"\\x6a\\x61ne", "jane"),
        (b"100%", "100%"),
        (b"%zz", "%zz"),
        (b"\xff", "\N{REPLACEMENT CHARACTER}"),
        (b"", ""),
    ],
)
def test_escapes_of_urls_and_logs_are_undone_and_others_left(raw, text):
    assert decode(raw) == text


@given(st.binary())
def test_no_bytes_raise(raw):
    decode(raw).encode()
