"""Datasets: bounds, thresholds and dimensions under which a row shows nobody.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from tests.policies import problems_after

CASES = [
    ("topic: anon.page_views\n", "topic: visits #!\n", "a dataset goes to an anon.* topic"),
    ("window_seconds: 3600", "window_seconds: 0 #!", "windows must divide a day of 86400 seconds"),
    ("window_seconds: 3600", "window_seconds: 3599 #!", "windows must divide a day of 86400 seconds"),
    ("max_cells: 2", "max_cells: 0 #!", "at least 1: with 0 nothing is counted"),
    ("max_events: 3", "max_events: 0 #!", "at least 1: with 0 nothing is counted"),
    ("purpose: improve", "purpose: administer #!", "'remote_address' is not taken in for 'administer'"),
    ("k: 5", "k: 4 #!", "below 5 visitors a row may show a person"),
    ("purpose: improve", "purpose: sell #!", "unknown purpose 'sell'"),
    ("[site, device_class]", "[] #!", "at least one dimension"),
    ("[site, device_class]", "[site, visitor] #!", "'visitor' is none of site, page, country, device_class"),
    ("[site, device_class]", "[site, country] #!", "no source derives 'country'"),
    ("[site, device_class]", "[site, site] #!", "duplicate 'site'"),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """No dataset goes below the floor."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems
