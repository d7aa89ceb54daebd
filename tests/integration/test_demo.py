"""The whole as a user runs it: a real log through every stage, every line accounted, rows released."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.cli.demo import PATIENCE_S
from pipeline.kafka import local
from tests.sanitizing import DATA

LOG = DATA / "weblogs" / "apache_combined_10k.log"


def demo(state: Path, log: Path) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PII_PIPELINE_")}
    elsewhere = {"PII_PIPELINE_KAFKA_SERVERS": "127.0.0.1:1"}  # a user's own deployment is not touched
    command = [sys.executable, "-m", "pipeline.cli", "demo", "--json", "--state-dir", str(state), str(log)]
    try:
        return subprocess.run(command, env=clean | elsewhere, capture_output=True, text=True, check=False)
    finally:
        local.down(state)


@pytest.mark.skipif(not LOG.exists(), reason="the folder of real logs is not beside the project")
def test_a_real_log_is_accounted_to_the_line_and_gives_a_dataset(tmp_path: Path):
    done = demo(tmp_path / "demo", LOG)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["in"] == 10_000
    assert figures["even"]
    assert figures["windows"] == figures["manifests"]
    assert figures["rows"] > 0


def test_a_file_of_which_no_line_comes_out_ends_at_once_and_says_why(tmp_path: Path):
    """A picture, say: the account is even, and there is no window to wait for."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\n\x00\x00")
    began = time.monotonic()
    done = demo(tmp_path / "demo", tmp_path / "picture.png")
    assert time.monotonic() - began < PATIENCE_S
    assert done.returncode == 1
    assert "No line came out" in done.stderr
    assert "not-a-log-line" in done.stderr
    figures = json.loads(done.stdout)
    assert (figures["even"], figures["denied"], figures["windows"]) == (True, 0, 0)
