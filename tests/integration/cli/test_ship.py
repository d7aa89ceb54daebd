"""`ship` on a real broker: every line arrives once, as it is, and the end is said on every partition."""

import msgspec
import pytest
import typer
from confluent_kafka import Consumer, TopicPartition
from typer.testing import CliRunner

from pipeline.cli.ship import Format, register, ship_files
from pipeline.errors import ConfigError
from pipeline.model import HOUR_MS
from pipeline.sources.rebase import time_of

LINES = [b'192.0.2.%d - - [01/Jul/2016:00:00:%02d +0000] "GET / HTTP/1.1" 200 1' % (n, n) for n in range(10)] + [
    b"\xff"
]


def records(settings):
    consumer = Consumer(
        {"bootstrap.servers": settings.kafka_servers, "group.id": "none", "enable.partition.eof": True}
    )
    consumer.assign([TopicPartition("raw.weblog", number, 0) for number in range(4)])
    found, ends = [], 0
    while ends < 4:
        message = consumer.poll(10)
        if message.error():
            ends += 1
        else:
            found.append(message)
    consumer.close()
    return found


def test_lines_arrive_with_their_site_and_the_end_on_every_partition(cluster, tmp_path):
    file = tmp_path / "access.log"
    file.write_bytes(b"\n".join(LINES) + b"\n")
    done = ship_files(cluster, [file], site="demo.example", final=True)
    assert done.lines == 11
    found = records(cluster)
    sent = [record for record in found if record.value()]
    assert sorted(record.value() for record in sent) == sorted(LINES)
    assert {tuple(record.headers()) for record in sent} == {(("site", b"demo.example"),)}
    ends = [record for record in found if not record.value()]
    assert [
        (record.partition(), dict(record.headers())) for record in sorted(ends, key=lambda end: end.partition())
    ] == [(number, {"end-of-input": b"1467334800000"}) for number in range(4)]


def test_filebeat_records_carry_the_line_in_message(cluster, tmp_path):
    file = tmp_path / "access.log"
    file.write_bytes(LINES[0])
    ship_files(cluster, [file], form=Format.FILEBEAT)
    (record,) = records(cluster)
    assert msgspec.json.decode(record.value())["message"].encode() == LINES[0]


def test_a_line_too_long_for_a_record_is_counted_and_the_others_arrive(cluster, tmp_path):
    file = tmp_path / "access.log"
    file.write_bytes(b"\n".join([LINES[0], b"x" * 12_500_000, LINES[1]]))
    done = ship_files(cluster, [file])
    assert (done.lines, done.too_long) == (2, 1)
    assert sorted(record.value() for record in records(cluster)) == LINES[:2]


def test_several_files_move_together_into_the_last_20_hours_by_time(cluster, tmp_path):
    newer, older = tmp_path / "access.log", tmp_path / "access.log.1"
    newer.write_bytes(b"\n".join(LINES[5:10]))
    older.write_bytes(b"\n".join(LINES[:5]))
    ship_files(cluster, [newer, older], rebased=True)
    found = records(cluster)
    times = sorted(time_of(record.value()) for record in found)
    assert 19 * HOUR_MS < times[-1] - times[0] <= 20 * HOUR_MS
    for number in range(4):  # each partition is in order of time, oldest address first
        sent = [record.value() for record in found if record.partition() == number]
        assert [int(value.split(b".")[3].split()[0]) % 4 for value in sent] == [number] * len(sent)
        assert [time_of(value) for value in sent] == sorted(time_of(value) for value in sent)


def test_lines_of_a_site_that_is_not_declared_are_not_sent(cluster, tmp_path):
    """All of them would be denied, and nobody would see it here."""
    file = tmp_path / "access.log"
    file.write_bytes(LINES[0])
    with pytest.raises(ConfigError, match=r"site nosuch\.example: not declared in the policy, which has demo"):
        ship_files(cluster, [file], site="nosuch.example")
    assert records(cluster) == []


def test_lines_without_a_site_are_sent_with_a_warning(cluster, tmp_path, monkeypatch):
    """Whether a worker takes them is not seen from here."""
    file = tmp_path / "access.log"
    file.write_bytes(LINES[0])
    monkeypatch.setenv("PII_PIPELINE_KAFKA_SERVERS", cluster.kafka_servers)
    app = typer.Typer()
    register(app)
    assert "no --site is given" in CliRunner().invoke(app, [str(file)]).stderr
    monkeypatch.setenv("PII_PIPELINE_SITE", "demo.example")
    assert "no --site is given" not in CliRunner().invoke(app, [str(file)]).stderr
