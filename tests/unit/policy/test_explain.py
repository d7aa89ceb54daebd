"""In words: what is explained is what the policy says."""

import pytest

from pipeline.policy import explain
from pipeline.policy.load import load_policy
from pipeline.policy.model import Treatment
from tests.policies import write_policy


@pytest.fixture
def policy(tmp_path):
    return load_policy(write_policy(tmp_path))


def test_every_treatment_has_words():
    assert set(Treatment) == set(explain.WORDS)


def test_a_field_is_what_it_becomes(policy):
    named = {field.name: field for field in policy.sources[0].fields}
    dropped, kept = named["user"], named["user_agent"]
    assert explain.field_lines(dropped) == ["dropped"]
    assert explain.field_lines(kept) == [
        "browser: the browser's family, if declared, else 'other'",
        "device_class: desktop, mobile, tablet, bot or other",
        "visitor: input of the visitor's token, under a key that is destroyed after its day",
    ]


def test_source_and_retention_name_their_times_and_sections(policy):
    line = explain.source_line(policy.sources[0])
    assert "raw.weblog becomes events.page_view (section 4.4, Log Files)" in line
    assert "10 minutes" in line
    assert (
        explain.retention_line(policy.retention[0])
    ) == "anon.page_views keeps records for 1 day (section 6, Use of Anonymous Information)."


def test_a_dataset_names_its_bounds_and_thresholds(policy):
    text = " ".join(explain.dataset_lines(policy, policy.datasets[0]))
    for part in (
        "site, device_class",
        "1 hour",
        "at most 2 rows",
        "at most 3 views",
        "from 5 visitors",
        "10 visitors",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (90, "90 seconds"), (600, "10 minutes"), (3600, "1 hour"), (172_800, "2 days")],
)
def test_durations_are_written_in_the_largest_whole_unit(seconds, words):
    assert words == explain.duration(seconds)
