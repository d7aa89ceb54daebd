"""May we? What the policy names is allowed as it says; all else is denied, with reason and section."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.policy.decide import Denied, method_of, origins, publishable, retention_of, site_of, treatments
from pipeline.policy.load import load_policy
from pipeline.policy.model import Method
from tests.policies import write_policy

with TemporaryDirectory() as directory:
    POLICY = load_policy(write_policy(Path(directory)))

UNDECLARED = st.text().map(lambda text: f"?{text}")  # no declared name begins so


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("shop.example", "shop.example"),
        ("www.shop.example", "shop.example"),
        ("WWW.Shop.example.", "shop.example"),
        ("blog.example", "blog.example"),
    ],
)
def test_a_record_belongs_to_the_site_of_its_id_or_host(name, site):
    found = site_of(POLICY, name)
    assert not isinstance(found, Denied)
    assert site == found.id


@pytest.mark.parametrize("name", ["", ".", "example", "evil.shop.example", "shop.example.evil", "shop.example:80"])
def test_what_no_site_declares_is_not_taken_in(name):
    assert Denied("unknown-site", "4") == site_of(POLICY, name)


def test_a_field_becomes_what_the_policy_derives():
    found = treatments(POLICY, "weblog", "user_agent")
    assert not isinstance(found, Denied)
    assert [derived.field for derived in found] == ["browser", "device_class", "visitor"]
    assert treatments(POLICY, "weblog", "user") == ()
    assert origins(POLICY, "weblog", "visitor") == ("remote_address", "user_agent")


def test_what_is_not_named_is_denied_with_reason_and_section():
    assert Denied("unknown-field", "4.4") == treatments(POLICY, "weblog", "cookie")
    assert Denied("unknown-source", "4") == treatments(POLICY, "mail", "user")
    assert Denied("not-derived", "4.4") == origins(POLICY, "weblog", "country")
    assert Denied("unknown-source", "4") == origins(POLICY, "mail", "visitor")
    assert Denied("no-retention", "12") == retention_of(POLICY, "raw.mail")
    assert Denied("unknown-dataset", "6") == publishable(POLICY, "sales")


def test_what_is_named_is_answered_with_its_rule():
    assert POLICY.retention[0] == retention_of(POLICY, "anon.page_views")
    assert POLICY.datasets[0] == publishable(POLICY, "page_views")


@settings(deadline=None)
@given(name=UNDECLARED, other=UNDECLARED)
def test_every_question_has_an_answer(name, other):
    """No text raises; none but the declared ones is allowed."""
    for answer in (
        site_of(POLICY, name),
        treatments(POLICY, name, other),
        treatments(POLICY, "weblog", other),
        origins(POLICY, "weblog", other),
        retention_of(POLICY, name),
        publishable(POLICY, name),
    ):
        assert isinstance(answer, Denied)


def test_what_detection_finds_has_one_method_and_what_no_rule_names_another():
    assert method_of(POLICY, "EMAIL_ADDRESS") is Method.TOKENIZE
    assert method_of(POLICY, "URL") is Method.KEEP
    assert method_of(POLICY, "NEW_ENTITY") is Method.REPLACE
