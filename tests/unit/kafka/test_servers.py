"""A process is recognized by pid and start time; nothing else is ever taken for it, or signaled."""

import os
import signal
from pathlib import Path

import msgspec
import pytest

from pipeline.kafka import servers

SLEEP = ["/bin/sleep", "60"]


@pytest.fixture
def server(tmp_path: Path):
    started = servers.start(SLEEP, tmp_path / "log")
    yield started
    servers.stop([started])


def test_a_started_process_runs_until_it_is_stopped(server):
    assert servers.is_running(server)
    servers.stop([server])
    assert not servers.is_running(server)


def test_a_killed_process_does_not_run_although_nobody_has_reaped_it(server):
    os.kill(server.pid, signal.SIGKILL)
    os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
    assert not servers.is_running(server)


def test_another_process_with_the_same_pid_is_left_alone(server):
    """A pid may be given out again: the start time tells the two apart."""
    stale = msgspec.structs.replace(server, started=server.started - 1)
    assert not servers.is_running(stale)
    servers.stop([stale])
    assert servers.is_running(server)


def test_a_process_that_ignores_the_request_is_killed(tmp_path: Path):
    deaf = servers.start(["/bin/sh", "-c", "trap '' TERM; echo deaf; sleep 60"], tmp_path / "log")
    while not (tmp_path / "log").read_text():
        pass
    servers.stop([deaf], patience_s=0.2)
    assert not servers.is_running(deaf)


def test_the_output_of_every_start_is_appended_to_the_log(tmp_path: Path):
    for word in ("one", "two"):
        started = servers.start(["/bin/echo", word], tmp_path / "log")
        while servers.is_running(started):
            pass
    assert (tmp_path / "log").read_text() == "one\ntwo\n"
