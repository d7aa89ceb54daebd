"""The cache of raw values: bounded, silent."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.sanitize_memo import MAX_ENTRY, OVERHEAD, Memo


def memo(budget: int = 10_000) -> Memo[bytes, bytes]:
    return Memo(bytes.upper, lambda raw, value: len(raw) + len(value), budget)


@given(st.lists(st.binary(max_size=400)))
def test_it_answers_as_the_treatment_does_and_stays_within_its_budget(keys):
    cache = memo()
    for key in keys:
        assert cache[key] == key.upper()
        held = sum(2 * len(key) + OVERHEAD for held in (cache, cache._old) for key in held)
        assert held <= 10_000


def test_large_entries_are_not_kept():
    cache = memo()
    assert cache[b"x" * MAX_ENTRY] == b"X" * MAX_ENTRY
    assert len(cache) == 0


def test_it_neither_shows_nor_gives_away_what_it_holds():
    cache = memo()
    cache[b"jane"]
    assert "jane" not in repr(cache) + str(cache) + f"{cache}"
    with pytest.raises(TypeError):
        pickle.dumps(cache)
