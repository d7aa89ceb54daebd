"""What an event says of a raw field: kinds and treatments, and nothing that could number its readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.findings import MAX_SAID, Findings, Said
from tests.detecting import detector
from tests.sanitizing import POLICY, SITE, FakeKey

FINDINGS = Findings(detector(), POLICY, FakeKey(SITE, 1))


def said(text: str) -> tuple[Said, ...]:
    return FINDINGS(text.encode())


def test_nothing_is_said_of_a_field_that_holds_nothing():
    assert said("/pricing?lang=de") == ()


def test_kind_rule_and_treatment_are_said_and_a_token_where_the_policy_makes_one():
    (one,) = said("/u?e=jane%40mail.example")
    assert (one.entity, one.recognizer, one.method) == ("EMAIL_ADDRESS", "WebEmailRecognizer", "tokenize")
    assert len(one.token) == 20


@given(st.lists(st.integers(0, 60), min_size=3, max_size=9))
def test_no_place_is_said_so_the_gaps_of_a_link_tell_nothing(gaps):
    """A link could number its readers by them, and a link outlives a day key."""
    links = ("/?" + "".join("&" + "." * gap + "&user=bob&" for gap in found) for found in (gaps, [0, 0, 0]))
    assert len(set(map(said, links))) == 1


@pytest.mark.parametrize("order", [1, -1])
def test_no_more_than_two_things_are_said_the_gravest_first_in_one_order(order):
    parts = ["password=hunter22", "e=jane@mail.example", "first_name=Jane", "dob=1990-01-01", "ip=192.0.2.1"]
    found = said("/?" + "&".join(parts[::order]))
    assert len(found) == MAX_SAID
    assert [one.entity for one in found] == ["PASSWORD", "EMAIL_ADDRESS"]


def test_what_cannot_be_searched_to_the_end_is_personal_whatever_its_length():
    assert {said("x" * length) for length in (70_000, 90_000)} == {(Said("PERSONAL", "bounds", "drop", b""),)}
