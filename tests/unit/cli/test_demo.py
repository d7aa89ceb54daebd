"""`demo` harms nothing that is not its own, and says at once what cannot work."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.demo import own_folder, register
from pipeline.config import ROOT
from pipeline.errors import ConfigError


def run(*arguments: object) -> None:
    app = typer.Typer()
    register(app)
    CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_folder_with_other_things_in_it_is_refused_and_left_as_it_is(tmp_path):
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("years")
    with pytest.raises(ConfigError, match="not empty"):
        run("--state-dir", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(ConfigError, match="Not a directory"):
        own_folder(thesis)


def test_a_folder_of_its_own_is_emptied_and_closed_to_others(tmp_path):
    """But what a link in it leads to stays."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    folder = own_folder(tmp_path / "demo")
    made = sorted(folder.iterdir())
    (folder / "kms").mkdir()
    (folder / "access.log").touch()
    (folder / "link").symlink_to(kept)
    folder.chmod(0o755)
    own_folder(folder)
    assert sorted(folder.iterdir()) == made
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (kept / "file").exists()


def test_whatever_a_command_makes_is_closed_to_others(tmp_path: Path):
    """Parents of a folder, too: the first command may be any."""
    environ = {**os.environ, "PII_PIPELINE_KMS_DIR": str(tmp_path / "new" / "kms")}
    subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "keys", "list"],
        check=False,
        capture_output=True,
        env=environ,
        cwd=ROOT,
    )
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
