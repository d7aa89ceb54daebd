"""`ship` on a real broker: every line arrives once, as it is, and the end is said on every partition."""

import msgspec
from confluent_kafka import Consumer, TopicPartition

from pipeline.cli.ship import Format, ship_files

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
