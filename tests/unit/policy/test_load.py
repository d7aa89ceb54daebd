"""Loading: what the files say is what the policy holds, however they are cut and sorted."""

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PolicyError
from pipeline.policy.load import load_policy
from pipeline.policy.model import Derived, SourceField, Treatment
from tests.policies import FILES, RECOGNIZERS, write_policy

DOCUMENT: dict[str, Any] = {key: value for text in FILES.values() for key, value in yaml.safe_load(text).items()}


def test_every_word_of_the_files_is_in_the_policy(tmp_path):
    """Nothing is lost or made up: the policy says what the files say."""
    policy = load_policy(write_policy(tmp_path))
    loaded = msgspec.to_builtins(policy)
    del loaded["hash"], loaded["recognizers"]
    assert _sorted(DOCUMENT) == _sorted(loaded)
    assert policy.sources[0].fields[-1] == SourceField(
        name="user_agent",
        category="user.device",
        purposes=("administer", "improve"),
        derive=(
            Derived(field="browser", treatment=Treatment.BROWSER),
            Derived(field="device_class", treatment=Treatment.DEVICE_CLASS),
            Derived(field="visitor", treatment=Treatment.VISITOR),
        ),
        section="4.4",
    )


def test_the_stamp_names_version_and_hash(tmp_path):
    policy = load_policy(write_policy(tmp_path))
    assert f"2020-01+{policy.hash[:12]}" == policy.stamp
    assert set(policy.hash) <= set("0123456789abcdef")
    assert len(policy.hash) == 64


@settings(deadline=None, max_examples=30)  # each loads two policies: 0.1 s
@given(seed=st.integers(0, 2**32))
def test_order_of_files_and_entries_is_no_content(seed):
    """The same content in any order, cut into files anywhere, is an equal policy with an equal hash."""
    with TemporaryDirectory() as directory:
        expected = load_policy(write_policy(Path(directory, "a")))
        shuffled = _shuffled_files(DOCUMENT, random.Random(seed))
        assert expected == load_policy(write_policy(Path(directory, "b"), shuffled))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("policy.yaml", "Example Ltd.", "Example Ltd"),
        ("policy.yaml", "Improve the Services", "Improve the services"),
        ("sites.yaml", "lang: [de, en]", "lang: [de]"),
        ("sites.yaml", "/user/{id}", "/users/{id}"),
        ("sources.yaml", "k: 5", "k: 6"),
        ("sources.yaml", "dimensions: [site, device_class]", "dimensions: [device_class, site]"),
        ("sources.yaml", "allowed_ahead_seconds: 300", "allowed_ahead_seconds: 299"),
    ],
)
def test_any_change_of_content_changes_the_hash(tmp_path, file, old, new):
    before = load_policy(write_policy(tmp_path / "before"))
    changed = {**FILES, file: FILES[file].replace(old, new)}
    after = load_policy(write_policy(tmp_path / "after", changed))
    assert before.hash != after.hash


def test_comments_and_style_are_no_content(tmp_path):
    before = load_policy(write_policy(tmp_path / "before"))
    restyled = {"all.yaml": "# comment\n" + yaml.safe_dump(DOCUMENT, default_flow_style=True, width=60)}
    assert before == load_policy(write_policy(tmp_path / "after", restyled))


def test_a_folder_without_a_policy_is_refused(tmp_path):
    """Nothing to read is not a policy that allows nothing: it is a mistake."""
    empty = tmp_path / "empty"
    with pytest.raises(PolicyError) as missing:
        load_policy(empty)
    empty.mkdir()
    (empty / "README.md").write_text("no YAML")
    with pytest.raises(PolicyError) as unread:
        load_policy(empty)
    assert ("empty:1: no policy here: no *.yaml file",) == missing.value.problems == unread.value.problems


def _sorted(value: Any) -> Any:
    """Bring lists of anything into one order."""
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return sorted((_sorted(item) for item in value), key=repr)
    return value


def _shuffled_files(document: dict[str, Any], rng: random.Random) -> dict[str, str]:
    """Cut a document into up to three files and shuffle all that has no order of its own."""
    cut: dict[str, dict[str, Any]] = {}
    for key, value in _shuffled(document, rng).items():
        cut.setdefault(f"{rng.randrange(3)}.yaml", {})[key] = value
    return {name: yaml.safe_dump(part, sort_keys=False) for name, part in cut.items()}


def _shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, dict):
        keys = rng.sample(list(value), len(value))
        return {key: value[key] if key == "dimensions" else _shuffled(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [_shuffled(item, rng) for item in rng.sample(value, len(value))]
    return value


def test_other_recognizers_are_another_policy_and_their_layout_is_none(tmp_path):
    before = load_policy(write_policy(tmp_path / "before"))
    restyled = "# a comment\n" + yaml.safe_dump(yaml.safe_load(RECOGNIZERS))
    assert load_policy(write_policy(tmp_path / "restyled", {**FILES, "recognizers.yaml": restyled})) == before
    fewer = RECOGNIZERS.replace("EmailRecognizer", "IpRecognizer")
    assert load_policy(write_policy(tmp_path / "fewer", {**FILES, "recognizers.yaml": fewer})).hash != before.hash


def test_a_policy_that_names_no_recognizers_is_refused(tmp_path):
    folder = write_policy(tmp_path / "policy")
    (folder / "recognizers.yaml").unlink()
    with pytest.raises(PolicyError) as missing:
        load_policy(folder)
    assert missing.value.problems == ("recognizers.yaml:1: missing: it names the recognizers of personal data",)
