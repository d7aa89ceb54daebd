"""A compiled Hyperscan database on disk: made once, shared by processes, made anew where it is not what it was.

A file's name is the digest of all that it depends on (patterns, flags, Hyperscan's version and the processor's
features), its first bytes are the digest of the rest. Two builders: the second waits for the first's file.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import hyperscan

_DIGEST = hashlib.sha256().digest_size
Build = Callable[[], hyperscan.Database]


def stored(folder: Path, key: Sequence[object], build: Build) -> hyperscan.Database:
    """Return the database of this key: from the folder, or built and put there."""
    path = folder / f"{_name(key)}.hs"
    found = _load(path)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(path.with_suffix(".lock")):
        found = _load(path)  # another process may have been faster
        if found is None:
            found = build()
            _save(path, hyperscan.dumpb(found))
    return found


def is_stored(folder: Path, key: Sequence[object]) -> bool:
    """Tell whether there is a file of this key, without reading it."""
    return (folder / f"{_name(key)}.hs").is_file()


def _name(key: Sequence[object]) -> str:
    smallest = hyperscan.Database()
    smallest.compile(expressions=[b"a"], ids=[0], flags=[0])
    machine = str(smallest.info())  # Hyperscan's version, and the features of this processor
    return hashlib.sha256(json.dumps([machine, *key]).encode()).hexdigest()[:32]


def _load(path: Path) -> hyperscan.Database | None:
    """Return the database of a file; None where there is none, or it is broken or of another machine."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    body = content[_DIGEST:]
    if hashlib.sha256(body).digest() != content[:_DIGEST]:
        return None
    try:
        database = hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
    except hyperscan.error:  # of another version or processor
        return None
    database.scratch = hyperscan.Scratch(database)
    return database


def _save(path: Path, body: bytes) -> None:
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.write_bytes(hashlib.sha256(body).digest() + body)
    temporary.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
