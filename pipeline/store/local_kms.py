"""The KMS of a laptop: one Tink keyset file an epoch, mode 0600, in a folder of mode 0700.

A company uses its cloud's KMS or Vault behind the same port (`pipeline.protect.ports.Kms`). Destroying an epoch
overwrites and unlinks its file; on a copy-on-write or flash disk the old blocks may outlive that, which is why
this is for laptops. The tombstone file keeps an epoch from being made again.
"""

import os
import secrets
from pathlib import Path

import tink
from tink import aead, secret_key_access

from pipeline.errors import ConfigError

aead.register()


class LocalKms:
    """Implements `pipeline.protect.ports.Kms` with files."""

    def __init__(self, directory: Path) -> None:
        """Open or make the folder; `ConfigError` if others may read it or one of its keys."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        loose = [path for path in (directory, *directory.glob("*.json")) if path.stat().st_mode & 0o077]
        if loose:
            raise ConfigError([f"{path}: others may read it; chmod go-rwx" for path in loose])
        self._directory = directory

    def wrap(self, epoch: str, key: bytes, associated_data: bytes) -> bytes | None:
        """Return the key encrypted under the epoch's key, made if it is new; None if that was destroyed."""
        cipher = self._open(epoch, make=True)
        return None if cipher is None else bytes(cipher.encrypt(key, associated_data))

    def unwrap(self, epoch: str, wrapped: bytes, associated_data: bytes) -> bytes | None:
        """Return the key; None if the epoch's key is gone or the wrapped bytes are not what was wrapped."""
        cipher = self._open(epoch, make=False)
        try:
            return None if cipher is None else bytes(cipher.decrypt(wrapped, associated_data))
        except tink.TinkError:
            return None

    def destroy(self, epoch: str) -> None:
        """Destroy the epoch's key for good; may be called again, so that a crash in between leaves nothing."""
        if not self._is_destroyed(epoch):  # its date stays that of the first time
            self._tombstone(epoch).touch(mode=0o600)  # first, so that nobody makes the key again meanwhile
            self._sync()
        path = self._keyset(epoch)
        try:
            with path.open("r+b", buffering=0) as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._sync()

    def _open(self, epoch: str, *, make: bool) -> aead.Aead | None:
        path = self._keyset(epoch)
        if make and not path.exists() and not self._is_destroyed(epoch):
            self._create(path)
        try:
            text = path.read_text()
            found = tink.json_proto_keyset_format.parse(text, secret_key_access.TOKEN).primitive(aead.Aead)
        except FileNotFoundError:
            return None
        except (UnicodeDecodeError, tink.TinkError):
            if self._is_destroyed(epoch):  # overwritten at this moment
                return None
            raise ConfigError([f"{path}: not a keyset"]) from None
        # Looked at last: whoever destroyed the epoch since then has left a tombstone first.
        return None if self._is_destroyed(epoch) else found

    def _create(self, path: Path) -> None:
        """Make the file whole or not at all; of two creators the first one's key is used by both."""
        handle = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
        draft = path.with_name(f".{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        self._sync()

    def _sync(self) -> None:
        """Make what was created and unlinked outlast a power cut."""
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _is_destroyed(self, epoch: str) -> bool:
        return self._tombstone(epoch).exists()

    def _keyset(self, epoch: str) -> Path:
        return self._directory / f"{epoch}.json"

    def _tombstone(self, epoch: str) -> Path:
        return self._directory / f"{epoch}.destroyed"
