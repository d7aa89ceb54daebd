"""What a stage needs of keys, as ports: the store and the KMS stand behind them."""

from typing import Protocol


class VisitorKey(Protocol):
    """One site's day key, ready to use."""

    def token(self, fields: bytes) -> bytes:
        """Return key id (4 bytes) followed by the PRF (16 bytes) of length-prefixed, kind-tagged fields."""


class VisitorKeys(Protocol):
    """The live day keys. Only declared sites, yesterday to tomorrow (design: Keys)."""

    def get(self, site: str, day: int) -> VisitorKey | None:
        """Return the key of a site's UTC day, or None: destroyed, or never to be made."""


class Sealer(Protocol):
    """Seals bytes to one recipient; one fresh key for each batch."""

    def seal(self, content: bytes, associated_data: bytes) -> tuple[bytes, bytes]:
        """Return (sealed key, ciphertext)."""

    def next_batch(self) -> None:
        """Take a fresh key for what follows."""
