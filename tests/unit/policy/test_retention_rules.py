"""Retention: raw data for a day, visits long enough, every topic for a known time.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from tests.policies import FILES, problems_after

RAW = "raw data is kept for 86400 seconds at most"
VISITS = "longest window + lateness + 3 days are 263400 seconds"
ZERO = "at least one second; a topic that keeps nothing is left out"

CASES = [
    ('raw.weblog, seconds: 86400, section: "12"}', 'raw.weblog, seconds: 86401, section: "12"} #!', RAW),
    ('visits, seconds: 263400, section: "12"}', 'visits, seconds: 263399, section: "12"} #!', VISITS),
    ('raw.weblog, seconds: 86400, section: "12"}', 'raw.weblog, seconds: 0, section: "12"} #!', ZERO),
    (
        'raw.weblog, seconds: 86400, section: "12"}',
        'raw.weblog, seconds: 9, section: "12"}\n  - {topic: raw.weblog, seconds: 9, section: "12"} #!',
        "duplicate topic 'raw.weblog', first in policy.yaml:12",
    ),
    ("topic: raw.weblog\n", "topic: raw.other #!\n", "no retention for 'raw.other'"),
    ("topic: anon.page_views\n", "topic: anon.other #!\n", "no retention for 'anon.other'"),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """Nothing is kept for an unknown time."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems


@pytest.mark.parametrize(("topic", "line"), [("visits", 34), ("partials", 34), ("events.page_view", 4)], ids=str)
def test_what_lies_between_source_and_dataset_has_a_retention(tmp_path, topic, line):
    """Events, visits and partials are personal data: they must go some day."""
    (row,) = [line for line in FILES["policy.yaml"].splitlines() if f"topic: {topic}," in line]
    _, problems = problems_after(tmp_path, f"{row}\n", "")
    assert [f"sources.yaml:{line}: no retention for '{topic}'"] == problems
