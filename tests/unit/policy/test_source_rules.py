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
        "{field: visitor, treatment: visitor}",
        "{field: agent, treatment: visitor} #!",
        "events.page_view has no field 'agent' to derive",
    ),
    (
        "{field: visitor, treatment: visitor}",
        "{field: visitor, treatment: drop} #!",
        "visitor is made by treatment visitor",
    ),
    (
        "{field: visitor, treatment: visitor}",
        "{field: country, treatment: country} #!",
        "country is made of remote_address, not 'user_agent'",
    ),
    (
        "- {field: visitor, treatment: visitor}",
        "- {field: browser, treatment: browser}\n          - {field: browser, treatment: browser} #!",
        "duplicate field 'browser', first in sources.yaml:14",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """What is made of a field is what the event says."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems
