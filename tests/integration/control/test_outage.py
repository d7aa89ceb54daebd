"""The control plane while the broker is away: it stays, says so where people and machines look, and comes back."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.observe.server import run_file
from tests.deployment import Deployment

PATIENCE_S = 60


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """Give servers of this test's own, to be killed."""
    deployed = Deployment(tmp_path)
    try:
        deployed.up()
        deployed.apply()
        yield deployed
    finally:
        deployed.down()


@pytest.fixture
def control(deployment: Deployment) -> Iterator[subprocess.Popen[bytes]]:
    """Run the process as a supervisor does."""
    environ = {**os.environ, **deployment.environ}
    with (deployment.home / "control.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", "control"], env=environ, stdout=log, stderr=log
        )
    yield process
    process.kill()
    process.wait()


def ready(deployment: Deployment) -> int:
    """Ask /readyz; 0 while nobody listens."""
    try:
        port = json.loads(run_file(deployment.home, "control-0").read_bytes())["http_port"]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


def becomes(deployment: Deployment, status: int) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while ready(deployment) != status and time.monotonic() < deadline:
        time.sleep(0.2)
    return ready(deployment) == status


def test_readiness_and_log_follow_the_broker_and_the_process_stays(deployment, control):
    """Alerts and load balancers believe /readyz; a log of hundreds of a library's lines would hide the cause."""
    assert becomes(deployment, 200)
    deployment.kill_server("kafka")
    assert becomes(deployment, 503)
    deployment.up()
    assert becomes(deployment, 200)
    assert control.poll() is None
    lines = [json.loads(line) for line in (deployment.home / "control.log").read_text().splitlines()]
    said = [line["event"] for line in lines if line.get("server") == "kafka"]
    assert (said[0], said[-1]) == ("waiting", "back")
    assert sum(line["event"] == "library" for line in lines) < 25
