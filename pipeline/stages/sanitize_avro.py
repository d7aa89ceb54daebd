"""Avro's binary encoding of the few types that events use (Avro specification 1.12, "Binary Encoding").

A record is the concatenation of its fields' encodings: that is why a field can be encoded once and joined
often.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

Value = str | bytes | int | bool | Sequence["Item"]
Item = tuple[str | bytes | int, ...]
"""A record inside an array: its fields in order."""


def encode_long(number: int) -> bytes:
    """Encode an int or long: zig-zag, then seven bits a byte, the lowest first. 64 bits."""
    zigzag = (number << 1) ^ (number >> 63)
    out = bytearray()
    while zigzag > 0x7F:
        out.append(zigzag & 0x7F | 0x80)
        zigzag >>= 7
    out.append(zigzag)
    return bytes(out)


_LENGTHS = [encode_long(length) for length in range(256)]


def encode_bytes(content: bytes) -> bytes:
    """Encode bytes: length, content."""
    length = len(content)
    return (_LENGTHS[length] if length < 256 else encode_long(length)) + content


@lru_cache(8192)  # of treated values only: words, countries, providers
def encode_string(text: str) -> bytes:
    """Encode a string as UTF-8."""
    return encode_bytes(text.encode())


def encode_boolean(truth: bool) -> bytes:
    """Encode a boolean as one byte."""
    return b"\x01" if truth else b"\x00"


def encode_array(items: Sequence[Item]) -> bytes:
    """Encode an array of records of strings, bytes and ints: one block, then the end."""
    if not items:
        return b"\x00"
    fields = [_ITEM_ENCODERS[type(value)](value) for item in items for value in item]
    return b"".join([encode_long(len(items)), *fields, b"\x00"])


_ITEM_ENCODERS: dict[type, Callable[..., bytes]] = {str: encode_string, bytes: encode_bytes, int: encode_long}
ENCODERS: dict[str, Callable[..., bytes]] = {
    "string": encode_string,
    "bytes": encode_bytes,
    "int": encode_long,
    "long": encode_long,
    "boolean": encode_boolean,
    "array": encode_array,
}
