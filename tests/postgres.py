"""A PostgreSQL server of this session's own, from Debian's package: in a temporary folder, on a Unix socket.

The package is installed where it is missing and may be (root, apt). Where it cannot be, the tests that ask for
the server are skipped and say why. A server refuses to run as root, so root lends it the account `postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

ACCOUNT = "postgres"
READY_S = 30
INSTALL = (
    "apt-get -q update",
    # Another session may be installing at this moment: wait for its lock.
    "apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends postgresql",
)


class Server:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{ACCOUNT}@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty database; return its URL."""
        name = f"t{uuid.uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def connect(self) -> psycopg.Connection:
        """Connect to the database that always exists."""
        return psycopg.connect(host=str(self._folder), user=ACCOUNT, dbname="postgres", autocommit=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Give a server; stopped, and its folder deleted, at the end of the session."""
    programs = _programs()
    account = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path has 107 bytes at most
    if account:
        os.chown(folder, pwd.getpwnam(ACCOUNT).pw_uid, pwd.getpwnam(ACCOUNT).pw_gid)
    data = folder / "data"
    try:
        made = [programs / "initdb", "-D", data, "-U", ACCOUNT, "--auth=trust", "--no-sync", "--encoding=UTF8"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **account)
        speed = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
        command = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *speed]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **account)
        try:
            server = Server(folder)
            _wait(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # ends open sessions, too
            process.wait(30)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """Return the folder of initdb and postgres, installed now if need be; skip where that fails."""
    if (found := _find()) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in INSTALL:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            subprocess.run(command.split(), check=False, capture_output=True, env=environment)
        found = _find()
    if found is None:
        pytest.skip("PostgreSQL is not installed and cannot be: apt-get install postgresql")
    return found


def _find() -> Path | None:
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return debian[-1].parent if debian else None


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            return server.connect().close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
