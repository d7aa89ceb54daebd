"""How `make accuracy` judges findings, and which of them it lets pass among clean texts."""

import pytest

from benchmarks.accuracy import cases, clean, report
from benchmarks.accuracy.cases import Case
from benchmarks.accuracy.clean_paths import clean_paths
from benchmarks.accuracy.marked import Marked
from benchmarks.accuracy.scoring import Outcome, literal_exact, outcome, recall, score
from pipeline.detect.found import Found

TEXT = "/t?d=aaaaBBBBcccc&b=2"
CASE = Case("email", "base64", "x", Marked(TEXT, 9, 13, 5, 17), frozenset({"EMAIL_ADDRESS"}))


def found(entity, start, end):
    return Found(entity, start, end, 1.0, "")


@pytest.mark.parametrize(
    ("entity", "start", "end", "expected"),
    [
        ("EMAIL_ADDRESS", 9, 13, Outcome.EXACT),
        ("EMAIL_ADDRESS", 5, 17, Outcome.EXACT),
        ("EMAIL_ADDRESS", 8, 14, Outcome.COVERED),
        ("EMAIL_ADDRESS", 3, 17, Outcome.WIDE),
        ("TOKEN", 9, 13, Outcome.OTHER),
        ("EMAIL_ADDRESS", 9, 12, Outcome.PART),
        ("EMAIL_ADDRESS", 13, 17, Outcome.MISSED),
    ],
)
def test_a_finding_is_worth_what_it_covers(entity, start, end, expected):
    assert outcome(CASE, [found(entity, start, end)]) == expected


def test_a_finding_outside_of_the_limits_is_stray_unless_its_entity_is_there():
    case = CASE._replace(beside=frozenset({"IP_ADDRESS"}))
    scored = score(case, lambda _: (found("IP_ADDRESS", 0, 2), found("URL", 0, 2), found("EMAIL_ADDRESS", 9, 13)))
    assert [one.entity for one in scored.stray] == ["URL"]
    assert scored.outcome == Outcome.EXACT


def test_who_knows_the_truth_has_all_and_who_finds_nothing_has_none():
    made = cases.literal(1, 1).cases
    truth = {case.mark.text: (found(min(case.entities), case.mark.start, case.mark.end),) for case in made}
    perfect = [score(case, truth.__getitem__) for case in made]
    nothing = [score(case, lambda _: ()) for case in made]
    assert (literal_exact(perfect), recall(perfect)) == (1.0, 1.0)
    assert (literal_exact(nothing), recall(nothing)) == (0.0, 0.0)
    assert not list(report.wrong(perfect, frozenset({Outcome.EXACT})))


def test_one_wrong_value_makes_its_pair_wrong_and_no_share_rounds_up_to_all():
    right = score(CASE, lambda _: (found("EMAIL_ADDRESS", 9, 13),))
    wrong = score(CASE, lambda _: ())
    assert literal_exact([right] * 9 + [wrong]) == 0.0
    assert recall([right] * 99_999 + [wrong]) == 0.9999


@pytest.mark.parametrize(
    ("field", "text", "entity", "value", "right"),
    [
        ("agent", "Bot/1.0 (bot@mail.example)", "EMAIL_ADDRESS", "bot@mail.example", True),
        ("agent", "Firefox/3.0.1.107", "IP_ADDRESS", "3.0.1.107", False),
        ("referrer", "http://192.0.2.7/x", "IP_ADDRESS", "192.0.2.7", True),
        ("target", "/x.js?ver=1.2.3.4", "IP_ADDRESS", "1.2.3.4", False),
        ("target", "/x?sid=0a1b2c3d", "TOKEN", "0a1b2c3d", True),
        ("target", "/x?v=0a1b2c3d", "TOKEN", "0a1b2c3d", False),
        ("referrer", "http://x.example/url?sa=t&ei=Ab1_cd", "TOKEN", "Ab1_cd", True),
        ("agent", "made 2024-01-01", "DATE_TIME", "2024-01-01", True),
        ("agent", "CLR 2.0.50727", "PHONE_NUMBER", "2.0.50727", False),
    ],
)
def test_a_rule_explains_what_is_personal_among_clean_texts_and_nothing_else(field, text, entity, value, right):
    start = text.index(value)
    assert bool(clean.explanation(field, text, found(entity, start, start + len(value)))) == right


def test_a_line_is_false_once_however_much_is_found_in_it():
    lines = [{"target": "/a", "agent": "b"}, {"target": "/c", "agent": "d"}, {"target": "/a", "agent": "d"}]
    dirty = clean.measured(lines, lambda text: (found("ID", 0, 1),) * (text in {"/a", "b"}))
    assert (dirty.texts, dirty.false, dirty.precision) == (3, 2, 0.3333)
    assert dirty.entities == {("target", "ID"): 2, ("agent", "ID"): 1}


def test_a_report_of_false_findings_shows_no_text():
    dirty = clean.measured([{"target": "/secret"}], lambda _: (found("ID", 0, 7),))
    assert "secret" not in "\n".join(report.dirty("lines", dirty))


def test_made_paths_are_the_same_for_a_seed():
    assert clean_paths(1, 50) == clean_paths(1, 50)
    assert clean_paths(1, 50) != clean_paths(2, 50)
