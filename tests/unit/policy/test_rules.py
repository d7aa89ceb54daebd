"""Versions, dates, sections and names.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from pipeline.errors import PolicyError
from pipeline.policy.load import load_policy
from tests.policies import DETECTION, POLICY, SITES, SOURCES, problems_after, write_policy

ID = "lower-case letters, digits, '.', '_', '-'"

CASES = [
    ('version: "2020-01"', 'version: "2020+01" #!', "'2020+01' is not letters, digits, dots and dashes"),
    ('posted: "2020-01-01"', 'posted: "1 Jan" #!', "'1 Jan' is not a date like 2016-07-01"),
    ('effective: "2020-01-11"', 'effective: "2020-02-30" #!', "'2020-02-30' is not a date like 2016-07-01"),
    (
        'effective: "2020-01-11"',
        'effective: "2020-01-10" #!',
        "section 3 gives ten days of notice: 2020-01-11 at the earliest",
    ),
    ('section: "5.1"}', 'section: "5.6"} #!', "the privacy policy has no section '5.6'"),
    ('section: "5.1"}', 'section: "14"} #!', "the privacy policy has no section '14'"),
    (
        "{id: user.name, description: Name}",
        "{id: user.name, description: Name}\n  - {id: user.name, description: Name} #!",
        "duplicate id 'user.name', first in policy.yaml:10",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """The privacy policy is cited as it is, and section 3 is kept."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems


def test_one_mistake_is_one_problem_and_all_come_at_once(tmp_path):
    """All of many mistakes in all files are told, in order, each once."""
    broken = {
        "policy.yaml": POLICY.replace('"2020-01-11"', "2020-01-11").replace("description: Name", "description: [x]"),
        "sites.yaml": SITES.replace("hosts: [blog.example]", "").replace("GET", "get"),
        "detection.yaml": DETECTION,
        "sources.yaml": SOURCES.replace("k: 5", "k: 1").replace("purpose: improve", "purpose: sell"),
    }
    with pytest.raises(PolicyError) as caught:
        load_policy(write_policy(tmp_path, broken))
    assert list(caught.value.problems) == [
        "policy.yaml:3: expected text of 1 to 200 characters (in quotes?), got a date '2020-01-11'",
        "policy.yaml:10: expected text of 1 to 200 characters (in quotes?), got a list",
        "sites.yaml:10: missing key 'hosts'",
        "sites.yaml:18: 'get' is not an HTTP method",
        "sources.yaml:39: below 5 visitors a row may show a person",
        "sources.yaml:40: unknown purpose 'sell'",
    ]
