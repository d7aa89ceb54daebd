"""Records for the benchmarks: lines of a real access log, their times moved to the last hour.

Each record gets a second and a status of its own, so that its event can be told apart from all others:
`identity` finds the number back. Addresses may be replaced by ones that were never seen.
"""

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

from confluent_kafka import Producer

REAL_LOG = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "weblogs" / "apache_combined_10k.log"
LINE = re.compile(rb'(\S+)( \S+ \S+ )\[[^\]]+\]( ".*" )\d{3}( .*)')
STATUSES = range(100, 600)
TIME_S = 3_000
"""Event times lie this far back at most: within the day keys, and within the lateness that the policy allows
a source when they are produced in order."""


def templates() -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Return (address, users, request, rest) of each line of the real log, or of made ones where it is absent."""
    lines = REAL_LOG.read_bytes().splitlines() if REAL_LOG.exists() else list(made(10_000))
    found = [match.groups() for line in lines if (match := LINE.fullmatch(line))]
    return [(address, users, request, rest) for address, users, request, rest in found]


def made(number: int) -> Iterator[bytes]:
    """Yield lines with the repetition of real ones: few agents and pages, many addresses (RFC 5737)."""
    rng = random.Random(2)
    agents = [
        b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0 Safari/537.36"
        % n
        for n in range(60, 120)
    ]
    for _ in range(number):
        yield b'198.51.100.%d - - [01/Jan/2016:00:00:00 +0000] "GET /blog/%d?lang=en HTTP/1.1" 200 %d "-" "%b"' % (
            rng.randrange(256),
            rng.randrange(1_000),
            rng.randrange(100_000),
            rng.choice(agents),
        )


def records(
    lines: list[tuple[bytes, bytes, bytes, bytes]], number: int, start: int, *, new_addresses: float = 0.0
) -> Iterator[bytes]:
    """Yield `number` lines with distinct (second, status), from the second `start` on, in order of time."""
    rng = random.Random(1)
    second, stamp = -1, b""
    for i in range(number):
        address, users, request, rest = lines[i % len(lines)]
        if new_addresses and rng.random() < new_addresses:
            address = b"%d.%d.%d.%d" % (rng.randrange(1, 224), *rng.randbytes(3))
        if (now := start + i // len(STATUSES)) != second:
            second = now
            stamp = time.strftime("[%d/%b/%Y:%H:%M:%S +0000]", time.gmtime(second)).encode()
        yield b"%b%b%b%b%d%b" % (address, users, stamp, request, STATUSES[i % len(STATUSES)], rest)


def identity(time_ms: int, status: int, start: int) -> int:
    """Return the number of the record that became an event with this time and status."""
    return (time_ms // 1_000 - start) * len(STATUSES) + status - STATUSES.start


def fill(servers: str, topic: str, values: Iterator[bytes], partitions: int) -> None:
    """Produce all values, to the partitions in turn, and wait for the acknowledgments."""
    producer = Producer(
        {
            "bootstrap.servers": servers,
            "linger.ms": 20,
            "compression.type": "lz4",
            "batch.size": 1_000_000,
            "queue.buffering.max.messages": 1_000_000,
            "delivery.report.only.error": True,
        }
    )
    for i, value in enumerate(values):
        while True:
            try:
                producer.produce(topic, value, partition=i % partitions)
                break
            except BufferError:
                producer.poll(0.1)
        if i % 10_000 == 0:
            producer.poll(0)
    producer.flush()
