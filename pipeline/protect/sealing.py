"""Seals what only one recipient may read: a fresh AEAD key a batch, itself sealed to the recipient (RFC 9180).

A technical safeguard of section 12: whoever runs the pipeline cannot read what it set aside.

HPKE for each record costs 77-180 µs; a flood of bad lines must not. The sealed key travels with each record, so
each can be opened by itself.
"""

import os
from pathlib import Path

import tink
from tink import aead, hybrid, secret_key_access

from pipeline.errors import ConfigError

_CONTEXT = b"pii-pipeline batch key"
_TEMPLATE = hybrid.hybrid_key_templates.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM

aead.register()
hybrid.register()


class BatchSealer:
    """Implements `pipeline.protect.ports.Sealer` for the holder of one private keyset."""

    def __init__(self, public: tink.KeysetHandle) -> None:
        self._encrypt = public.primitive(hybrid.HybridEncrypt)
        self.next_batch()

    def next_batch(self) -> None:
        """Take a fresh key for what follows."""
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        keyset = tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
        self._sealed_key = bytes(self._encrypt.encrypt(keyset, _CONTEXT))
        self._aead = handle.primitive(aead.Aead)

    def seal(self, content: bytes, associated_data: bytes) -> tuple[bytes, bytes]:
        """Return (sealed key, ciphertext)."""
        return self._sealed_key, bytes(self._aead.encrypt(content, associated_data))


class Unsealer:
    """The recipient's side."""

    def __init__(self, private: tink.KeysetHandle) -> None:
        self._decrypt = private.primitive(hybrid.HybridDecrypt)

    def unseal(self, sealed_key: bytes, ciphertext: bytes, associated_data: bytes) -> bytes | None:
        """Return the content; None if it was not sealed to this recipient, or was changed or moved."""
        try:
            keyset = self._decrypt.decrypt(sealed_key, _CONTEXT)
            handle = tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
            return bytes(handle.primitive(aead.Aead).decrypt(ciphertext, associated_data))
        except tink.TinkError:
            return None


def create_key_pair(directory: Path) -> None:
    """Write `private.json` (0600) and `public.json`, both or neither.

    `ConfigError` where a private key stands already, or where the folder takes no file.
    """
    handle = tink.new_keyset_handle(_TEMPLATE)
    private, public = directory / "private.json", directory / "public.json"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
    except FileExistsError:
        raise ConfigError([f"{private}: exists already; it is never overwritten"]) from None
    except OSError as error:
        raise ConfigError([f"{private}: {error.strerror}"]) from None
    try:
        public.write_text(tink.json_proto_keyset_format.serialize_without_secret(handle.public_keyset_handle()))
        public.chmod(0o644)  # a container's user reads it, too
    except OSError as error:
        private.unlink()
        raise ConfigError([f"{public}: {error.strerror}"]) from None


def load_public(path: Path) -> tink.KeysetHandle:
    """Read the recipient's public keyset; `ConfigError` if there is none."""
    try:
        return tink.json_proto_keyset_format.parse_without_secret(path.read_text())
    except (OSError, UnicodeDecodeError, tink.TinkError) as error:
        raise ConfigError([f"{path}: no public keyset ({type(error).__name__})"]) from None


def load_private(path: Path) -> tink.KeysetHandle:
    """Read a private keyset; `ConfigError` if there is none, or if others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError([f"{path}: others may read it; chmod 600"])
        return tink.json_proto_keyset_format.parse(path.read_text(), secret_key_access.TOKEN)
    except (OSError, UnicodeDecodeError, tink.TinkError) as error:
        raise ConfigError([f"{path}: no private keyset ({type(error).__name__})"]) from None
