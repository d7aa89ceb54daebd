"""Files: only plain data is read, in bounded time and space; what is more is a problem at its line."""

import pytest

from pipeline.errors import PolicyError
from pipeline.policy.load import load_policy
from tests.policies import FILES, write_policy

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\n"
CASES = [
    (b"a: &anchor 1", "extra.yaml:1: not plain YAML: anchors are refused"),
    (b"a: 1\nb: *anchor", "extra.yaml:2: not plain YAML: aliases are refused"),
    (BOMB.encode(), "extra.yaml:1: not plain YAML: anchors are refused"),
    (b"a: 1\nb: !!python/object/apply:os.getcwd []", "extra.yaml:2: not plain YAML: tags are refused"),
    (b"a: !!str 1", "extra.yaml:1: not plain YAML: tags are refused"),
    (b"a: 1\n---\nb: 2", "extra.yaml:2: not plain YAML: but found another document"),
    (b"a:\n  " + b"[" * 50_000, "extra.yaml:2: not plain YAML: nested too deep"),
    (b"a: [", "extra.yaml:1: not plain YAML: expected the node content, but found '<stream end>'"),
    (b"\na: *" + b"x" * 9_000, "extra.yaml:2: not plain YAML: aliases are refused"),
    (b"a: 1\nb: \xff", "extra.yaml:2: not UTF-8"),
    (b"a: 1\n\nb: \x00", "extra.yaml:3: not plain YAML: a control character"),
    (b"x" * ((1 << 18) + 1), "extra.yaml:1: larger than 262144 bytes"),
    (b"# nothing but words\n", "extra.yaml:1: empty: remove the file"),
    (b"- a\n", "extra.yaml:1: expected a mapping, got a list"),
    (b"a text", "extra.yaml:1: expected a mapping, got text 'a text'"),
    (b"controller: Another", "policy.yaml:4: duplicate key 'controller', first in extra.yaml:1"),
]


@pytest.mark.parametrize(("content", "message"), CASES, ids=range(len(CASES)))
def test_what_is_more_than_plain_data_is_refused(tmp_path, content, message):
    """A file that cannot be read is the only thing told: no reference can be checked without it."""
    (write_policy(tmp_path) / "extra.yaml").write_bytes(content)
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path)
    assert (message,) == caught.value.problems


def test_files_that_look_like_policy_are_not_passed_over(tmp_path):
    """Rules in a *.yml would be missing in silence."""
    (write_policy(tmp_path) / "sites.yml").write_text("sites: []")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path)
    assert caught.value.problems == ("sites.yml:1: only *.yaml is read: rename or remove this file",)


def test_all_unreadable_files_are_told_at_once(tmp_path):
    broken = {**FILES, "sites.yaml": "a: [", "sources.yaml": "b: !!str x"}
    with pytest.raises(PolicyError) as caught:
        load_policy(write_policy(tmp_path, broken))
    assert [text.rsplit(": ", 2)[0] for text in caught.value.problems] == ["sites.yaml:1", "sources.yaml:1"]
