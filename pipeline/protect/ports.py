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


class Kms(Protocol):
    """A key management service: it wraps keys under epoch keys of its own, and destroys these."""

    def wrap(self, epoch: str, key: bytes, associated_data: bytes) -> bytes | None:
        """Return the key encrypted under the epoch's key, made if it is new; None if that was destroyed."""

    def unwrap(self, epoch: str, wrapped: bytes, associated_data: bytes) -> bytes | None:
        """Return the key; None if the epoch's key is gone or the wrapped bytes are not what was wrapped."""

    def destroy(self, epoch: str) -> None:
        """Destroy the epoch's key for good: it is never made again."""
