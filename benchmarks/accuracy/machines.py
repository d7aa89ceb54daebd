"""What machines write: addresses of documentation ranges, random identifiers, keys in their providers' forms."""

import base64
import json
import string
from ipaddress import IPv6Address
from random import Random
from uuid import UUID

from .people import email, password, user_name

_HEX = "0123456789abcdef"
_ALNUM = string.ascii_letters + string.digits
_URL64 = _ALNUM + "-_"
_UPPER = string.ascii_uppercase + string.digits


def _of(rng: Random, alphabet: str, number: int) -> str:
    return "".join(rng.choices(alphabet, k=number))


def ipv4(rng: Random) -> str:
    """Return an address of RFC 5737."""
    return f"{rng.choice(('192.0.2', '198.51.100', '203.0.113'))}.{rng.randrange(1, 255)}"


def ipv6(rng: Random) -> str:
    """Return an address of RFC 3849, short or in full."""
    address = IPv6Address((0x20010DB8 << 96) | rng.getrandbits(rng.choice((16, 64, 96))))
    return rng.choice((str(address), address.exploded))


def ipv6_mapped(rng: Random) -> str:
    """Return an IPv4 address as a socket of IPv6 shows it."""
    return f"::ffff:{ipv4(rng)}"


def mac(rng: Random) -> str:
    """Return a hardware address of RFC 9542, section 2.1.2."""
    octets = ("00", "00", "5e", "00", "53", f"{rng.randrange(256):02x}")
    text = rng.choice(":-").join(octets)
    return rng.choice((text, text.upper()))


def uuid(rng: Random) -> str:
    """Return a random UUID."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def uuid_upper(rng: Random) -> str:
    """Return one as Apple's phones write it."""
    return uuid(rng).upper()


def session_hex(rng: Random) -> str:
    """Return 32 or 40 hexadecimal digits."""
    return _of(rng, _HEX, rng.choice((32, 40)))


def session(rng: Random) -> str:
    """Return a session's id as PHP's and Java's servers write them."""
    lower = string.ascii_lowercase + string.digits
    return rng.choice((_of(rng, lower, 26), _of(rng, _HEX.upper(), 32)))


def reset_token(rng: Random) -> str:
    """Return a token of a link to reset a password: letters and digits, mixed."""
    return f"{_of(rng, _ALNUM, 12)}A7b{_of(rng, _ALNUM, 12)}"


def jwt(rng: Random) -> str:
    """Return header, claims and signature of RFC 7519."""
    claims = {"sub": str(rng.randrange(10**6)), "email": email(rng), "iat": 1_700_000_000 + rng.randrange(10**7)}
    return f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}.{url64(rng.randbytes(32))}"


def _part(content: dict[str, object]) -> str:
    return url64(json.dumps(content, separators=(",", ":")).encode())


def url64(content: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def api_key(rng: Random) -> str:
    """Return a key in the form of one of the usual providers."""
    return rng.choice(
        (
            "AKIA" + _of(rng, _UPPER, 16),
            "ghp_" + _of(rng, _ALNUM, 36),
            "glpat-" + _of(rng, _URL64, 20),
            f"xoxb-{rng.randrange(10**11, 10**12)}-{_of(rng, _ALNUM, 24)}",
            rng.choice(("sk_live_", "sk_test_", "rk_live_")) + _of(rng, _ALNUM, 24),
            "AIza" + _of(rng, _ALNUM, 35),
            f"SG.{_of(rng, _ALNUM, 22)}.{_of(rng, _ALNUM, 43)}",
            "npm_" + _of(rng, _ALNUM, 36),
            "sk-proj-" + _of(rng, _ALNUM, 40) + "7",
            "AC" + _of(rng, _HEX, 32),
        )
    )


def basic_auth(rng: Random) -> str:
    """Return the credentials of RFC 7617, as the header has them behind `Basic`."""
    return base64.b64encode(f"{user_name(rng)}:{password(rng)}".encode()).decode()


def gclid(rng: Random) -> str:
    """Return Google's click id."""
    return f"{rng.choice(('Cj0KCQjw', 'EAIaIQob', 'CjwKCAjw'))}{_of(rng, _URL64, rng.randrange(40, 80))}_wcB"


def fbclid(rng: Random) -> str:
    """Return Facebook's click id."""
    return f"{rng.choice(('IwAR', 'IwZXh0bgNhZW0'))}{_of(rng, _URL64, 52)}9x"


def mc_eid(rng: Random) -> str:
    """Return Mailchimp's number of a subscriber."""
    return _of(rng, _HEX, 9) + rng.choice("0123456789")


def ga_client(rng: Random) -> str:
    """Return Google Analytics' number of a browser and the second of its first visit."""
    return f"{rng.randrange(10**8, 2 * 10**9)}.{1_600_000_000 + rng.randrange(10**8)}"
