"""An internet address: text -> packed bytes (4 or 16, network order), or None. An IPv4-mapped one is IPv4.

Personal data of section 4.4; text forms: RFC 4291 and 5952.
"""

import socket

_MAPPED = b"\0" * 10 + b"\xff\xff"  # RFC 4291, 2.5.5.2


def pack(text: str) -> bytes | None:
    """Return the packed address; strict: no names, no zones, no ports, no shortened IPv4."""
    try:
        if ":" not in text:
            return socket.inet_pton(socket.AF_INET, text)
        packed = socket.inet_pton(socket.AF_INET6, text)
    except (OSError, ValueError):
        return None
    return packed[12:] if packed.startswith(_MAPPED) else packed


def canonical(packed: bytes) -> bytes:
    """Return the one text form of a packed address (RFC 5952), so that no spelling makes a second visitor."""
    family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
    return socket.inet_ntop(family, packed).encode()
