"""What a visitor token is a PRF of: fields, length-prefixed and kind-tagged; no two inputs encode alike (policy 14b).

A visitor is an address and a user agent (design: Keys and tokens); an address prefix is the /24 of an IPv4 or
the /48 of an IPv6 address, the usual sizes of one subscriber's or one office's network (RFC 6177).
"""

import struct

VISITOR = b"v"
PREFIX = b"p"
IDENTIFIER = b"i"
_6TO4 = b"\x20\x02"  # 2002::/16 holds an IPv4 address in its next 4 bytes (RFC 3056): one host is a /48
_length = struct.Struct(">I").pack
_IPV4_PREFIX = PREFIX + _length(3)
_IPV6_PREFIX = PREFIX + _length(6)


def encode(kind: bytes, *fields: bytes) -> bytes:
    """Return kind (1 byte), then each field behind its length (4 bytes, big-endian). Injective."""
    return kind + b"".join([_length(len(field)) + field for field in fields])


def visitor_input(address: bytes, user_agent: bytes) -> bytes:
    """Return the PRF input of a visitor: canonical address text and raw user agent."""
    return VISITOR + _length(len(address)) + address + _length(len(user_agent)) + user_agent


def prefix_input(packed: bytes) -> bytes:
    """Return the PRF input of a packed address' prefix: 3 bytes (IPv4 /24) or 6 bytes (IPv6 /48)."""
    if len(packed) == 4:
        return _IPV4_PREFIX + packed[:3]
    if packed.startswith(_6TO4):
        return _IPV4_PREFIX + packed[2:5]
    return _IPV6_PREFIX + packed[:6]


def identifier_input(entity: str, normalized: str) -> bytes:
    """Return the PRF input of an identifier in a visitor's event: its entity and its normal form."""
    return encode(IDENTIFIER, entity.encode(), normalized.encode("utf-8", "replace"))
