"""The gate: it may say too much, never too little."""

import string

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.compiled.gate import Gate
from pipeline.detect.compiled.shadow import Shadow

FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.DOTALL
PATTERNS = [
    r"\b\d{3}-\d{4}\b",
    r"(?<=\bid(?:\s*:\s*|=))[A-Z]{2}\d+",
    r"\bkfz\W\w{2}\b",
    r"(?<=a)\s[^a-z]{3}",
    r"[ÄÖÜ]\d",
    "[^\\x00-\\x20\u0080-\u00a0\u2000-\u206f]{3}@",  # ranges: what is in them, and what is not
    "[\uac00-\ud7a3]{2}번",
    r"(?P<x>a|b)(?P=x)(?:c(?R)?d)?",  # a recursion: Hyperscan cannot take it
]


@pytest.fixture(scope="module")
def gate(tmp_path_factory) -> Gate:
    built = Gate(PATTERNS, tmp_path_factory.mktemp("gate"))
    built.prepare()
    return built


def matching(text: str) -> set[int]:
    return {number for number, pattern in enumerate(PATTERNS) if regex.search(pattern, text, FLAGS)}


LOOKALIKES = (
    "\u017f\u212a\u0130\u0131\u0663\uff13\u00b2\u0301\u16fe\U00016fe0\u0948\u180e\u00a0\u1680\u2003\u2028\u00e4\u00c4"
)


@given(
    text=st.text(st.sampled_from("aAbBkfzi:= -=1234ÄÖÜä\n@가힣번" + LOOKALIKES), max_size=24) | st.text(max_size=24)
)
@settings(deadline=None)
def test_no_pattern_that_matches_is_missed(gate, text):
    """Also with look-alikes, and with characters that Hyperscan's Unicode does not know."""
    assert matching(text) <= set(gate.candidates(text))


def test_a_pattern_that_hyperscan_cannot_take_always_could_match(gate):
    assert len(PATTERNS) - 1 in gate.candidates("nothing")
    assert len(PATTERNS) - 1 in gate.candidates("n\u00f6thing")


def test_most_texts_name_no_pattern_that_can_be_taken(gate):
    assert gate.candidates("pricing") == [len(PATTERNS) - 1]
    assert gate.candidates("") == []


def test_half_a_surrogate_pair_is_a_character_like_others(gate):
    assert 0 in gate.candidates("\ud800123-4567")


def test_a_shadow_has_the_classes_of_what_it_stands_for():
    shadow = Shadow(["[ÄÖ]"])
    classes = [regex.compile(pattern) for pattern in (r"\w", r"\d", r"\s")]
    letters = [regex.compile(letter, regex.IGNORECASE) for letter in string.ascii_lowercase]
    for code in [*range(0x80, 0x3000), *range(0x3000, 0x110000, 97)]:
        if 0xD800 <= code < 0xE000:
            continue
        character, stand_in = chr(code), chr(code).translate(shadow)
        assert [bool(c.match(character)) for c in classes] == [bool(c.match(stand_in)) for c in classes]
        assert [bool(c.match(character)) for c in letters] == [bool(c.match(stand_in)) for c in letters]
    assert "Ääö".translate(shadow) == "Ääö"
