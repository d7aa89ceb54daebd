"""A server process that outlives the command which started it: start, recognize, stop.

A pid alone may have been given to another process since. So a server is (pid, start time), read from /proc,
and nothing is ever signaled that does not match both.
"""

import contextlib
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Server(msgspec.Struct, frozen=True):
    """A started process; `started` is in clock ticks since boot (proc(5), field 22 of stat)."""

    pid: int
    started: int


def start(command: Sequence[str], log: Path) -> Server:
    """Start a process in a session of its own (ctrl-C does not reach it), its output appended to `log`.

    Its environment is empty, so that no variable of the user's changes what the server does.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    pid = os.posix_spawn(command[0], list(command), {}, file_actions=actions, setsid=True)
    return Server(pid, _start_time(pid) or 0)


def is_running(server: Server | None) -> bool:
    """Whether this very process still runs."""
    return server is not None and _start_time(server.pid) == server.started


def stop(servers: Sequence[Server], *, patience_s: float = 30) -> None:
    """Ask the processes to end, wait for them, and kill what is left."""
    _signal(servers, signal.SIGTERM)
    deadline = time.monotonic() + patience_s
    while any(map(is_running, servers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    _signal(servers, signal.SIGKILL)
    while any(map(is_running, servers)):
        time.sleep(0.05)


def _signal(servers: Sequence[Server], number: signal.Signals) -> None:
    for server in servers:
        if is_running(server):
            try:
                os.kill(server.pid, number)
            except ProcessLookupError:  # ended by itself in between
                continue


def _start_time(pid: int) -> int | None:
    """Return the start time of a live process; None for no process, or one that only waits to be reaped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces and parentheses
    if fields[0] not in "ZX":
        return int(fields[19])
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child of ours stays until somebody asks
    return None
