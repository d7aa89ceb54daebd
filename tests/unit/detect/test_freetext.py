"""The free-text lane with the real model: what it finds, and which texts it does not trust itself with."""

from concurrent.futures import Future

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detect.freetext.lane import FreeText
from pipeline.detect.freetext.result import FreeTextResult
from pipeline.errors import ConfigError
from tests.free_text import lane

MINUTE = 60


@pytest.fixture(scope="module")
def english():
    with lane() as made:
        yield made


def read(free_text: FreeText, text: str) -> FreeTextResult:
    taken = free_text.submit(text)
    assert isinstance(taken, Future)
    return taken.result(MINUTE)


def found(result: FreeTextResult, text: str) -> set[tuple[str, str]]:
    assert result.unsure == ""
    return {(finding.entity, text[finding.start : finding.end]) for finding in result.findings}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I am Jane Miller from Berlin and I work at Acme Corporation.",
            {("PERSON", "Jane Miller"), ("LOCATION", "Berlin"), ("ORGANIZATION", "Acme Corporation")},
        ),
        ("As a German citizen I ask you to delete my account.", {("NRP", "German")}),
        (
            "Please write to jane.miller@mail.example.com, not by post.",
            {("EMAIL_ADDRESS", "jane.miller@mail.example.com")},
        ),
        (
            "My phone number is 212-555-0123, ask for Peter Smith.",
            {("PHONE_NUMBER", "212-555-0123"), ("PERSON", "Peter Smith")},
        ),
        ("My name is Jane, call me", {("PERSON", "Jane")}),
        ("😀😀 I am Jane Miller 😀", {("PERSON", "Jane Miller")}),
        ("She was born on 12/27/1986.", {("DATE_TIME", "12/27/1986")}),
    ],
)
def test_it_finds_persons_places_organizations_and_patterns_at_their_place(english, text, expected):
    assert expected <= found(read(english, text), text)


@pytest.mark.parametrize("text", ["", "?!", "12345", "thanks!!!", "ok", "Great shop, will order again next month."])
def test_a_text_without_anybody_in_it_is_read_and_nothing_is_found(english, text):
    assert read(english, text) == FreeTextResult()


@pytest.mark.parametrize(
    "text",
    [
        "Ich heiße Jan Müller und wohne in Köln.",
        "Rufen Sie Frau Weber zurück",
        "London er en storby i Storbritannien. " * 10,
        "Je voudrais annuler ma commande, merci.",
        "Меня зовут Иван Петров, я живу в Москве.",
        "你好我叫王小明住在北京。",
        "བོད་སྐད། ལྷ་ས།",
        "Please call Иван Петров in Москва now, thanks for your help and have a nice day.",
        "I am Jan, \uff2a\uff41\uff4e",  # the same name in full-width letters
    ],
)
def test_a_text_that_the_model_cannot_read_is_unsure(english, text):
    """Another language, or letters that are not English ones: it would find nothing, and that would mean nothing."""
    assert read(english, text) == FreeTextResult(unsure="language")


@pytest.mark.parametrize(
    "text",
    [
        "My name is Jane, call me",
        "Jane Miller",
        "pls refund order 1234",
        "Contact: Hans Müller, Hauptstraße 5, 10115 Berlin, Germany",
        "JANE MILLER LIVES IN LONDON",
    ],
)
def test_short_texts_and_foreign_names_in_english_ones_are_read(english, text):
    assert read(english, text).unsure == ""


def test_a_text_beyond_the_limit_is_unsure_and_not_read(english):
    assert read(english, "I waited. " * 200 + ".") == FreeTextResult(unsure="too-long")
    assert read(english, "I waited. " * 200).unsure == ""


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec=None), max_size=300) | st.text("JaneSmith @.,4'\n\ud800\x00é", max_size=100))
def test_findings_lie_within_any_text(english, text):
    """Half characters (lone surrogates) and control characters, too."""
    result = read(english, text)
    assert result.unsure in {"", "language"}
    assert all(0 <= finding.start < finding.end <= len(text) for finding in result.findings)


def test_a_process_keeps_no_word_of_a_text():
    with lane("remembering") as free_text:
        assert found(read(free_text, "I am Jane Zyxwvut."), "I am Jane Zyxwvut.") == {("PERSON", "Jane Zyxwvut")}
        assert read(free_text, "recall Zyxwvut").findings == ()
        assert len(read(free_text, "recall Jane").findings) == 1, "the model's own words are there"


@pytest.mark.parametrize("model", ["xx_no_such_model", "no/such/folder"])
def test_a_missing_model_stops_the_program_at_its_start(model):
    with pytest.raises(ConfigError, match=f"'{model}' is not installed; nothing is downloaded"), lane(model=model):
        pass


def test_a_model_without_named_entities_stops_the_program_at_its_start(tmp_path):
    import spacy

    spacy.blank("en").to_disk(tmp_path)
    with pytest.raises(ConfigError, match="it has no component 'ner'"), lane(model=str(tmp_path)):
        pass
