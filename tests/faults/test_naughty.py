"""Input that nobody meant to send, through real processes and a real broker: no stop, no loop, all accounted.

The strings are the Big List of Naughty Strings, in every field of a line, of the JSON around it and of the record.
"""

import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from confluent_kafka import Producer

from pipeline.config import ROOT
from pipeline.sources.rebase import clf
from tests.broker import Broker, decoded
from tests.deployment import Deployment, Supervisor, wait_until

STRINGS = ROOT.parent / "shared" / "data" / "pii" / "naughty_strings.json"
PARTITIONS = 4
Sent = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]


def line(
    now_ms: int, *, address="192.0.2.7", user="-", request="GET / HTTP/1.1", referrer="-", agent="curl/8"
) -> str:
    return f'{address} - {user} [{clf(now_ms).decode()}] "{request}" 200 1 "{referrer}" "{agent}"'


def places(broker: Broker, topic: str) -> Counter[tuple[int, int]]:
    """Count the dead letters of each (partition, offset)."""
    return Counter((letter["partition"], letter["offset"]) for letter in decoded(broker, topic, "quarantine"))


def naughty(now_ms: int) -> list[Sent]:
    """Return records: (value, key, headers)."""
    texts = json.loads(STRINGS.read_text())
    values: list[str] = []
    for text in texts:
        values += [text, json.dumps({"message": text}), f'{{"message": {text}}}', json.dumps({text: line(now_ms)})]
        values += [line(now_ms, address=text), line(now_ms, user=text), line(now_ms, request=f"GET /{text} HTTP/1.1")]
        values += [line(now_ms, request=text), line(now_ms, request=f"GET /?lang={text}&{text}=en HTTP/1.1")]
        values += [line(now_ms, referrer=f"https://{text}/{text}"), line(now_ms, agent=text)]
    records = [(value.encode("utf-8", "surrogatepass"), None, []) for value in values]
    whole = line(now_ms).encode()
    records += [(whole[:cut], None, []) for cut in range(len(whole))]
    records += [(line(now_ms).replace(str(time.gmtime().tm_year), year).encode(), None, []) for year in YEARS]
    records += [
        (None, b"k", []),
        (b"\0" * 100_000, None, []),
        (b"{" * 200_000, None, []),
        (b'{"message":' + b"[" * 200_000, None, []),
        (b"x" * 10_000_000, None, []),
        (whole + b"x" * 10_000_000, None, []),
        (f'{{"message": {json.dumps("x" * 10_000_000)}}}'.encode(), None, []),
    ]
    for text in texts:
        raw = text.encode("utf-8", "surrogatepass")
        records += [(whole, raw, []), (whole, None, [("site", raw)]), (b"", None, [("end-of-input", b"x" + raw)])]
        records += [(whole, None, [(text.encode("utf-8", "replace").decode(), b"1")])] if text else []
    return records


JUNK = [
    b"",
    b"jane",
    b"Obj\x01",
    b"Obj\x01" + b"\xff" * 100,
    b"\0" * 900_000,
    b"\0\0\0\0\x01jane",  # a schema that there is, and not its record
    b"\0\x7f\xff\xff\xff" + b"x" * 50,  # a schema that nobody registered
    b"{" * 1_000,
]
YEARS = ("0000", "0001", "1969", "1970", "2099", "9998", "9999")


def send(deployment: Deployment, supervisor: Supervisor, records: Sequence[Sent], good: bytes) -> None:
    """Produce the records, a good one after each hundredth, junk further down the flow, and good ones at the end."""
    producer = Producer({"bootstrap.servers": deployment.settings.kafka_servers, "message.max.bytes": 12_000_000})
    for number, (value, key, headers) in enumerate(records):
        producer.produce("raw.weblog", value, key, partition=number % PARTITIONS, headers=headers)
        producer.poll(0)
        if number % 100 == 0:
            producer.produce("raw.weblog", good, partition=number % PARTITIONS)
    for content in JUNK:
        producer.produce("visits", content, partition=0)
        producer.produce("partials", content, partition=0)
    assert producer.flush(60) == 0
    supervisor.kill("aggregate-0")  # it reads the junk again, and must not seal it again
    for partition in range(PARTITIONS):
        producer.produce("raw.weblog", good, partition=partition)
    assert producer.flush(60) == 0


@pytest.mark.skipif(not STRINGS.exists(), reason="the folder of real data is absent")
@pytest.mark.timeout(400)
def test_what_nobody_meant_to_send_stops_nothing_and_is_accounted(tmp_path: Path):
    """Good lines stand between and behind the bad ones; each of them must come out."""
    now_ms = time.time_ns() // 1_000_000 - 60_000
    deployment = Deployment(tmp_path, site="www.atera.com")
    records = naughty(now_ms)
    good = line(now_ms, address="198.51.100.3", request="GET /pricing HTTP/1.1").replace(" 200 ", " 299 ").encode()
    try:
        deployment.up()
        deployment.apply()
        supervisor = Supervisor(deployment.environ, tmp_path)
        supervisor.start("sanitize-0", "aggregate-0", "control-0")
        send(deployment, supervisor, records, good)
        broker = Broker(deployment.settings.kafka_servers)
        ends = {partition: broker.end("raw.weblog", partition) for partition in range(PARTITIONS)}
        done = lambda: all(  # noqa: E731  # one line that is used once
            broker.offset_of("sanitize", "raw.weblog", partition).offset == end for partition, end in ends.items()
        )
        finished = wait_until(done, 120)
        sealed = {
            topic: wait_until(lambda topic=topic: len(places(broker, topic)) >= len(JUNK), 30)
            for topic in ("quarantine.aggregate", "quarantine.control")
        }
        supervisor.kill("aggregate-0")
        time.sleep(8)  # of a replay, in which nothing more may be sealed
        codes = supervisor.close()
        assert finished, f"not read to the end; ended by themselves: {dict(supervisor.ends)}"
        assert (supervisor.ends, set(codes.values())) == (Counter(), {0})
        events = list(decoded(broker, "events.page_view", "events.page_view", PARTITIONS))
        letters = places(broker, "quarantine.sanitize")
        denied = sum(1 for _, _, headers in records if headers and headers[0][0] == "site")
        assert set(letters.values()) == {1}
        assert sealed == dict.fromkeys(sealed, True)
        for topic in sealed:
            assert list(places(broker, topic).values()) == [1] * len(JUNK)
        assert len(events) + len(letters) + denied == sum(ends.values())
        assert sum(event["status"] == 299 for event in events) == len(records[::100]) + PARTITIONS
    finally:
        deployment.down()
