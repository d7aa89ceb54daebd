"""A sanitize stage on lists: fakes for its ports, the deployment's own policy and schemas."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import fastavro

from pipeline.model import Batch, Output, Partition
from pipeline.policy.load import load_policy
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize import QUARANTINE, Sanitize
from pipeline.stages.sanitize_build import compile_sites
from pipeline.stages.sanitize_treatments import Outputs, SiteCompiler
from pipeline.stages.sanitize_visits import ContainerWriter
from tests.detecting import detector

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
POLICY = load_policy(ROOT / "deploy" / "policy")
SOURCE = next(source for source in POLICY.sources if source.id == "weblog")
EVENT: dict[str, Any] = json.loads((ROOT / "schemas" / "events.page_view.avsc").read_text())
VISIT: dict[str, Any] = json.loads((ROOT / "schemas" / "visits.avsc").read_text())
PARSED_EVENT = fastavro.parse_schema(EVENT)
HEADER = b"\x00\x00\x00\x00\x07"
SITE = "demo.example"
RAW = "raw.weblog"
NOW = 1_467_331_200_000  # 2016-07-01T00:00:00Z, also FakeRecord's append time
TODAY = NOW // 86_400_000


class FakeKey:
    """A day key that is a hash; deterministic for (site, day)."""

    def __init__(self, site: str, day: int) -> None:
        self.seed = f"{site}|{day}|".encode()

    def token(self, fields: bytes) -> bytes:
        return b"\x00\x00\x00\x01" + hashlib.sha256(self.seed + fields).digest()[:16]


class FakeKeys:
    """Keys of yesterday to tomorrow; `destroyed` days have none."""

    def __init__(self) -> None:
        self.destroyed: set[int] = set()
        self.asked: list[tuple[str, int]] = []

    def get(self, site: str, day: int) -> FakeKey | None:
        self.asked.append((site, day))
        if day in self.destroyed or not TODAY - 1 <= day <= TODAY + 1:
            return None
        return FakeKey(site, day)


class FakeSealer:
    """Counts keys; "seals" by reversing, so that a test can look inside."""

    def __init__(self) -> None:
        self.keys = 0

    def seal(self, content: bytes, associated_data: bytes) -> tuple[bytes, bytes]:
        return str(self.keys).encode(), hashlib.sha256(content).digest() + associated_data

    def next_batch(self) -> None:
        self.keys += 1


class FakeGeo:
    """Everybody lives in Utopia."""

    def country(self, address: bytes) -> str:
        return "ZZ" if address[0] == 10 else "UT"

    def isp(self, address: bytes) -> str:
        return "EXAMPLE-NET"


@cache
def compilers() -> dict[str, SiteCompiler]:
    """Compile the policy once for all tests: it takes most of a second."""
    return compile_sites(POLICY, SOURCE, FakeGeo(), detector(), Outputs(HEADER, EVENT, VISIT, 4, 3))


class Bench:
    """A stage with its fakes; two raw partitions, three of visits, four of events."""

    def __init__(self, site: str = SITE) -> None:
        self.keys = FakeKeys()
        self.sealer = FakeSealer()
        self.letters: list[Mapping[str, Any]] = []
        self.stage = Sanitize(
            policy=POLICY,
            source=SOURCE,
            site=site,
            compilers=compilers(),
            detector=detector(),
            keys=self.keys,
            quarantine=Quarantine(self.sealer, self._letter, POLICY.stamp, topic=QUARANTINE),
            containers=ContainerWriter(VISIT),
            raw_partitions={RAW: 2},
            visits_partitions=3,
        )
        self.stage.assigned({Partition(RAW, 0): None, Partition(RAW, 1): None})

    def _letter(self, letter: Mapping[str, object]) -> bytes:
        self.letters.append(letter)
        return b"letter"

    def run(self, records: Sequence[Any], *, now: int = NOW, caught_up: Sequence[int] = ()) -> Output:
        return self.stage.process(Batch(records, now, frozenset(Partition(RAW, n) for n in caught_up)))


def events(output: Output) -> list[dict[str, Any]]:
    """Decode the events of an output."""
    found = []
    for topic, value, _, _ in output.records:
        if topic == "events.page_view" and value is not None:
            assert value.startswith(HEADER)
            found.append(fastavro.schemaless_reader(io.BytesIO(value[5:]), PARSED_EVENT, None))
    return found


def containers(output: Output) -> list[tuple[int, dict[str, Any], list[dict[str, Any]]]]:
    """Decode the containers of an output: (visits partition, header, visits)."""
    found = []
    for topic, value, _, partition in output.records:
        if topic == "visits" and value is not None:
            reader = fastavro.reader(io.BytesIO(value))
            header = json.loads(reader.metadata["pipeline.header"])
            found.append((partition, header, list(reader)))
    return found


def line(
    target: str = "/",
    *,
    address: str = "192.0.2.7",
    user: str = "-",
    time: str = "01/Jul/2016:00:00:00 +0000",
    method: str = "GET",
    status: str = "200",
    referrer: str = "-",
    agent: str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:47.0) Gecko/20100101 Firefox/47.0",
) -> bytes:
    """Return a combined log line."""
    request = f"{method} {target} HTTP/1.1"
    text = f'{address} - {user} [{time}] "{request}" {status} 512 "{referrer}" "{agent}"'
    return text.encode("utf-8", "surrogateescape")
