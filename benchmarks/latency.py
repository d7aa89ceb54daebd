"""How long a page view takes from produce to visible in `events.page_view` for a reader of committed records.

    python benchmarks/latency.py [--rate 20000] [--seconds 30]

A generator, a sanitize worker and the reader are processes of their own; they share this machine with the
broker. Each record has a (second, status) of its own, by which its event is recognized. Its time counts from
the moment when it was due, so a generator that falls behind is in the figures. The last line is one JSON object.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import fastavro
import feed
from confluent_kafka import Consumer, Producer, TopicPartition
from deployed import deployed

from pipeline.config import Settings
from pipeline.kafka.schemas import load_schemas

RAW = "raw.weblog"
EVENTS = "events.page_view"
PARTITIONS = 4
SAMPLE = 20
"""Each n-th event is looked at: the reader must not be what is measured."""
WARM_S = 10
HEADER = 5  # bytes before the Avro record


def main() -> None:
    """Run all, or in a child process the generator."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=20_000, help="events a second")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--generate", default="", help=argparse.SUPPRESS)
    parser.add_argument("--begin", type=float, default=0.0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.generate:
        generate(given.generate, given.rate, given.rate * given.seconds, given.begin)
    else:
        run(given.rate, given.seconds)


def run(rate: int, seconds: int) -> None:
    """Measure, and print the figures."""
    number = rate * seconds
    with deployed() as settings:
        worker = subprocess.Popen([Path(sys.executable).with_name("pii-pipeline"), "run", "sanitize"])
        try:
            wait_until_ready(settings)
            reader = committed_reader(settings.kafka_servers)
            begin = time.time() + 2
            generator = subprocess.Popen(
                [
                    *(sys.executable, __file__, "--generate", settings.kafka_servers, "--rate", str(rate)),
                    *("--seconds", str(seconds), "--begin", str(begin)),
                ]
            )
            found = read(reader, settings, begin, rate, number)
            generator.wait()
        finally:
            worker.terminate()
            worker.wait()
    found.sort()
    figures = {
        "rate": rate,
        "p50_ms": round(1_000 * found[len(found) // 2], 1),
        "p99_ms": round(1_000 * found[int(0.99 * len(found))], 1),
    }
    print(f"{len(found):,} of {number:,} events sampled; load {os.getloadavg()[0]:.1f}")
    print(json.dumps(figures))


def wait_until_ready(settings: Settings) -> None:
    """Wait until the worker has written an empty container: it has its partitions."""
    consumer = Consumer({"bootstrap.servers": settings.kafka_servers, "group.id": "latency"})
    while not consumer.get_watermark_offsets(TopicPartition("visits", 0), timeout=30)[1]:
        time.sleep(0.2)
    consumer.close()


def committed_reader(servers: str) -> Consumer:
    """Return a reader of the events that are committed from now on."""
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "latency",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "fetch.wait.max.ms": 10,
            "fetch.queue.backoff.ms": 5,
        }
    )
    consumer.assign([TopicPartition(EVENTS, number, 0) for number in range(PARTITIONS)])
    return consumer


def read(reader: Consumer, settings: Settings, begin: float, rate: int, number: int) -> list[float]:
    """Return the latencies, in seconds, of sampled events; those of the first seconds are warm-up."""
    schema: Any = load_schemas(settings.schemas_dir)[EVENTS].parsed
    first = first_second(begin)
    seen = 0
    found: list[float] = []
    while seen < number:
        messages = reader.consume(5_000, 0.02)
        now = time.time()
        for message in messages:
            value = message.value()
            if message.error() is not None or value is None:
                continue
            seen += 1
            if seen % SAMPLE:
                continue
            event: Any = fastavro.schemaless_reader(io.BytesIO(value[HEADER:]), schema, None)
            i = feed.identity(round(event["time"].timestamp() * 1_000), event["status"], first)
            if i >= WARM_S * rate:
                found.append(now - (begin + i / rate))
    reader.close()
    return found


def first_second(begin: float) -> int:
    """Return the event time of the first record; generator and reader agree on it."""
    return int(begin) - feed.TIME_S


def generate(servers: str, rate: int, number: int, begin: float) -> None:
    """Produce records at a steady rate; each is due at begin + i / rate."""
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "linger.ms": 5,
            "compression.type": "lz4",
            "queue.buffering.max.messages": 1_000_000,
            "delivery.report.only.error": True,
        }
    )
    behind = 0.0
    for i, value in enumerate(feed.records(feed.templates(), number, first_second(begin))):
        due = begin + i / rate
        while (ahead := due - time.time()) > 0:
            producer.poll(0)
            time.sleep(min(ahead, 0.002))
        behind = max(behind, -ahead)
        producer.produce(RAW, value, partition=i % PARTITIONS)
    producer.flush()
    print(f"generator: at most {1_000 * behind:.0f} ms behind", file=sys.stderr)


if __name__ == "__main__":
    main()
