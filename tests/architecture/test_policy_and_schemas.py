"""The shipped policy, the schemas, the sources and the privacy policy's text speak of the same things."""

import re
from pathlib import Path

import msgspec
import pytest

from pipeline.policy.events import DIMENSIONS, EVENTS
from pipeline.policy.load import load_policy
from pipeline.policy.model import Treatment
from pipeline.policy.sections import SECTIONS
from pipeline.sources.weblog import WebLogLine

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
POLICY = load_policy(ROOT / "deploy" / "policy")
PIPELINES_OWN = {"site", "late", "bot", "policy"}
RARE_NAMES = {"edit", "page"}  # so common in paths that the word says nothing of the name


def schema(name: str) -> dict:
    return msgspec.json.decode((ROOT / "schemas" / f"{name}.avsc").read_bytes())


def field_names(name: str) -> set[str]:
    return {field["name"] for field in schema(name)["fields"]}


def categories(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(categories, value))
    if isinstance(value, dict):
        found = {value["data_category"]} if "data_category" in value else set()
        return found | categories(list(value.values()))
    return set()


@pytest.mark.parametrize("event", EVENTS)
def test_the_policy_can_ask_for_all_of_an_event_but_the_pipelines_own_fields(event):
    """No field of an event is beyond the policy, and none is promised that no event has."""
    assert field_names(event) == set(EVENTS[event]) | PIPELINES_OWN


def test_dimensions_are_fields_of_a_visit():
    assert set(DIMENSIONS) <= field_names("visits")


@pytest.mark.parametrize("dataset", POLICY.datasets, ids=lambda dataset: dataset.id)
def test_a_dataset_carries_its_dimensions(dataset):
    assert set(dataset.dimensions) <= field_names(dataset.topic)


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*.avsc")), ids=lambda path: path.stem)
def test_every_field_of_a_schema_has_a_declared_category(path):
    declared = {category.id for category in POLICY.categories}
    record = schema(path.stem)
    assert categories(record) <= declared
    assert [field["name"] for field in record["fields"] if "data_category" not in field] == []


def test_the_policy_names_every_field_of_a_log_line():
    """Treatment is total: no raw field is left to chance."""
    (source,) = POLICY.sources
    assert set(WebLogLine._fields) == {field.name for field in source.fields}


def test_every_treatment_is_in_use():
    """A treatment that no field has would be code that nobody asked for; `drop` is what all else gets."""
    used = {derived.treatment for source in POLICY.sources for field in source.fields for derived in field.derive}
    assert set(Treatment) - {Treatment.DROP} == used


def test_sections_are_those_of_the_privacy_policy():
    """Every section of the text is there, under its number; the two sections 14 are 14a and 14b."""
    text = SHARED / "policy.md"
    if not text.exists():
        pytest.skip("the privacy policy's text is not here")
    found = re.findall(r"^(?:\*\*)?(\d+(?:\\?\.\d+)?)(?:\\\.)? ", text.read_text(), re.MULTILINE)
    twice = {"14": "14a"}
    expected = [twice.pop(number) if number in twice else number for number in found]
    assert set(SECTIONS) == {"14b" if number == "14" else number for number in expected}


def test_no_word_that_may_stay_is_a_given_name():
    """A path segment that stays as it is must not name anybody."""
    names = SHARED / "data" / "pii" / "names"
    if not names.is_dir():
        pytest.skip("the lists of names are not here")
    given = {name.strip().lower() for path in names.glob("*first*") for name in path.read_text().splitlines()}
    assert given
    assert given & {word.lower() for word in POLICY.vocabulary.path_segments} <= RARE_NAMES
