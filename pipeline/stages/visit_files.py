"""Reads `visits` records: Avro object container files with a header of ours in the metadata.

Small files are not parsed one by one: the blocks of many, all of one schema, are joined into one file.
"""

import io
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import polars as pl
import polars.selectors as cs

from pipeline.model import ContainerHeader
from pipeline.model.visit import CONTAINER_HEADER_KEY
from pipeline.stages.sanitize_visits import ContainerWriter

_MAGIC = b"Obj\x01"
_SYNC_BYTES = 16
TOKEN_KEY_ID_BYTES = 4
TOKEN_PRF_BYTES = 16
"""A token is key id, then PRF. The PRF alone tells visitors apart: two agree by chance once in 2^128."""
_header = msgspec.json.Decoder(ContainerHeader)


MAX_AHEAD_MS = 26 * 3_600_000
"""No visit and no watermark is later than its record by more: sanitize lets an end-of-input say 25 hours."""
MAX_PARTITIONS = 10_000


class VisitFile(NamedTuple):
    """One file: its header, the number of its visits, and its blocks (count, size, visits; without sync)."""

    header: ContainerHeader
    visits: int
    blocks: tuple[bytes, ...]
    latest_ms: int  # no visit in it may be later

    def __repr__(self) -> str:
        return f"VisitFile({self.visits} visits)"


class VisitReader:
    """Reads files of one schema, about known raw topics; others are refused."""

    def __init__(self, schema: Mapping[str, Any], raw_topics: Collection[str]) -> None:
        writer = ContainerWriter(schema)
        self._raw_topics = frozenset(raw_topics)
        self._schema = writer.schema
        self._start = writer.header(ContainerHeader({}, {}, ""))
        self._empty = self._frame(self._start).clear()

    def parse(self, content: bytes, append_ms: int) -> VisitFile | None:
        """Take a file apart; None if it is none, not of this schema, or claims what no honest one does."""
        latest_ms = append_ms + MAX_AHEAD_MS
        try:
            metadata, start = _metadata(content)
            if metadata.get("avro.codec", b"null") != b"null" or not self._is_ours(metadata["avro.schema"]):
                return None
            header = _header.decode(metadata[CONTAINER_HEADER_KEY])
            sync = content[start : start + _SYNC_BYTES]
            counts, blocks = _blocks(content, start + _SYNC_BYTES, sync)
        except (IndexError, KeyError, ValueError, RecursionError, msgspec.DecodeError):
            return None
        if len(sync) != _SYNC_BYTES or not self._is_plausible(header, latest_ms):
            return None
        return VisitFile(header, sum(counts), tuple(blocks), latest_ms)

    def frame(self, files: Sequence[VisitFile]) -> pl.DataFrame | None:
        """Return the visits of files; None if one does not hold what it says."""
        sync = self._start[-_SYNC_BYTES:]
        try:
            frame = self._frame(self._start + b"".join([block + sync for file in files for block in file.blocks]))
        except BaseException as error:  # Polars panics on bad bytes, outside of Exception
            if isinstance(error, Exception) or type(error).__name__ == "PanicException":
                return None
            raise
        if frame.height != sum(file.visits for file in files) or any(column.has_nulls() for column in frame):
            return None
        latest_ms = min((file.latest_ms for file in files), default=0)
        timely = not frame.height or (frame["time"].min() >= 0 and frame["time"].max() <= latest_ms)  # type: ignore[operator]  # an Int64 column
        return frame if timely else None

    def empty(self) -> pl.DataFrame:
        """Return no visits, with all columns."""
        return self._empty

    def _frame(self, content: bytes) -> pl.DataFrame:
        """Parse; tokens become the 128-bit numbers that the PRF gave, words become codes: 56 bytes a visit."""
        tokens = pl.col("visitor", "prefix").bin.slice(TOKEN_KEY_ID_BYTES, TOKEN_PRF_BYTES)
        return pl.read_avro(io.BytesIO(content)).with_columns(
            tokens.bin.reinterpret(dtype=pl.Int128, endianness="little"),
            cs.string().cast(pl.Categorical),
            pl.col("time").cast(pl.Int64),
        )

    def _is_plausible(self, header: ContainerHeader, latest_ms: int) -> bool:
        """Believe no header that would hold back all windows, or close those that are to come."""
        counts = header.partitions
        if not counts.keys() <= self._raw_topics or not all(0 < count <= MAX_PARTITIONS for count in counts.values()):
            return False
        for name, time in header.watermarks.items():
            topic, _, number = name.rpartition("/")
            if not (number.isascii() and number.isdecimal() and int(number) < counts.get(topic, 0)):
                return False
            if time is not None and not 0 <= time <= latest_ms:
                return False
        return True

    def _is_ours(self, schema: bytes) -> bool:
        return schema == self._schema or json.loads(schema) == json.loads(self._schema)


def _metadata(content: bytes) -> tuple[dict[str, bytes], int]:
    """Return the file's metadata and where the sync marker starts (Avro specification, object container files)."""
    if content[:4] != _MAGIC:
        raise ValueError
    metadata: dict[str, bytes] = {}
    count, at = _long(content, 4)
    while count:
        if count < 0:  # the block's size in bytes follows
            count, (_, at) = -count, _long(content, at)
        for _ in range(count):
            key, at = _bytes(content, at)
            metadata[key.decode()], at = _bytes(content, at)
        count, at = _long(content, at)
    return metadata, at


def _blocks(content: bytes, at: int, sync: bytes) -> tuple[list[int], list[bytes]]:
    counts, blocks = [], []
    while at < len(content):
        start = at
        count, at = _long(content, at)
        body, at = _bytes(content, at)
        if count < 0 or count > len(body) or content[at : at + _SYNC_BYTES] != sync:
            raise ValueError
        counts.append(count)
        blocks.append(content[start:at])
        at += _SYNC_BYTES
    return counts, blocks


def _bytes(content: bytes, at: int) -> tuple[bytes, int]:
    size, at = _long(content, at)
    if size < 0 or at + size > len(content):
        raise ValueError
    return content[at : at + size], at + size


def _long(content: bytes, at: int) -> tuple[int, int]:
    """Decode a zig-zag variable-length integer."""
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1), at
        shift += 7
        if shift > 63:
            raise ValueError
