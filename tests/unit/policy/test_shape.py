"""Shape: every key there, none besides, each value of exactly its kind.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from tests.policies import problems_after

NUMBER = "expected a whole number from 0 to 2147483647, got"
TEXT = "expected text of 1 to 200 characters (in quotes?), got"
TREATMENTS = (
    "drop, visitor, time, page, parameters, method, status, size_class, referrer_host, browser, "
    "operating_system, device_class, country, isp, findings"
)
LONG = "x" * 300

CASES = [
    ("controller: Example Ltd.", "controller: Example Ltd.\nowner: x #!", "unknown key 'owner'"),
    ("controller: Example Ltd.", f"controller: E\n{LONG}: 1 #!", f"unknown key '{'x' * 40}'…"),
    ("controller: Example Ltd.", 'controller: E\nhash: "00" #!', "unknown key 'hash'"),
    ('section: "5.1"}', 'section: "5.1", owner: x} #!', "unknown key 'owner'"),
    ('version: "2020-01"', "# no version #!", "missing key 'version'"),
    ("controller: Example Ltd.", "controller: {} #!", f"{TEXT} a mapping"),
    ("controller: Example Ltd.", "controller: [] #!", f"{TEXT} a list"),
    ("controller: Example Ltd.", "controller: 2020 #!", f"{TEXT} a number '2020'"),
    ("controller: Example Ltd.", "controller: no #!", f"{TEXT} a yes or no 'no'"),
    ("controller: Example Ltd.", "controller: #!", f"{TEXT} nothing ''"),
    ("controller: Example Ltd.", 'controller: "" #!', f"{TEXT} text ''"),
    ("controller: Example Ltd.", 'controller: "a\\u202eb" #!', f"{TEXT} text 'a\\u202eb'"),
    ("controller: Example Ltd.", f"controller: {LONG} #!", f"{TEXT} text '{'x' * 40}'…"),
    ('posted: "2020-01-01"', "posted: 2020-01-01 #!", f"{TEXT} a date '2020-01-01'"),
    ('section: "5.1"}', "section: 5.1} #!", f"{TEXT} a number '5.1'"),
    ("hosts: [blog.example]", "hosts: blog.example #!", "expected a list, got text 'blog.example'"),
    ("hosts: [blog.example]", "hosts: [blog.example, 7] #!", f"{TEXT} a number '7'"),
    (
        "{id: user.name, description: Name}",
        "{id: user.name, description: Name}\n  - user.mail #!",
        "expected a mapping, got text 'user.mail'",
    ),
    ("parameters: {}", "parameters: [] #!", "expected a mapping, got a list"),
    ("parameters: {}", "parameters: {lang: de} #!", "expected a list, got text 'de'"),
    ("parameters: {}", "parameters: {1: [de]} #!", "expected text as key, got a number '1'"),
    ("parameters: {}", "parameters: {[a]: [de]} #!", "expected text as key, got a list"),
    ("k: 5", 'k: "5" #!', f"{NUMBER} text '5'"),
    ("k: 5", "k: five #!", f"{NUMBER} text 'five'"),
    ("k: 5", "k: 5.0 #!", f"{NUMBER} a number '5.0'"),
    ("k: 5", "k: -5 #!", f"{NUMBER} a number '-5'"),
    ("k: 5", "k: 1:30 #!", f"{NUMBER} a number '1:30'"),
    ("k: 5", "k: 010 #!", f"{NUMBER} a number '010'"),
    ("k: 5", "k: 0x10 #!", f"{NUMBER} a number '0x10'"),
    ("k: 5", "k: 2147483648 #!", f"{NUMBER} a number '2147483648'"),
    ("k: 5", f"k: {'9' * 5000} #!", f"{NUMBER} a number '{'9' * 40}'…"),
    ("k: 5", "k: 5\n    <<: {k: 6} #!", "expected text as key, got a special value '<<'"),
    ("treatment: browser}", "treatment: visitors} #!", f"expected one of {TREATMENTS}, got text 'visitors'"),
    ("treatment: browser}", "treatment: ~} #!", f"expected one of {TREATMENTS}, got nothing '~'"),
    (
        '  - {id: improve, description: Improve the Services, section: "5.1"}\n',
        '  - {id: improve, section: "5.1"} #!\n',
        "missing key 'description'",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """Nothing is converted, guessed or filled in, and no message is long."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems
