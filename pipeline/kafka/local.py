"""The local stack: a real Kafka broker and a real schema registry on this machine, without an installation.

`up` keeps what runs, starts what does not (on the same ports and data as before), waits until both answer and
then writes `stack.json`, which `config.py` reads. All data lies below the state folder.
"""

import base64
import fcntl
import http.client
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from pipeline.errors import TransientError
from pipeline.kafka import local_commands, servers
from pipeline.kafka.artifacts import Artifacts, Progress, fetch
from pipeline.kafka.local_commands import LOOPBACK, Ports
from pipeline.kafka.servers import Server

READY_S = 120  # measured: 4-11 s; a loaded machine takes longer


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """Where the local stack is reached; the content of `stack.json`, in the names of `config.Settings`."""

    kafka_servers: str
    registry_url: str
    store_url: str


class Servers(msgspec.Struct, frozen=True, kw_only=True):
    """The ports and processes behind a stack; the content of `servers.json`."""

    ports: Ports
    kafka: Server | None = None
    registry: Server | None = None


class ServerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One server, as `status` sees it. `address` is empty while the stack was never up."""

    name: str
    running: bool
    pid: int | None
    address: str


def silent(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


def up(state_dir: Path, *, progress: Progress = silent, kafka_port: int = 0, registry_port: int = 0) -> Stack:
    """Make the stack run and answer; a port of 0 means that of last time, else a free one.

    `TransientError`: artifacts cannot be downloaded, or a server does not come up (its log is named).
    """
    state_dir = state_dir.absolute()
    with _locked(state_dir):
        artifacts = fetch(progress)
        now = _start(state_dir, artifacts, _read(state_dir), (kafka_port, registry_port))
        progress("registry", 0, 1)
        progress("kafka", 0, 1)
        _wait("kafka", state_dir, now.kafka, lambda: _broker_answers(now.ports))
        progress("kafka", 1, 1)
        _wait("registry", state_dir, now.registry, lambda: _registry_answers(now.ports))
        progress("registry", 1, 1)
        stack = _stack(state_dir, now.ports)
        _write(state_dir / "stack.json", stack)
    return stack


def down(state_dir: Path) -> None:
    """Stop both servers cleanly; their data and ports stay for the next `up`."""
    state_dir = state_dir.absolute()
    if not state_dir.exists():
        return
    with _locked(state_dir):
        now = _read(state_dir)
        (state_dir / "stack.json").unlink(missing_ok=True)
        if now is not None:
            servers.stop([server for server in (now.registry, now.kafka) if server is not None])
            _write(state_dir / "servers.json", Servers(ports=now.ports))


def status(state_dir: Path) -> tuple[ServerStatus, ...]:
    """Say which server runs where."""
    now = _read(state_dir)
    if now is None:
        return tuple(ServerStatus(name=n, running=False, pid=None, address="") for n in ("kafka", "registry"))
    return tuple(
        ServerStatus(
            name=name,
            running=servers.is_running(server),
            pid=server.pid if server is not None and servers.is_running(server) else None,
            address=f"{LOOPBACK}:{port}",
        )
        for name, server, port in (
            ("kafka", now.kafka, now.ports.kafka),
            ("registry", now.registry, now.ports.registry),
        )
    )


def _start(state_dir: Path, artifacts: Artifacts, before: Servers | None, fixed_ports: tuple[int, int]) -> Servers:
    """Start what does not run; each process is noted before the next one, so that none is ever lost."""
    kafka = before.kafka if before and servers.is_running(before.kafka) else None
    registry = before.registry if before and servers.is_running(before.registry) else None
    if before is not None and (kafka or registry):  # the survivor, and the clients, know these ports
        ports = before.ports
    else:
        last = before.ports if before else None
        ports = local_commands.choose_ports(last, kafka=fixed_ports[0], registry=fixed_ports[1])
    logs = state_dir / "log"
    logs.mkdir(exist_ok=True)
    if registry is None:
        command = local_commands.registry(artifacts, state_dir / "registry", ports)
        registry = servers.start(command, logs / "registry.log")
        _write(state_dir / "servers.json", Servers(ports=ports, kafka=kafka, registry=registry))
    if kafka is None:
        command = local_commands.kafka(artifacts, state_dir / "kafka", ports)
        _format(artifacts, state_dir / "kafka", logs / "kafka.log")
        kafka = servers.start(command, logs / "kafka.log")
    now = Servers(ports=ports, kafka=kafka, registry=registry)
    _write(state_dir / "servers.json", now)
    return now


def new_cluster_id(random: Callable[[], uuid.UUID]) -> str:
    """Return an id as Kafka makes them, none that begins with a dash: its tool would take that for an option."""
    while True:
        cluster_id = base64.urlsafe_b64encode(random().bytes).decode().rstrip("=")
        if not cluster_id.startswith("-"):
            return cluster_id


def _format(artifacts: Artifacts, folder: Path, log: Path) -> None:
    if (folder / "data" / "meta.properties").exists():
        return
    command = local_commands.kafka_format(artifacts, folder, new_cluster_id(uuid.uuid4))
    with log.open("ab") as output:
        done = subprocess.run(command, check=False, stdout=output, stderr=output, env={})  # noqa: S603  # ours
    if done.returncode:
        said = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise TransientError(f"kafka's data folder could not be made; the log: {log}, which ends: {' | '.join(said)}")


def _wait(name: str, state_dir: Path, server: Server | None, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_S
    log = state_dir / "log" / f"{name}.log"
    while not answers():
        if not servers.is_running(server):
            raise TransientError(f"{name} ended while it started; its log: {log}")
        if time.monotonic() > deadline:
            raise TransientError(f"{name} does not answer after {READY_S} s; its log: {log}")
        time.sleep(0.1)


def _broker_answers(ports: Ports) -> bool:
    try:
        socket.create_connection((LOOPBACK, ports.kafka), 0.5).close()
        admin = AdminClient({"bootstrap.servers": f"{LOOPBACK}:{ports.kafka}", "log_level": 0})
        return bool(admin.list_topics(timeout=5).brokers)
    except (OSError, KafkaException):
        return False


def _registry_answers(ports: Ports) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, ports.management, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stack(state_dir: Path, ports: Ports) -> Stack:
    return Stack(
        kafka_servers=f"{LOOPBACK}:{ports.kafka}",
        registry_url=f"http://{LOOPBACK}:{ports.registry}/apis/ccompat/v7",
        store_url=f"sqlite:///{state_dir / 'store.db'}",
    )


@contextmanager
def _locked(state_dir: Path) -> Iterator[None]:
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)  # raw lines and keys are in it
    with (state_dir / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(state_dir: Path) -> Servers | None:
    try:
        return msgspec.json.decode((state_dir / "servers.json").read_bytes(), type=Servers)
    except FileNotFoundError:
        return None


def _write(file: Path, content: msgspec.Struct) -> None:
    """Write whole or not at all: a reader never sees half a file."""
    partial = file.with_name(file.name + ".partial")
    partial.write_bytes(msgspec.json.encode(content))
    partial.replace(file)
