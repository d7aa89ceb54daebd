"""The whole as a user runs it: a real log through every stage, every line accounted, rows released."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.kafka import local
from tests.sanitizing import DATA

LOG = DATA / "weblogs" / "apache_combined_10k.log"


@pytest.mark.skipif(not LOG.exists(), reason="the folder of real logs is not beside the project")
def test_a_real_log_is_accounted_to_the_line_and_gives_a_dataset(tmp_path: Path):
    state = tmp_path / "demo"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PII_PIPELINE_")}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.cli", "demo", "--json", "--state-dir", str(state), str(LOG)],
            env=clean,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        figures = json.loads(done.stdout)
        assert figures["in"] == 10_000
        assert figures["even"]
        assert figures["windows"] == figures["manifests"]
        assert figures["rows"] > 0
    finally:
        local.down(state)
