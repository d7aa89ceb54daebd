"""The laptop's KMS: private files, one key an epoch, destroyed for good."""

import pytest

from pipeline.errors import ConfigError
from pipeline.store.local_kms import LocalKms


def test_what_was_wrapped_is_unwrapped_with_the_same_data_only(tmp_path):
    kms = LocalKms(tmp_path / "kms")
    wrapped = kms.wrap("e", b"key", b"ad")
    assert LocalKms(tmp_path / "kms").unwrap("e", wrapped, b"ad") == b"key"
    assert kms.unwrap("e", wrapped, b"other") is None
    assert kms.unwrap("f", wrapped, b"ad") is None


def test_a_destroyed_epoch_is_gone_for_good(tmp_path):
    kms = LocalKms(tmp_path / "kms")
    wrapped = kms.wrap("e", b"key", b"ad")
    kms.destroy("e")
    assert kms.unwrap("e", wrapped, b"ad") is None
    assert kms.wrap("e", b"key", b"ad") is None
    assert [path.name for path in (tmp_path / "kms").iterdir()] == ["e.destroyed"]


def test_files_are_private(tmp_path):
    kms = LocalKms(tmp_path / "kms")
    kms.wrap("e", b"key", b"ad")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kms").iterdir()} == {0o600}
    assert (tmp_path / "kms").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("loose", ["kms", "kms/e.json"])
def test_what_others_may_read_is_refused(tmp_path, loose):
    LocalKms(tmp_path / "kms").wrap("e", b"key", b"ad")
    (tmp_path / loose).chmod(0o755)
    with pytest.raises(ConfigError):
        LocalKms(tmp_path / "kms")


def test_a_broken_file_stops_the_program(tmp_path):
    kms = LocalKms(tmp_path / "kms")
    kms.wrap("e", b"key", b"ad")
    (tmp_path / "kms" / "e.json").write_text("{}")
    with pytest.raises(ConfigError):
        kms.wrap("e", b"key", b"ad")
