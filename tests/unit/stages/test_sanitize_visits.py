"""Containers: any Avro reader opens them."""

import io
import json

import fastavro
import polars as pl

from pipeline.model import ContainerHeader
from pipeline.stages.sanitize_visits import MAX_BLOCK, ContainerWriter
from tests.sanitizing import VISIT

WRITER = ContainerWriter(VISIT)
BEFORE = WRITER.header(ContainerHeader({"raw.weblog": 1}, {"raw.weblog/0": 1}, "v"))
NOW = WRITER.header(ContainerHeader({"raw.weblog": 1}, {"raw.weblog/0": 2}, "v"))


def visit(number: int) -> bytes:
    out = io.BytesIO()
    value = {"site": "s", "visitor": b"v" * 20, "prefix": b"p" * 20, "page": f"/{number}"}
    value |= {"country": "ZZ", "device_class": "other", "time": number}
    fastavro.schemaless_writer(out, fastavro.parse_schema(VISIT), value)
    return out.getvalue()


def test_polars_and_fastavro_read_the_same_visits():
    (container,) = WRITER.containers([visit(n) for n in range(3)], BEFORE, NOW)
    rows = list(fastavro.reader(io.BytesIO(container)))
    assert [row["page"] for row in rows] == ["/0", "/1", "/2"]
    frame = pl.read_avro(io.BytesIO(container))
    assert frame["page"].to_list() == ["/0", "/1", "/2"]
    assert frame["visitor"].to_list() == [b"v" * 20] * 3
    assert frame["time"].dtype == pl.Datetime("ms", "UTC")


def test_an_empty_container_is_a_header_without_a_block():
    (container,) = WRITER.containers([], BEFORE, NOW)
    assert container == NOW
    assert list(fastavro.reader(io.BytesIO(container))) == []
    assert pl.read_avro(io.BytesIO(container)).height == 0


def test_large_ones_are_split_and_only_the_last_says_how_far_time_is():
    """Else visits in the second would come after a watermark that was made of them."""
    count = 2 * MAX_BLOCK // len(visit(10_000)) + 1
    found = list(WRITER.containers([visit(10_000)] * count, BEFORE, NOW))
    assert len(found) == 3
    assert all(len(container) < 1_000_000 for container in found)
    readers = [fastavro.reader(io.BytesIO(container)) for container in found]
    headers = [json.loads(reader.metadata["pipeline.header"])["watermarks"] for reader in readers]
    assert headers == [{"raw.weblog/0": 1}, {"raw.weblog/0": 1}, {"raw.weblog/0": 2}]
    assert sum(len(list(reader)) for reader in readers) == count
