"""Treatments by finding: what stays of a text, and what the remarks say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect.generalize import generalizers
from pipeline.stages.findings import MAX_REMARKS, Findings
from pipeline.stages.redaction import redact
from tests.detecting import detector
from tests.sanitizing import POLICY, SITE, FakeGeo, FakeKey

GENERAL = generalizers(FakeGeo(), date(2026, 7, 1))
KEY = FakeKey(SITE, 1)


def treated(text: str, key: FakeKey | None = KEY):
    findings = Findings(detector(), POLICY, key)
    return redact(text, detector().detect(text), findings, GENERAL)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("nothing of anybody", "nothing of anybody"),
        ("call first_name=Jane&x=1", "call first_name=<PERSON>&x=1"),
        ("ip=192.0.2.7;", "ip=<COUNTRY:UT>;"),
        ("ip=10.0.0.7;", "ip=<IP_ADDRESS>;"),
        ("dob=1990-05-17&x", "dob=<AGE:30-39>&x"),
        ("dob=2015-05-17&x", "dob=<AGE:under 14>&x"),
        ("dob=1931-05-17&x", "dob=<AGE:90+>&x"),
        ("?ll=48.8584,2.2945&z", "?ll=<REGION:49,2>&z"),
        ("card 4111 1111 1111 1111 of", ""),
        ("?password=hunter22&a", ""),
    ],
)
def test_a_finding_is_treated_as_the_policy_says(text, stays):
    assert treated(text).text == stays


def test_one_e_mail_is_one_token_however_it_is_written_and_encoded():
    written = ["jane@möbel.example", "JANE@Möbel.Example", "jane%40m%C3%B6bel.example", "jane@xn--mbel-5qa.example"]
    tokens = {treated(f"?e={address}&x").remarks[0].token for address in written}
    assert len(tokens) == 1
    assert len(tokens.pop()) == 20


def test_another_site_another_day_and_another_kind_give_another_token():
    keys = [KEY, FakeKey("other.example", 1), FakeKey(SITE, 2)]
    assert len({treated("?e=jane@mail.example", key).remarks[0].token for key in keys}) == 3
    assert treated("?e=jane@mail.example", None).text == "?e=<EMAIL_ADDRESS>"


def test_a_phone_number_is_one_token_in_all_its_forms():
    forms = ["tel=+1 650-253-0000", "tel=0016502530000", "tel=(650) 253-0000"]
    assert len({treated(form).remarks[0].token for form in forms}) == 1


def test_a_text_with_more_than_anybody_needs_is_personal_as_a_whole():
    many = " ".join(f"u{number}@mail.example" for number in range(MAX_REMARKS + 1))
    redacted = treated(many)
    assert redacted.text == ""
    assert [(one.entity, one.recognizer, one.method) for one in redacted.remarks] == [("PERSONAL", "many", "drop")]


PIECES = ["jane@mail.example", "ip=192.0.2.9 ", "x", "/", "a=", "first_name=Jane", "%40", "+16502530000", "ä"]


def test_what_a_better_finding_does_not_cover_of_another_does_not_stay():
    """A number glued to an address: the number is surer, and the address must not be left."""
    assert "mail" not in treated("+16502530000jane@mail.example").text


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("&".join))
def test_what_is_between_findings_stays_and_no_remark_holds_a_value(text):
    redacted = treated(text)
    places = [(remark.start, remark.end) for remark in redacted.remarks]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places) or redacted.text == ""
    assert "jane" not in repr(redacted.remarks).lower()
    assert "jane@mail.example" not in redacted.text


ESCAPED = ["%20{}", "%22{}%22", "%3Demail%3D{}", "mailto%3A{}", "\\x22{}\\x22", "\\u0022{}", "&#34;{}", "x={}"]


@pytest.mark.parametrize("written", ESCAPED)
def test_an_escape_before_an_address_is_no_part_of_it(written):
    text = "?q=1&email=" + written.format("jane.doe@mail.example")
    tokens = {one.token for one in treated(text).remarks if one.entity == "EMAIL_ADDRESS"}
    assert tokens == {treated("?e=jane.doe@mail.example").remarks[0].token}


def test_a_password_is_dropped_whatever_it_looks_like():
    assert treated("?password=jane.doe@mail.example&x").text == ""
