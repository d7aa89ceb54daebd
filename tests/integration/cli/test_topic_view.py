"""`topics show`: what is in a topic, for people; never what is in clear in raw.*, nor what was aborted."""

import json
import struct
import uuid

import pytest
import typer
from confluent_kafka import Producer
from typer.testing import CliRunner

from pipeline.cli import topics
from pipeline.errors import ConfigError
from pipeline.kafka.codec import Codec
from pipeline.kafka.reading import read_newest
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.model import ContainerHeader
from pipeline.protect.sealing import BatchSealer, create_key_pair, load_public
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize import QUARANTINE, VISITS
from pipeline.stages.sanitize_visits import ContainerWriter
from tests.records import FakeRecord


@pytest.fixture
def show(cluster, monkeypatch):
    """Give the command on the session's servers: its documents."""
    monkeypatch.setenv("PII_PIPELINE_KAFKA_SERVERS", cluster.kafka_servers)
    monkeypatch.setenv("PII_PIPELINE_REGISTRY_URL", cluster.registry_url)
    app = typer.Typer()
    topics.register(app)

    def run(*arguments: str):
        result = CliRunner().invoke(app, ["topics", "show", *arguments, "--json"], catch_exceptions=False)
        return [json.loads(line) for line in result.stdout.splitlines()]

    return run


def produce(cluster, topic, *values, abort=False):
    config = {"bootstrap.servers": cluster.kafka_servers, "transactional.id": uuid.uuid4().hex}
    producer = Producer(config)
    producer.init_transactions(30)
    producer.begin_transaction()
    for value in values:
        producer.produce(topic, value, partition=0)
    if abort:
        producer.flush(30)
        producer.abort_transaction(30)
    else:
        producer.commit_transaction(30)


def test_the_newest_committed_records_are_found_behind_any_number_of_others(cluster):
    for number in range(8):
        produce(cluster, VISITS, b"%d" % number)
        produce(cluster, VISITS, *[b"aborted"] * 20, abort=True)
    assert [message.value() for message in read_newest(cluster, VISITS, 3)] == [b"5", b"6", b"7"]
    assert len(read_newest(cluster, VISITS, 100)) == 8


def test_raw_topics_are_refused(show):
    """They hold personal data in clear."""
    for topic in ("raw.weblog", "raw.other"):
        with pytest.raises(ConfigError, match="personal data in clear"):
            show(topic)


def test_a_letter_shows_its_place_and_only_the_length_of_what_is_sealed(show, cluster, tmp_path):
    create_key_pair(tmp_path)
    codec = Codec(Registry(cluster.registry_url), load_schemas(cluster.schemas_dir))
    sealing = Quarantine(
        BatchSealer(load_public(tmp_path / "public.json")),
        lambda letter: codec.encode("quarantine", letter),
        "stamp",
        topic=QUARANTINE,
    )
    _, letter, *_ = sealing.seal(FakeRecord(b"jane", offset=7), "bad-json")
    produce(cluster, QUARANTINE, letter, b"junk")
    first, second = show(QUARANTINE)
    assert (first["schema"], first["content"]["reason"], first["content"]["offset"]) == ("quarantine", "bad-json", 7)
    assert first["content"]["ciphertext"].endswith(" bytes")
    assert second == {"partition": 0, "offset": 1, "unreadable": "truncated", "bytes": 4}


def test_a_container_shows_its_header_and_its_first_visit(show, cluster):
    schema = json.loads((cluster.schemas_dir / "visits.avsc").read_text())
    writer = ContainerWriter(schema)
    header = writer.header(ContainerHeader({"raw.weblog": 4}, {"raw.weblog/0": 1}, "stamp"))
    produce(cluster, VISITS, header, b"\x00" + struct.pack(">I", 1))
    container, junk = show(VISITS)
    assert container["content"] == {
        "header": {"partitions": {"raw.weblog": 4}, "watermarks": {"raw.weblog/0": 1}, "policy": "stamp"},
        "visits": 0,
        "first": None,
    }
    assert junk["unreadable"] == "not-a-container"
