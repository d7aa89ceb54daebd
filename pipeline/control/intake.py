"""Bytes of a record of `partials` -> Partial | Rejected. What cannot be read is a value, not an exception."""

from collections.abc import Callable, Container
from typing import NamedTuple

import msgspec

from pipeline.kafka.codec import Decoded
from pipeline.model import Partial, Rejected


class Received(NamedTuple):
    """A record and its place."""

    topic: str
    partition: int
    offset: int
    time_ms: int
    value: bytes


def read_partial(
    value: bytes, decode: Callable[[bytes], Decoded | Rejected], datasets: Container[str]
) -> Partial | Rejected:
    """Read a partial of one of the datasets. `decode` is the codec's."""
    decoded = decode(value)
    if isinstance(decoded, Rejected):
        return decoded
    if decoded.schema != "partials":
        return Rejected("not-a-partial")
    try:
        partial = msgspec.convert(decoded.content, Partial)
    except msgspec.ValidationError:
        return Rejected("not-a-partial")
    numbered = 0 <= partial.partition < partial.partitions and 0 <= partial.chunk < partial.chunks
    if not numbered or partial.window_start >= partial.window_end:
        return Rejected("not-a-partial")
    if partial.dataset not in datasets:
        return Rejected("unknown-dataset")
    return partial
