"""The records of a release: rows, rest, manifest; and when a window is withheld whole."""

import io
import json
from pathlib import Path

import fastavro
import pytest

from pipeline.datasets.release import release
from pipeline.errors import ContractError
from tests.releases import WINDOW, make_cell, make_dataset, make_partial, make_policy

SCHEMAS = Path(__file__).parents[3] / "schemas"
SMALL = make_cell("/rare", 1, prefixes=[77])


def make(*partials, shuffle=lambda rows: None, complete=True):
    return release(partials, make_dataset(), make_policy(), shuffle=shuffle, complete=complete)


def test_a_release_has_its_rows_and_a_manifest_that_says_how_it_was_made():
    made = make(make_partial(make_cell("/a", 3), SMALL, late=4))
    (row,) = made.rows
    assert (row["page"], row["views"], row["visitors"], row["rest"]) == ("/a", 6, 3, False)
    assert made.manifest == {
        "dataset": "page_views",
        "window_start": WINDOW,
        "window_end": WINDOW + 3_600_000,
        "policy_version": "2016-07",
        "policy_hash": "ab" * 32,
        "k": 3,
        "max_cells": 2,
        "max_events": 10,
        "rows": 1,
        "rest": "withheld",
        "suppressed": True,
        "late": 4,
        "withheld": False,
    }


def test_the_manifest_does_not_tell_how_much_was_suppressed():
    """One small cell or several, of one visitor or two: the same release."""
    one = make(make_partial(make_cell("/a", 3), SMALL))
    more = make(make_partial(make_cell("/a", 3), SMALL, make_cell("/other", 2, prefixes=[1, 2])))
    assert one == more


def test_a_rest_row_that_reaches_the_threshold_is_published_and_said_so():
    made = make(make_partial(*[make_cell(f"/{number}", 2, prefixes=[number, number + 9]) for number in range(3)]))
    (row,) = made.rows
    assert row["rest"] is True
    assert (row["site"], row["page"], row["visitors"]) == ("shop", "", 6)
    assert (made.manifest["rest"], made.manifest["suppressed"]) == ("published", True)


def test_an_empty_window_is_released_as_a_manifest_alone():
    made = make(make_partial())
    assert made.rows == ()
    assert (made.manifest["rows"], made.manifest["rest"], made.manifest["suppressed"]) == (0, "none", False)


@pytest.mark.parametrize(
    ("partials", "complete"),
    [
        ([make_partial(make_cell("/a", 9)), make_partial(make_cell("/a", 9), partition=1, gap=True)], True),
        ([make_partial(make_cell("/a", 9), policy="2015-01+000000000000")], True),
        ([make_partial(make_cell("/a", 9))], False),
    ],
    ids=["input lost", "another policy", "a partition never came"],
)
def test_a_window_is_withheld_whole_when_its_input_is_not_whole(partials, complete):
    made = make(*partials, complete=complete)
    assert made.withheld
    assert made.rows == ()
    assert (made.manifest["rest"], made.manifest["suppressed"]) == ("withheld", True)


def test_rows_go_out_in_the_order_that_the_shuffle_gives():
    made = make(make_partial(make_cell("/a", 3), make_cell("/b", 4)), shuffle=list.reverse)
    assert [row["page"] for row in made.rows] == ["/b", "/a"]


def test_records_fit_their_schemas():
    made = make(make_partial(make_cell("/a", 3), SMALL))
    for name, records in (("anon.page_views", made.rows), ("anon.manifest", [made.manifest])):
        schema = fastavro.parse_schema(json.loads((SCHEMAS / f"{name}.avsc").read_text()))
        for record in records:
            fastavro.schemaless_writer(io.BytesIO(), schema, record, strict=True)


def test_a_release_of_nothing_is_a_broken_promise():
    with pytest.raises(ContractError):
        make()
