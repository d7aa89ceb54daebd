"""An aggregate stage on lists, and the plain truth that it is held to."""

import io
from collections import Counter, defaultdict

import fastavro
import msgspec

from pipeline.model import Batch, Committed, ContainerHeader, Partial, Partition
from pipeline.model.time import HOUR_MS
from pipeline.stages.aggregate import Aggregate
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize_avro import encode_bytes, encode_long, encode_string
from pipeline.stages.sanitize_visits import ContainerWriter
from tests.records import FakeRecord
from tests.sanitizing import NOW, POLICY, VISIT, FakeSealer

WRITER = ContainerWriter(VISIT)
DAY_START = NOW // 86_400_000 * 86_400_000
FIRST = DAY_START - 86_400_000  # where the windows of a new deployment begin
DATASET = POLICY.datasets[0]


def visit(visitor=1, *, time=DAY_START, page="/", prefix=None, country="SE", device="desktop", site="demo.example"):
    """Encode a visit."""
    token = visitor.to_bytes(20, "big")
    return b"".join(
        (
            encode_string(site),
            encode_bytes(token),
            encode_bytes((prefix if prefix is not None else visitor).to_bytes(20, "big")),
            encode_string(page),
            encode_string(country),
            encode_string(device),
            encode_long(time),
        )
    )


def container(visits, watermark, *, raw=1, policy=POLICY.stamp, watermarks=None):
    """Pack visits; `watermark` is that of raw partition 0, or `watermarks` those of several."""
    named = {"raw.weblog/0": watermark} if watermarks is None else watermarks
    current = WRITER.header(ContainerHeader({"raw.weblog": raw}, named, policy))
    (packed,) = WRITER.containers(visits, current, current)
    return packed


def stage(partitions=1, policy=POLICY):
    letters = Quarantine(
        FakeSealer(),
        lambda letter: repr(letter["reason"]).encode(),
        policy.stamp,
        topic="quarantine.aggregate",
    )
    return Aggregate(
        policy=policy,
        visit_schema=VISIT,
        visits_partitions=partitions,
        encode_partial=msgspec.msgpack.encode,
        quarantine=letters,
    )


class Log:
    """One visits partition and its group: gives the stage batches, keeps what it commits."""

    def __init__(self, contents, *, policy=POLICY):
        self.records = [
            FakeRecord(content, topic="visits", partition=0, offset=offset, time_ms=NOW + 10 * 86_400_000)
            for offset, content in enumerate(contents)
        ]
        self.policy = policy
        self.committed = Committed(0, "")
        self.partials: list[Partial] = []
        self.letters = []
        self.counts: Counter = Counter()

    def run(self, batches, *, stop_after=None, now=NOW):
        """Start a worker at the commit and give it batches of these sizes; die before committing `stop_after`."""
        worker = stage(policy=self.policy)
        worker.assigned({Partition("visits", 0): self.committed})
        at = self.committed.offset
        for number, size in enumerate(batches):
            batch = self.records[at : at + size]
            at += len(batch)
            output = worker.process(Batch(batch, now + number * 10_000, frozenset()))
            if number == stop_after:
                return
            self.counts.update(output.counts)
            for topic, value, *_ in output.records:
                if topic == "partials":
                    self.partials.append(msgspec.msgpack.decode(value, type=Partial))
                else:
                    self.letters.append(value)
            for position in output.offsets:
                assert len(position.metadata) <= 4095
                self.committed = Committed(position.offset, position.metadata)


def truth(contents):
    """Count cells by window, without bounds: dimensions -> (visitor -> views), in plain Python."""
    windows: dict[int, dict] = defaultdict(lambda: defaultdict(Counter))
    closed, late = FIRST, 0
    for content in contents:
        reader = fastavro.reader(io.BytesIO(content))
        for row in reader:
            time = int(row["time"].timestamp() * 1000)
            if time < closed:
                late += 1
                continue
            cell = row["site"], row["page"], row["country"], row["device_class"]
            windows[time // HOUR_MS * HOUR_MS][cell][row["visitor"]] += 1
        header = msgspec.json.decode(reader.metadata["pipeline.header"], type=ContainerHeader)
        closed = max(closed, header.watermarks["raw.weblog/0"] // HOUR_MS * HOUR_MS)
    return {start: cells for start, cells in windows.items() if start < closed}, closed, late
