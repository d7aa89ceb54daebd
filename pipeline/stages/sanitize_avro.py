"""Avro's binary encoding of the few types that events use (Avro specification 1.12, "Binary Encoding").

A record is the concatenation of its fields' encodings: that is why a field can be encoded once and joined
often.
"""

from collections.abc import Callable
from functools import lru_cache

Value = str | bytes | int | bool


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


ENCODERS: dict[str, Callable[..., bytes]] = {
    "string": encode_string,
    "bytes": encode_bytes,
    "int": encode_long,
    "long": encode_long,
    "boolean": encode_boolean,
}
