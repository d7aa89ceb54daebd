"""Sources: a field serves named purposes, and each treatment reads what it can read.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from tests.policies import problems_after

CASES = [
    (
        "topic: raw.weblog\n",
        "topic: events.page_view #!\n",
        "a source reads a raw.* topic: only these have their retention",
    ),
    ("event: events.page_view", "event: events.signup #!", "unknown event 'events.signup'"),
    ("- name: user\n", "- name: user_agent #!\n", "duplicate name 'user_agent', first in sources.yaml:9"),
    ("category: user.name", "category: user.names #!", "unknown category 'user.names'"),
    ("[improve, administer]", "[improve, sell] #!", "unknown purpose 'sell'"),
    ("[improve, administer]", "[improve, improve] #!", "duplicate purpose 'improve'"),
    (
        'purposes: [improve, administer]\n        section: "4.4"\n        derive:',
        'purposes: []\n        section: "4.4"\n        derive: #!',
        "kept for no purpose: name one, or derive nothing",
    ),
    (
        "{field: browser, treatment: browser}",
        "{field: agent, treatment: browser} #!",
        "events.page_view has no field 'agent' to derive",
    ),
    (
        "{field: browser, treatment: browser}",
        "{field: browser, treatment: drop} #!",
        "browser is made by treatment browser",
    ),
    (
        "{field: browser, treatment: browser}",
        "{field: referrer_host, treatment: referrer_host} #!",
        "referrer_host is made of referrer, not 'user_agent'",
    ),
    (
        "- {field: browser, treatment: browser}",
        "- {field: browser, treatment: browser}\n          - {field: browser, treatment: browser} #!",
        "duplicate field 'browser', first in sources.yaml:16",
    ),
    (
        "derive:\n          - {field: visitor, treatment: visitor}\n",
        "derive: #!\n",
        "'user_agent' must derive visitor, which is not made without it",
    ),
    (
        "derive: [{field: visitor, treatment: visitor}]",
        "derive: [{field: country, treatment: country}] #!",
        "'remote_address' must derive visitor, which is not made without it",
    ),
    (
        "derive: [{field: time, treatment: time}]",
        "derive: [] #!",
        "'time' must derive time, which is not made without it",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """What is made of a field is what the event says."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems


def test_an_event_is_not_made_without_what_it_needs(tmp_path):
    """Without the device class nobody tells bots from visitors."""
    _, problems = problems_after(tmp_path, "          - {field: device_class, treatment: device_class}\n", "")
    assert "sources.yaml:13: 'user_agent' must derive device_class, which is not made without it" in problems


def test_a_source_that_leaves_a_raw_field_out_cannot_make_what_reads_it(tmp_path):
    _, problems = problems_after(tmp_path, "- name: remote_address", "- name: client_address")
    assert "sources.yaml:8: 'remote_address' must derive visitor, which is not made without it" in problems
