"""The KMS of a laptop: who may read it, and that an epoch that was destroyed stays so."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.store.local_kms import LocalKms

KEY = b"a key in the clear"
PLACE = b"site|day"


@pytest.fixture
def kms(tmp_path: Path) -> LocalKms:
    return LocalKms(tmp_path / "kms")


def test_what_was_wrapped_comes_back_in_any_process(kms, tmp_path):
    wrapped = kms.wrap("day-1", KEY, PLACE)
    assert KEY not in wrapped
    assert LocalKms(tmp_path / "kms").unwrap("day-1", wrapped, PLACE) == KEY


def test_wrapped_bytes_open_only_for_their_place_and_epoch(kms):
    wrapped = kms.wrap("day-1", KEY, PLACE)
    kms.wrap("day-2", KEY, PLACE)
    assert kms.unwrap("day-1", wrapped, b"other|day") is None
    assert kms.unwrap("day-2", wrapped, PLACE) is None
    assert kms.unwrap("day-3", wrapped, PLACE) is None
    assert kms.unwrap("day-1", wrapped[:-1], PLACE) is None


def test_a_destroyed_epoch_is_useless_and_never_made_again(kms, tmp_path):
    wrapped = kms.wrap("day-1", KEY, PLACE)
    kms.destroy("day-1")
    assert kms.unwrap("day-1", wrapped, PLACE) is None
    assert LocalKms(tmp_path / "kms").wrap("day-1", KEY, PLACE) is None
    assert [path.name for path in (tmp_path / "kms").iterdir()] == ["day-1.destroyed"]


def test_destroying_again_finishes_what_a_crash_left_and_keeps_the_date(kms, tmp_path):
    kms.destroy("day-1")
    tombstone, keyset = tmp_path / "kms" / "day-1.destroyed", tmp_path / "kms" / "day-1.json"
    os.utime(tombstone, (1, 1))
    keyset.write_text("left behind")
    kms.destroy("day-1")
    assert (tombstone.stat().st_mtime, keyset.exists()) == (1, False)


def test_a_destroyed_key_is_overwritten_before_its_name_goes(kms, tmp_path):
    """A hard link stands for the blocks that stay on the disk."""
    kms.wrap("day-1", KEY, PLACE)
    blocks = tmp_path / "blocks"
    blocks.hardlink_to(tmp_path / "kms" / "day-1.json")
    before = blocks.read_bytes()
    kms.destroy("day-1")
    assert len(blocks.read_bytes()) == len(before)
    assert b"keyValue" not in blocks.read_bytes()


def test_creators_at_once_use_one_key(tmp_path):
    parties = [LocalKms(tmp_path / "kms") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        wrapped = list(pool.map(lambda party: party.wrap("day-1", KEY, PLACE), parties))
    assert {parties[0].unwrap("day-1", one, PLACE) for one in wrapped} == {KEY}
    assert [path.name for path in (tmp_path / "kms").iterdir()] == ["day-1.json"]


def test_files_are_for_their_owner_only(kms, tmp_path):
    old = os.umask(0)
    try:
        kms.wrap("day-1", KEY, PLACE)
        kms.destroy("day-2")
    finally:
        os.umask(old)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "kms").iterdir()}
    assert modes == {"day-1.json": 0o600, "day-2.destroyed": 0o600}
    assert (tmp_path / "kms").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_touch_stops_the_start(kms, tmp_path, mode):
    kms.wrap("day-1", KEY, PLACE)
    (tmp_path / "kms" / "day-1.json").chmod(mode)
    with pytest.raises(ConfigError, match=r"day-1\.json: others may read it"):
        LocalKms(tmp_path / "kms")


def test_a_folder_that_others_may_enter_stops_the_start(tmp_path):
    (tmp_path / "kms").mkdir(mode=0o755)
    with pytest.raises(ConfigError, match="others may read it"):
        LocalKms(tmp_path / "kms")


def test_a_file_that_is_no_keyset_stops_the_process_without_its_content(kms, tmp_path):
    path = tmp_path / "kms" / "day-1.json"
    path.write_text("secret nonsense")
    path.chmod(0o600)
    with pytest.raises(ConfigError) as raised:
        kms.wrap("day-1", KEY, PLACE)
    assert "nonsense" not in str(raised.value)
