"""`run` as a supervisor sees it: exit codes, and everything that is wrong at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config import ROOT
from tests.policies import FILES, write_policy

SECRET = "hunter2-jane.doe"


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PII_PIPELINE_")}
    environ |= {"COLUMNS": "200"} | {f"PII_PIPELINE_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "pipeline.cli", "run", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environ, cwd=ROOT)


@pytest.mark.parametrize("stage", ["sanitize", "aggregate", "control"])
def test_wrong_settings_are_told_all_at_once_and_none_shows_a_value(stage: str, tmp_path: Path):
    """Settings, policy and files: one start, one list, exit code 2."""
    policy = write_policy(
        tmp_path / "policy", {**FILES, "sources.yaml": FILES["sources.yaml"].replace("k: 5", "k: 1")}
    )
    ended = run(
        stage,
        state_dir=tmp_path,
        policy_dir=policy,
        kafka_servers=f"kafka://{SECRET}",
        registry_url=f"ftp://{SECRET}@registry",
        store_url=f"mysql://{SECRET}@store/x",
        officer_public_key=tmp_path / "absent.json",
        http_port=99_999,
        batch_records=-5,
        batch_wait_ms="soon",
        transaction_timeout_ms=-1,
        session_timeout_ms=10**12,
        slot="a b",
        batch_size=1,
    )
    assert ended.returncode == 2
    assert SECRET not in ended.stdout + ended.stderr
    lines = ended.stderr.splitlines()
    expected = [
        "PII_PIPELINE_BATCH_RECORDS: not a number from 1 to 100000",
        "PII_PIPELINE_BATCH_SIZE: no such setting",
        "PII_PIPELINE_BATCH_WAIT_MS: not a number from 1 to 10000",
        "PII_PIPELINE_HTTP_PORT: not a number from 0 to 65535",
        "PII_PIPELINE_KAFKA_SERVERS: not host:port, several joined by commas",
        "PII_PIPELINE_REGISTRY_URL: not an http(s) URL",
        "PII_PIPELINE_SESSION_TIMEOUT_MS: not a number from 6000 to 300000",
        "PII_PIPELINE_SLOT: not 1 to 64 letters, digits, dots, dashes",
        "PII_PIPELINE_TRANSACTION_TIMEOUT_MS: not a number from 1000 to 900000",
    ]
    assert lines[: len(expected)] == expected
    assert "sources.yaml:39: below 5 visitors a row may show a person" in lines
    assert any("absent.json" in line for line in lines)
    assert "store_url: neither sqlite nor postgresql" in lines
    assert not any("is not set" in line for line in lines)


def test_a_policy_is_not_enforced_before_it_is_effective(tmp_path: Path):
    """Section 3: changes are effective ten days after they were posted."""
    later = FILES["policy.yaml"].replace('posted: "2020-01-01"', 'posted: "2999-01-01"')
    later = later.replace('effective: "2020-01-11"', 'effective: "2999-01-11"')
    policy = write_policy(tmp_path / "policy", {**FILES, "policy.yaml": later})
    ended = run("sanitize", state_dir=tmp_path, policy_dir=policy)
    assert ended.returncode == 2
    assert "the policy is effective from 2999-01-11 on: section 3" in ended.stderr.splitlines()


def test_a_dataset_that_its_schema_cannot_hold_stops_at_the_start(tmp_path: Path):
    """Not at each release."""
    ended = run("control", state_dir=tmp_path, policy_dir=write_policy(tmp_path / "policy"))
    problem = "dataset page_views: its dimensions and the fields of anon.page_views.avsc differ: country, page"
    assert (ended.returncode, problem in ended.stderr.splitlines()) == (2, True)


def test_what_a_defect_says_never_reaches_a_terminal(tmp_path: Path):
    """An exception's text may quote a record: only its type and place are shown, and those of its causes."""
    program = f"""
import pipeline.cli as cli, types, sys, importlib
def register(app):
    @app.command()
    def fail():
        try:
            int("{SECRET}")
        except ValueError as error:
            raise RuntimeError("{SECRET}") from error
    @app.command()
    def other(): ...
sys.modules["pipeline.cli.broken"] = types.SimpleNamespace(register=register)
cli.GROUPS = ("broken",)
sys.argv = ["x", "fail"]
cli.main()
"""
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 70
    assert "RuntimeError" in ended.stderr
    assert "ValueError" in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("control", "partials", "0"), "'control' is not one of 'sanitize', 'aggregate'"),
        (("sanitize", "visits", "0"), "sanitize does not read that topic, but raw.weblog"),
        (("aggregate", "raw.weblog", "0"), "aggregate does not read that topic, but visits"),
    ],
)
def test_a_loss_is_accepted_only_where_the_stage_reads(arguments: tuple[str, ...], problem: str, tmp_path: Path):
    ended = run("accept-loss", *arguments, state_dir=tmp_path)
    assert (ended.returncode, problem in ended.stderr) == (2, True)
