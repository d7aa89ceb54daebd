"""Day keys: one PRF key for each site and UTC day; when they may exist, and when they must be gone.

With the key destroyed nobody, we included, can tell who a visitor was or link two days (policy 14, Do Not
Track; 12). All primitives are Google Tink's; a token is key id (4 bytes), then PRF (16 bytes).
"""

import secrets

import tink
from tink import prf, secret_key_access

from pipeline.model import DAY_MS, utc_day

KEY_ID_BYTES = 4
PRF_BYTES = 16
DAYS_PER_EPOCH = 2  # 48 hours

prf.register()


def live_days(now_ms: int) -> range:
    """Return the UTC days that may have a key: yesterday to tomorrow."""
    today = utc_day(now_ms)
    return range(today - 1, today + 2)


def expires_ms(day: int) -> int:
    """Return when a day's key must be gone: 24 hours after its UTC day ends."""
    return (day + 2) * DAY_MS


def epoch_of(day: int) -> str:
    """Return the KMS epoch whose key wraps this day's key."""
    return f"day-{day // DAYS_PER_EPOCH}"


def epoch_expires_ms(day: int) -> int:
    """Return when the epoch of this day has nothing left to unwrap."""
    return expires_ms((day // DAYS_PER_EPOCH + 1) * DAYS_PER_EPOCH - 1)


def new_key_id() -> bytes:
    """Return a random key id."""
    return secrets.token_bytes(KEY_ID_BYTES)


def new_keyset() -> bytes:
    """Return a fresh PRF keyset in the clear: for wrapping at once, and for nothing else."""
    handle = tink.new_keyset_handle(prf.prf_key_templates.HMAC_SHA256)
    return bytes(tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


class DayKey:
    """A day key in memory; implements `pipeline.protect.ports.VisitorKey`."""

    __slots__ = ("_compute", "_key_id")

    def __init__(self, key_id: bytes, keyset: bytes) -> None:
        self._key_id = key_id
        handle = tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
        self._compute = handle.primitive(prf.PrfSet).primary().compute

    def __repr__(self) -> str:
        return f"<DayKey {self._key_id.hex()}>"

    def token(self, fields: bytes) -> bytes:
        """Return the token of `pipeline.protect.tokens` fields, 20 bytes."""
        token: bytes = self._key_id + self._compute(fields, PRF_BYTES)
        return token


class EphemeralVisitorKeys:
    """Throw-away keys in memory, for any site and day: they end with the process (`scrub`)."""

    def __init__(self) -> None:
        self._keys: dict[tuple[str, int], DayKey] = {}

    def get(self, site: str, day: int) -> DayKey:
        """Return the key of a site's day, made when first asked for."""
        if (site, day) not in self._keys:
            self._keys[site, day] = DayKey(new_key_id(), new_keyset())
        return self._keys[site, day]
