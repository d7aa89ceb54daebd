"""Visits -> Avro object container files (so named in the Avro specification), one a record of the topic.

The block is the join of visits that are encoded already; the file's metadata carries the header that says how
far event time has come. Codec null: Kafka compresses the batch.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from pipeline.model import ContainerHeader
from pipeline.model.visit import CONTAINER_HEADER_KEY
from pipeline.stages.sanitize_avro import encode_bytes, encode_long, encode_string

MAX_BLOCK = 900_000
"""Bytes; the broker's limit for a record is 1 MB."""
_MAGIC = b"Obj\x01"
_SYNC = b"pii-pipeline/vis"  # 16 bytes; a constant will do, for a record is never split at markers


class ContainerWriter:
    """Writes containers of one schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = json.dumps(_bare(schema), separators=(",", ":")).encode()
        self._start = b"".join(
            (
                _MAGIC,
                encode_long(3),  # entries of the metadata map
                encode_string("avro.schema"),
                encode_bytes(self.schema),
                encode_string("avro.codec"),
                encode_bytes(b"null"),
                encode_string(CONTAINER_HEADER_KEY),
            )
        )

    def header(self, header: ContainerHeader) -> bytes:
        """Encode the file's header; the same for all containers that carry it."""
        return self._start + encode_bytes(msgspec.json.encode(header)) + b"\x00" + _SYNC

    def containers(self, visits: Sequence[bytes], previous: bytes, current: bytes) -> Iterator[bytes]:
        """Pack encoded visits under an encoded header; at least one container, without a block if empty.

        Where they fill several, only the last says how far time is now: else the visits of the second would
        come after a watermark that was made of them.
        """
        if not visits:
            yield current
            return
        blocks = list(_blocks(visits))
        for number, block in enumerate(blocks, 1):
            body = b"".join(block)
            yield b"".join(
                (
                    current if number == len(blocks) else previous,
                    encode_long(len(block)),
                    encode_bytes(body),
                    _SYNC,
                )
            )


def _blocks(visits: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    if sum(map(len, visits)) <= MAX_BLOCK:
        yield visits
        return
    block: list[bytes] = []
    size = 0
    for visit in visits:
        if size + len(visit) > MAX_BLOCK:
            yield block
            block, size = [], 0
        block.append(visit)
        size += len(visit)
    yield block


def _bare(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Leave the documentation out: it would be the larger part of a small container."""
    fields = [{"name": field["name"], "type": field["type"]} for field in schema["fields"]]
    return {"type": "record", "name": schema["name"], "namespace": schema["namespace"], "fields": fields}
