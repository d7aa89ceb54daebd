"""`demo` harms nothing that is not its own, and says at once what cannot work."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli.demo import own_folder, register
from pipeline.cli.demo_view import denied, mask, samples
from pipeline.config import ROOT, Settings
from pipeline.errors import ConfigError
from pipeline.observe.health import Health
from pipeline.observe.metrics import Metrics
from pipeline.observe.server import run_file, serving


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


def test_what_cannot_be_used_is_said_at_once_and_together(tmp_path):
    """Not by a wait of three minutes; and nothing is wiped."""
    state = own_folder(tmp_path / "demo")
    (state / "kept.log").write_text("a line")
    (tmp_path / "empty.log").touch()
    files = [tmp_path / "nowhere.log", tmp_path, tmp_path / "empty.log", state / "kept.log"]
    with pytest.raises(ConfigError) as raised:
        run("--state-dir", state, "--site", "nosuch.example", *files)
    said = [problem.replace(str(tmp_path), "").split(",")[0] for problem in raised.value.problems]
    assert said == [
        "/nowhere.log: no such file",
        ": not a file",
        "/empty.log: empty",
        "/demo/kept.log: in /demo",
        "site nosuch.example: not declared in the policy",
    ]
    assert (state / "kept.log").exists()


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (
            b'192.0.2.7 - - [10/Oct/2000:13:55:36 -0700] "GET /"',
            b'(address) - - [10/Oct/2000:13:55:36 -0700] "GET /"',
        ),
        (b"host.example - jane", b"(address) - jane"),
        (b"x 2001:db8::7, 192.0.2.9: y", b"(address) (address), (address) y"),
        (b"x ::1 Chrome/126.0.0.0 1.2 \xff", b"(address) (address) Chrome/126.0.0.0 1.2 \xff"),
        (b"192.0.2.7", b"(address)"),
    ],
)
def test_an_own_line_is_shown_without_addresses(line, masked):
    assert mask(line) == masked


def test_no_line_is_shown_twice():
    """The most telling ones first, then others."""
    raw = [b'192.0.2.7 - - [10/Oct/2000:13:55:%02d +0000] "GET /"' % second for second in range(8)]
    nothing = {"referrer_findings": [], "agent_findings": []}
    events = [
        {
            "time": datetime(2000, 10, 10, 13, 55, second, tzinfo=UTC),
            "target_findings": [{"entity": "EMAIL_ADDRESS"}] if second == 2 else [],
        }
        | nothing
        for second in range(8)
    ]
    shown = [line for line, _ in samples(raw, events)]
    assert shown[0] == raw[2]
    assert len(shown) == len(set(shown)) == 6


def test_what_was_denied_is_asked_of_sanitize(tmp_path):
    """No topic tells: nothing is kept of it. And nothing was denied by one that does not run yet."""
    settings = Settings(state_dir=tmp_path)
    assert denied(settings) == 0
    metrics = Metrics("sanitize")
    metrics.add({("in", ""): 5, ("denied", "unknown-site"): 3})
    with serving("127.0.0.1", 0, metrics.registry, Health(), run_file(tmp_path, "sanitize-0")):
        assert denied(settings) == 3
