"""`quarantine` and `keys` as an officer uses them, on real servers."""

import json

import pytest
import typer
from confluent_kafka import Producer
from typer.testing import CliRunner

from pipeline.cli import keys, quarantine
from pipeline.errors import ConfigError
from pipeline.kafka.codec import Codec
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.protect.sealing import BatchSealer, create_key_pair, load_public
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize import QUARANTINE
from tests.records import FakeRecord


@pytest.fixture
def run(cluster, tmp_path, monkeypatch):
    """Give the command line of a machine that is configured for the session's servers."""
    create_key_pair(tmp_path / "officer")
    named = {
        "KAFKA_SERVERS": cluster.kafka_servers,
        "REGISTRY_URL": cluster.registry_url,
        "STORE_URL": f"sqlite:///{tmp_path}/store.db",
        "KMS_DIR": tmp_path / "kms",
        "OFFICER_PUBLIC_KEY": tmp_path / "officer" / "public.json",
    }
    for name, value in named.items():
        monkeypatch.setenv(f"PII_PIPELINE_{name}", str(value))
    app = typer.Typer()
    quarantine.register(app)
    keys.register(app)
    return lambda *arguments: CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def letters(cluster, tmp_path, run):
    """Put two sealed records into the quarantine."""
    codec = Codec(Registry(cluster.registry_url), load_schemas(cluster.schemas_dir))
    sealer = BatchSealer(load_public(tmp_path / "officer" / "public.json"))
    sealing = Quarantine(sealer, lambda letter: codec.encode("quarantine", letter), "stamp", topic=QUARANTINE)
    producer = Producer({"bootstrap.servers": cluster.kafka_servers})
    for offset, reason in ((7, "bad-json"), (9, "not-a-log-line")):
        topic, value, *_ = sealing.seal(FakeRecord(b"jane\x1b[2J %d" % offset, offset=offset), reason)
        producer.produce(topic, value)
    assert producer.flush(30) == 0


def test_the_list_tells_place_and_reason_and_never_the_content(run, letters):
    result = run("quarantine", "list", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert sorted((row["reason"], row["offset"]) for row in rows) == [("bad-json", 7), ("not-a-log-line", 9)]
    assert "jane" not in result.stdout


def test_the_holder_of_the_key_opens_what_was_asked_for_and_a_terminal_is_safe(run, letters, tmp_path):
    result = run("quarantine", "open", "--key", tmp_path / "officer" / "private.json", "--offset", 7)
    assert (result.exit_code, result.stdout) == (0, "bad-json raw.weblog/0 7: jane\\x1b[2J 7\n")


def test_a_reason_that_no_record_has_is_told_with_those_that_are_there(run, letters, tmp_path):
    result = run("quarantine", "open", "--key", tmp_path / "officer" / "private.json", "--reason", "bad-jsno")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "no such record; in quarantine.sanitize: 1 bad-json, 1 not-a-log-line" in result.stderr


def test_another_key_opens_nothing(run, letters, tmp_path):
    create_key_pair(tmp_path / "other")
    result = run("quarantine", "open", "--key", tmp_path / "other" / "private.json")
    assert result.exit_code == 1
    assert "jane" not in result.output


def test_day_keys_are_made_and_listed_without_a_key(run):
    assert run("keys", "keep").exit_code == 0
    rows = json.loads(run("keys", "list", "--json").stdout)
    assert {row["state"] for row in rows} == {"live"}
    assert all(set(row) == {"site", "day", "key_id", "state"} for row in rows)


def test_a_day_key_is_destroyed_early_and_it_is_said_whether_there_was_one(run):
    run("keys", "keep")
    row = json.loads(run("keys", "list", "--json").stdout)[0]
    asked = ("keys", "destroy", row["site"], row["day"])
    with pytest.raises(ConfigError, match="--yes"):
        run(*asked)
    assert _states(run)[row["site"], row["day"]] == "live"
    assert run(*asked, "--yes").stdout == f"destroyed: the day key of {row['site']}, {row['day']}\n"
    assert _states(run)[row["site"], row["day"]] == "destroyed"
    assert "nothing was destroyed" in run(*asked, "--yes").stdout
    assert list(_states(run).values()).count("destroyed") == 1


@pytest.mark.parametrize(
    ("site", "day", "problem"),
    [
        ("nosuch.example", "2026-07-24", "site nosuch.example: not declared"),
        ("www.atera.com", "24/Jul/2026", "not a day as 2026-07-24"),
        ("www.atera.com", "20000", "not a day as 2026-07-24"),
    ],
)
def test_a_site_or_a_day_that_is_none_destroys_nothing(run, site, day, problem):
    with pytest.raises(ConfigError, match=problem):
        run("keys", "destroy", site, day, "--yes")


def _states(run):
    return {(row["site"], row["day"]): row["state"] for row in json.loads(run("keys", "list", "--json").stdout)}


def test_an_officers_key_is_never_overwritten(run, tmp_path):
    assert run("keys", "officer", "--out", tmp_path / "new").exit_code == 0
    with pytest.raises(ConfigError, match="never overwritten"):
        run("keys", "officer", "--out", tmp_path / "new")
