"""Rules for detection: each mistake is one problem at its line."""

import pytest

from tests.policies import problems_after

EMAILS = '{entities: [EMAIL_ADDRESS, USER_NAME], method: tokenize, section: "14b"}'
METHODS = "keep, replace, generalize, tokenize, drop"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum_score_percent: 40", "minimum_score_percent: 0 #!", "a number from 1 to 100"),
        ("minimum_score_percent: 40", "minimum_score_percent: 101 #!", "a number from 1 to 100"),
        ("budget_ms: 50", "budget_ms: 5000 #!", "a number from 1 to 1000"),
        ("otherwise: replace", "otherwise: keep #!", "what no rule names may not stay"),
        ("otherwise: replace", "otherwise: hash #!", f"expected one of {METHODS}, got text 'hash'"),
        (
            EMAILS,
            '{entities: [email], method: drop, section: "1"} #!',
            "'email' is not an entity like EMAIL_ADDRESS",
        ),
        (
            EMAILS,
            EMAILS + '\n    - {entities: [USER_NAME], method: drop, section: "1"} #!',
            "'USER_NAME' has another method, too: tokenize",
        ),
    ],
)
def test_a_mistake_in_detection_is_one_problem_at_its_line(tmp_path, old, new, message):
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems
