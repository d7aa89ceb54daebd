"""One aggregate worker over visits: events/s, closing a window of 1 M visitors, recovery by replay.

    python benchmarks/aggregate.py [--visitors 1000000]

The stage runs on records in memory, without a broker: a worker's share is parsing, lateness, bounds and counts;
what Kafka adds, the sanitize benchmark shows. The last line is one JSON object.
"""

import argparse
import gc
import io
import json
import os
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import fastavro
import msgspec

from pipeline.config import ROOT
from pipeline.datasets.windows import Progress
from pipeline.kafka.schemas import load_schemas
from pipeline.model import HOUR_MS, Batch, Committed, ContainerHeader, Output, Partial, Partition
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy
from pipeline.stages.aggregate import QUARANTINE, Aggregate
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize_avro import encode_bytes, encode_long, encode_string
from pipeline.stages.sanitize_visits import ContainerWriter

PER_FILE = 1_250  # a transaction of 5,000 records over 4 visits partitions
FILES_A_BATCH = 16
HOUR = 1_467_331_200_000 // HOUR_MS * HOUR_MS


class File(NamedTuple):
    """A `visits` record; implements `pipeline.model.Record`."""

    content: bytes
    number: int

    def topic(self) -> str:
        """Return the topic."""
        return "visits"

    def partition(self) -> int:
        """Return the only partition."""
        return 0

    def offset(self) -> int:
        """Return the offset."""
        return self.number

    def key(self) -> bytes | None:
        """Return no key."""
        return None

    def value(self) -> bytes | None:
        """Return the file."""
        return self.content

    def headers(self) -> list[tuple[str, bytes]] | None:
        """Return no headers."""
        return None

    def timestamp(self) -> tuple[int, int]:
        """Return the append time."""
        return 2, HOUR


class NoSealer:
    """Nothing is quarantined here."""

    def seal(self, content: bytes, associated_data: bytes) -> tuple[bytes, bytes]:  # noqa: ARG002  # a port
        """Refuse."""
        raise AssertionError

    def next_batch(self) -> None:
        """Do nothing."""


def files(visitors: int, writer: ContainerWriter) -> list[File]:
    """Make one visit a visitor over popular and rare pages, in an hour that stays open until the last file."""
    chosen = random.Random(7)
    pages = [encode_string(f"/features/{number}/{{other}}") for number in range(200)]
    weights = [1 / (number + 1) for number in range(200)]
    picked = chosen.choices(pages, weights, k=visitors)
    places = [encode_string(country) for country in ("US", "DE", "FR", "IN", "BR", "JP", "GB", "CA")]
    devices = [encode_string(device) for device in ("desktop", "mobile", "tablet")]
    site = encode_string("www.atera.com")
    rows = [
        b"".join(
            (
                site,
                encode_bytes(chosen.randbytes(20)),
                encode_bytes(chosen.randrange(200_000).to_bytes(20, "big")),
                picked[number],
                chosen.choice(places),
                chosen.choice(devices),
                encode_long(HOUR + number * HOUR_MS // visitors),
            )
        )
        for number in range(visitors)
    ]
    found: list[File] = []
    for start in range(0, visitors, PER_FILE):
        found.append(File(_pack(writer, rows[start : start + PER_FILE], HOUR), len(found)))
    return [*found, File(_pack(writer, [], HOUR + HOUR_MS), len(found))]


def _pack(writer: ContainerWriter, rows: Sequence[bytes], watermark: int) -> bytes:
    header = writer.header(ContainerHeader({"raw.weblog": 1}, {"raw.weblog/0": watermark}, "bench"))
    (packed,) = writer.containers(rows, header, header)
    return packed


def start(policy: Policy, committed: Committed) -> Aggregate:
    """Start a worker at a commit."""
    schemas = load_schemas(ROOT / "schemas")

    def encode(partial: Partial) -> bytes:
        out = io.BytesIO()
        content = msgspec.to_builtins(partial, builtin_types=(bytes,))
        fastavro.schemaless_writer(out, schemas["partials"].parsed, content)
        return out.getvalue()

    stage = Aggregate(
        policy=policy,
        visit_schema=json.loads(schemas["visits"].text),
        visits_partitions=1,
        encode_partial=encode,
        quarantine=Quarantine(NoSealer(), lambda _: b"", policy.stamp, topic=QUARANTINE),
    )
    stage.assigned({Partition("visits", 0): committed})
    return stage


def feed(stage: Aggregate, records: Sequence[File]) -> Output:
    """Give the worker its records in batches; return the last output."""
    output = Output((), (), {})
    for at in range(0, len(records), FILES_A_BATCH):
        output = stage.process(Batch(records[at : at + FILES_A_BATCH], HOUR, frozenset()))
    return output


def rss_mb() -> float:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb() -> float:
    """Return the largest resident memory since it was reset."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=1_000_000)
    visitors = parser.parse_args().visitors
    policy = load_policy(ROOT / "deploy" / "policy")
    schemas = load_schemas(ROOT / "schemas")
    records = files(visitors, ContainerWriter(json.loads(schemas["visits"].text)))
    gc.collect()
    feed(start(policy, Committed(0, "")), records[:64])  # warm
    empty = rss_mb()
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    begun = time.perf_counter()
    stage = start(policy, Committed(0, ""))
    feed(stage, records[:-1])
    read_s = time.perf_counter() - begun
    begun = time.perf_counter()
    output = feed(stage, records[-1:])
    close_s = time.perf_counter() - begun
    close_mb = peak_mb() - empty
    begun = time.perf_counter()
    again = start(policy, Committed(0, Progress({HOUR_MS: HOUR}, len(records) - 1).encode()))
    feed(again, records[:-1])
    recover_s = time.perf_counter() - begun
    print(f"{visitors:,} visitors, {len(records)} files, {len(output.records)} partials")
    figures = {
        "events_per_s": round(visitors / read_s),
        "close_s": round(close_s, 2),
        "close_mb": round(close_mb),
        "recover_per_s": round(visitors / recover_s),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
