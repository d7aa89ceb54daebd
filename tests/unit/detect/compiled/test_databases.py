"""Compiled databases on disk: built once, whole or built anew."""

import multiprocessing
from pathlib import Path

import hyperscan
import pytest

from pipeline.detect.compiled.databases import stored


def build(expression: bytes = b"jane") -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(expressions=[expression], ids=[7], flags=[hyperscan.HS_FLAG_SINGLEMATCH])
    return database


def hits(database: hyperscan.Database, text: bytes) -> list[int]:
    found: list[int] = []
    database.scan(text, match_event_handler=lambda number, *_: found.append(number))
    return found


def never() -> hyperscan.Database:
    raise AssertionError("it is there already")


def test_what_was_built_is_read_back_and_finds_the_same(tmp_path):
    stored(tmp_path, ["a", 1], build)
    assert hits(stored(tmp_path, ["a", 1], never), b"to jane") == [7]


def test_another_key_is_another_database(tmp_path):
    stored(tmp_path, ["a", 1], build)
    assert hits(stored(tmp_path, ["a", 2], lambda: build(b"joe")), b"joe") == [7]


@pytest.mark.parametrize("broken", [b"", b"x", b"\x00" * 4096])
def test_a_broken_file_is_built_anew(tmp_path, broken):
    stored(tmp_path, ["a"], build)
    (file,) = tmp_path.glob("*.hs")
    whole = file.read_bytes()
    file.write_bytes(broken)
    assert hits(stored(tmp_path, ["a"], build), b"jane") == [7]
    assert file.read_bytes() == whole


def test_a_file_with_one_flipped_bit_is_built_anew(tmp_path):
    stored(tmp_path, ["a"], build)
    (file,) = tmp_path.glob("*.hs")
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(bytes(whole))
    assert hits(stored(tmp_path, ["a"], build), b"jane") == [7]


def _build_and_say(folder: Path) -> None:
    def counted() -> hyperscan.Database:
        with (folder / "builds").open("a") as log:
            log.write("x")
        return build()

    stored(folder / "gate", ["a"], counted)


def test_of_several_builders_at_once_one_builds(tmp_path):
    context = multiprocessing.get_context("fork")
    builders = [context.Process(target=_build_and_say, args=(tmp_path,)) for _ in range(6)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(60)
    assert [builder.exitcode for builder in builders] == [0] * 6
    assert (tmp_path / "builds").read_text() == "x"
