"""Sealed: only the holder of the private keyset opens it, and only in its place."""

import os

import pytest

from pipeline.errors import ConfigError
from pipeline.protect.sealing import BatchSealer, Unsealer, create_key_pair, load_private, load_public


@pytest.fixture
def officer(tmp_path):
    create_key_pair(tmp_path)
    return tmp_path


def test_the_recipient_opens_what_was_sealed(officer):
    sealer, unsealer = (
        BatchSealer(load_public(officer / "public.json")),
        Unsealer(load_private(officer / "private.json")),
    )
    first = sealer.seal(b"content", b"ad")
    sealer.next_batch()
    second = sealer.seal(b"content", b"ad")
    assert first[0] != second[0]
    assert [unsealer.unseal(*sealed, b"ad") for sealed in (first, second)] == [b"content"] * 2
    assert b"content" not in b"".join(first)


def test_nobody_else_does_nor_in_another_place(officer, tmp_path):
    sealed = BatchSealer(load_public(officer / "public.json")).seal(b"content", b"ad")
    create_key_pair(tmp_path / "other")
    assert Unsealer(load_private(tmp_path / "other" / "private.json")).unseal(*sealed, b"ad") is None
    assert Unsealer(load_private(officer / "private.json")).unseal(*sealed, b"other place") is None


def test_a_private_key_is_private_and_never_overwritten(officer):
    assert (officer / "private.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(ConfigError):
        create_key_pair(officer)
    (officer / "private.json").chmod(0o644)
    with pytest.raises(ConfigError):
        load_private(officer / "private.json")


@pytest.mark.parametrize("content", ["", "{}", "\x00"])
def test_a_missing_or_broken_public_key_stops_the_program(tmp_path, content):
    (tmp_path / "public.json").write_text(content)
    for path in (tmp_path / "public.json", tmp_path / "missing.json"):
        with pytest.raises(ConfigError):
            load_public(path)


def test_a_pair_is_made_whole_or_not_at_all(tmp_path):
    """A private key without its public one would stand in the way of the next try for ever."""
    (tmp_path / "public.json").mkdir()
    with pytest.raises(ConfigError):
        create_key_pair(tmp_path)
    (tmp_path / "public.json").rmdir()
    create_key_pair(tmp_path)
    load_public(tmp_path / "public.json")


def test_the_public_key_may_be_read_by_those_who_seal_to_it(tmp_path):
    before = os.umask(0o077)
    try:
        create_key_pair(tmp_path)
    finally:
        os.umask(before)
    assert (tmp_path / "public.json").stat().st_mode & 0o777 == 0o644
