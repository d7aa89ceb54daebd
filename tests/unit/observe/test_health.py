"""/healthz says whether the loop turns, /readyz whether the process does its part."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from pipeline.errors import ConfigError
from pipeline.observe.health import ALIVE_S, Health
from pipeline.observe.metrics import Metrics
from pipeline.observe.server import run_file, serving


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("joined", "succeeded", "silent_s", "healthy", "ready"),
    [
        (False, True, 0, True, False),
        (True, True, 0, True, True),
        (True, False, 0, True, False),
        (True, True, ALIVE_S - 1, True, True),
        (True, True, ALIVE_S, False, False),
    ],
)
def test_health_and_readiness(joined, succeeded, silent_s, healthy, ready):
    """Alive: turned within a minute. Ready: alive, with its part of the work, its last step a success."""
    clock = Clock()
    health = Health(clock)
    health.turn()
    if joined:
        health.joined()
    health.step(succeeded=succeeded)
    clock.now += silent_s
    assert (health.healthy, health.ready) == (healthy, ready)


def test_each_loop_of_a_process_must_have_succeeded_last():
    """Control does its work and asks for the broker apart: one of them that fails is not hidden by the other."""
    health = Health()
    health.joined()
    health.step(succeeded=False, name="broker")
    health.step(succeeded=True, name="work")
    assert not health.ready
    health.step(succeeded=True, name="broker")
    assert health.ready


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_server_answers_and_says_where_it_listens(tmp_path: Path):
    """The port is in the run file while the process lives, and the file goes with it."""
    metrics = Metrics("sanitize")
    metrics.add({("in", ""): 10, ("late", "key gone"): 4})
    health = Health()
    file = run_file(tmp_path, "sanitize-0")
    with serving("127.0.0.1", 0, metrics.registry, health, file) as port:
        assert json.loads(file.read_bytes())["http_port"] == port
        assert get(port, "/healthz") == (200, "ok\n")
        assert get(port, "/readyz") == (503, "no\n")
        health.joined()
        assert get(port, "/readyz") == (200, "ok\n")
        assert get(port, "/elsewhere")[0] == 404
        status, text = get(port, "/metrics")
    assert status == 200
    assert 'pipeline_records_total{counter="in",label="",stage="sanitize"} 10.0' in text
    assert 'pipeline_late_share{stage="sanitize"} 0.4' in text
    assert not file.exists()


def test_a_port_that_is_taken_is_a_wrong_configuration(tmp_path: Path):
    """The process says so at its start, not later by being unobserved."""
    registry = CollectorRegistry()
    with (
        serving("127.0.0.1", 0, registry, Health(), tmp_path / "a") as port,
        pytest.raises(ConfigError, match="http_port"),
        serving("127.0.0.1", port, registry, Health(), tmp_path / "b"),
    ):
        pass
