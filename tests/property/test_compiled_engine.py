"""The compiled engine has Presidio's findings: the same types, places and scores, for whatever text."""

import random
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.compiled.distinct import distinct
from pipeline.detect.compiled.reference import Reference
from pipeline.detect.found import Found
from tests.detecting import DATA, THRESHOLD, engine, real_texts, recognizers

SAMPLE = 600
REFERENCE = {threshold: Reference(recognizers(), threshold) for threshold in (THRESHOLD, 0.0)}


def spans(found):
    return sorted((one.entity, one.start, one.end, round(one.score, 9)) for one in found)


def assert_same(text: str, threshold: float) -> None:
    found = spans(engine(threshold).analyze(text))
    try:
        expected = spans(REFERENCE[threshold].analyze(text))
    except (KeyError, ValueError, IndexError):  # some of Presidio's checks know no digits but ASCII's
        assert found, "what Presidio cannot check is found"
    else:
        assert found == expected


def generators() -> list[st.SearchStrategy[str]]:
    """Return what generates texts that a pattern matches, or nearly; some patterns only `regex` can read."""
    found = []
    for recognizer in recognizers():
        for pattern in getattr(recognizer, "patterns", ()):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    compiled = re.compile(re.sub(r"^\(\?i\)", "", pattern.regex), re.IGNORECASE)
                except re.error:
                    continue
            if len(pattern.regex) < 1_000:  # the list of all domains: it takes Hypothesis seconds
                found.append(st.from_regex(compiled))
    return found


MATCHING = generators()
WORDS = sorted({word for recognizer in recognizers() for word in recognizer.context or ()})
FRAGMENTS = st.one_of(
    st.integers(0, len(MATCHING) - 1).flatmap(MATCHING.__getitem__),
    st.sampled_from(WORDS),
    st.text("0123456789+-. ()/x~", max_size=16),
    st.from_regex(r"[a-z.]{1,12}@[a-z-]{1,8}\.(com|de|example|museum)", fullmatch=True),
    st.from_regex(r"(https?://)?[a-z]{1,8}\.(com|co|community|ac|academy)(/[a-z]{1,4})?", fullmatch=True),
    st.sampled_from([" ", "=", "&", "/", ": ", "be", "Be", "\n", "\u017f", "\uff13", "\u0301", "ä", "\u2028", "'"]),
    st.text(max_size=6),
)
TEXTS = st.lists(FRAGMENTS, max_size=5).map("".join)


def test_all_but_a_few_patterns_take_part():
    assert len(MATCHING) > 140


@given(text=TEXTS)
@settings(deadline=None, max_examples=350)
def test_a_text_has_presidios_findings(text):
    assert_same(text, THRESHOLD)


@given(text=TEXTS)
@settings(deadline=None, max_examples=150)
def test_so_it_has_without_a_threshold(text):
    assert_same(text, 0.0)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data")
def test_real_texts_have_presidios_findings():
    """A sample of all; `make bench-detect` compares every text of a log and of two payload files."""
    texts = random.Random(11).sample(sorted(set(real_texts())), SAMPLE)
    for text in texts:
        assert_same(text[:4_000], THRESHOLD)


FINDINGS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 12), st.integers(1, 6), st.sampled_from([0.1, 0.5, 1.0])).map(
        lambda drawn: Found(drawn[0], drawn[1], drawn[1] + drawn[2], drawn[3], "")
    ),
    max_size=9,
)


@given(results=FINDINGS)
def test_what_stays_is_what_presidio_keeps(results):
    from presidio_analyzer import EntityRecognizer, RecognizerResult

    theirs = EntityRecognizer.remove_duplicates(
        [RecognizerResult(one.entity, one.start, one.end, one.score) for one in results]
    )
    assert spans(distinct(results)) == sorted((one.entity_type, one.start, one.end, one.score) for one in theirs)


def test_what_presidio_cannot_check_is_found():
    """Its check of Italian fiscal codes fails on an Arabic digit."""
    text = "AAAAAA00D30A10\u0660A"
    with pytest.raises(KeyError):
        REFERENCE[THRESHOLD].analyze(text)
    assert ("IT_FISCAL_CODE", 0, 16, 1.0) in spans(engine().analyze(text))
