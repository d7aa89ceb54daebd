"""`topics` and `local` as a script sees them: exit codes and JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config import ROOT, Settings
from pipeline.kafka import topic_plan
from pipeline.policy.load import load_policy

COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    environment = {f"PII_PIPELINE_{name.upper()}": str(value) for name, value in settings.items()}
    command = [*COMMAND, *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=ROOT)


@pytest.fixture
def servers(cluster: Settings, tmp_path: Path) -> dict[str, object]:
    return {
        "kafka_servers": cluster.kafka_servers,
        "registry_url": cluster.registry_url,
        "state_dir": tmp_path,
    }


def test_check_says_by_its_exit_code_whether_anything_differs(servers, cluster):
    same = run("topics", "check", "--json", **servers)
    assert (same.returncode, json.loads(same.stdout)) == (0, [])
    wanted = topic_plan.deployment(cluster, load_policy(cluster.policy_dir).retention)
    wanted.admin.configure("raw.weblog", {"retention.ms": "-1"})
    different = run("topics", "check", "--json", **servers)
    assert different.returncode == 1
    assert [(found["name"], found["detail"]) for found in json.loads(different.stdout)] == [
        ("raw.weblog", "retention.ms")
    ]
    assert run("topics", "apply", **servers).returncode == 0
    assert run("topics", "check", **servers).returncode == 0


def test_wrong_definitions_end_with_all_of_them_on_stderr_and_code_2(servers, tmp_path):
    (tmp_path / "topics.yaml").write_text("defaults: {}\ntopics: {raw.weblog: {partitions: 0}}")
    ended = run("topics", "plan", **servers, topics_file=tmp_path / "topics.yaml")
    assert ended.returncode == 2
    assert "defaults.replication: missing" in ended.stderr
    assert "raw.weblog.partitions: malformed" in ended.stderr


def test_without_any_server_the_way_to_one_is_told(tmp_path):
    ended = run("topics", "plan", state_dir=tmp_path)
    assert ended.returncode == 2
    assert "local up" in ended.stderr


def test_a_server_that_is_away_is_told_without_a_traceback(servers):
    ended = run("topics", "plan", **(servers | {"registry_url": "http://127.0.0.1:1"}))
    assert (ended.returncode, ended.stderr) == (1, "the registry does not answer\n")


def test_the_status_of_no_stack_is_code_1(tmp_path):
    ended = run("local", "status", "--json", state_dir=tmp_path)
    assert ended.returncode == 1
    assert [(server["name"], server["running"]) for server in json.loads(ended.stdout)] == [
        ("kafka", False),
        ("registry", False),
    ]
