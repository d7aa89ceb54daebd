"""What the free-text lane does when its processes hang, grow, die or talk: one text is unsure, nothing else."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future

import pytest

from pipeline.config import ROOT
from pipeline.detect.freetext.lane import FreeText
from pipeline.detect.freetext.process import NAME
from pipeline.detect.freetext.result import Busy, FreeTextResult
from pipeline.errors import ConfigError
from tests.free_text import lane, processes

MINUTE = 60
CRASHED, TIMEOUT = FreeTextResult(unsure="crashed"), FreeTextResult(unsure="timeout")


def submit(free_text: FreeText, text: str) -> Future[FreeTextResult]:
    taken = free_text.submit(text)
    assert isinstance(taken, Future)
    return taken


def process(result: FreeTextResult) -> float:
    return result.findings[0].score


def test_a_full_lane_says_busy_at_once_and_takes_texts_again_when_one_is_done():
    with lane("obedient", queue=2) as free_text:
        under_way = [submit(free_text, "sleep 0.5"), submit(free_text, "sleep 0")]
        before = time.monotonic()
        assert isinstance(free_text.submit("sleep 0"), Busy)
        assert time.monotonic() - before < 0.1
        assert [future.result(MINUTE).unsure for future in under_way] == ["", ""]
        assert submit(free_text, "sleep 0").result(MINUTE).unsure == ""


def test_a_killed_process_costs_its_text_and_no_other():
    """Neither those that other processes have, nor those that wait, nor the next one."""
    with lane("obedient", workers=2, queue=9) as free_text:
        futures = [submit(free_text, f"sleep {seconds}") for seconds in (1, 1, 0, 0)]
        time.sleep(0.3)
        killed = processes()[0].pid
        os.kill(killed, signal.SIGKILL)
        results = [future.result(MINUTE) for future in futures]
        assert results.count(CRASHED) == 1
        assert CRASHED in results[:2]
        assert killed not in {process(result) for result in results if result != CRASHED}
        assert submit(free_text, "sleep 0").result(MINUTE).unsure == ""
        assert len(processes()) == 2


def test_a_process_that_dies_between_two_texts_costs_none():
    with lane("obedient", workers=2) as free_text:
        dead = processes()
        for one in dead:
            one.kill()
            one.join()
        alive = submit(free_text, "sleep 0").result(MINUTE)
        assert process(alive) not in {one.pid for one in dead}


@pytest.mark.parametrize("text", ["sleep 3600", "backtrack"])
def test_a_text_past_its_time_limit_is_unsure_and_its_process_replaced(text):
    """Also where it holds the interpreter's lock in a loop in C."""
    with lane("obedient", timeout_s=0.5) as free_text:
        first = process(submit(free_text, "sleep 0").result(MINUTE))
        assert submit(free_text, text).result(MINUTE) == TIMEOUT
        assert process(submit(free_text, "sleep 0").result(MINUTE)) != first


def test_a_frozen_process_is_a_timeout_also_for_the_longest_text():
    with lane("obedient", timeout_s=0.5, max_characters=20_000) as free_text:
        os.kill(processes()[0].pid, signal.SIGSTOP)
        assert submit(free_text, "\U0001f600" * 20_000).result(MINUTE) == TIMEOUT
        assert submit(free_text, "sleep 0").result(MINUTE).unsure == ""


@pytest.mark.parametrize("text", ["allocate 2048", "leave"])
def test_a_process_that_grows_past_its_limit_or_leaves_is_replaced(text):
    with lane("obedient", memory_mb=512) as free_text:
        first = process(submit(free_text, "allocate 16").result(MINUTE))
        assert submit(free_text, text).result(MINUTE) == CRASHED
        assert process(submit(free_text, "sleep 0").result(MINUTE)) != first


def test_nothing_of_a_text_reaches_a_log_an_exception_or_a_repr(capfd, caplog):
    """Though the analyzer prints it, logs it, warns of it and raises it; its process goes on."""
    with lane("obedient") as free_text:
        first = process(submit(free_text, "sleep 0").result(MINUTE))
        future = submit(free_text, "shout Jane-Miller")
        assert future.result(MINUTE) == CRASHED
        assert process(submit(free_text, "sleep 0").result(MINUTE)) == first
        shown = [
            repr(future),
            repr(future.result()),
            repr(free_text),
            repr(vars(free_text)),
            caplog.text,
            *capfd.readouterr(),
        ]
    assert not any("Jane" in one or "Miller" in one for one in shown)


def test_leaving_the_lane_ends_its_processes_and_cancels_what_waits():
    with lane("obedient") as free_text:
        started, waiting = submit(free_text, "sleep 0.5"), submit(free_text, "sleep 0")
        time.sleep(0.2)
    assert started.result(0).unsure == ""
    with pytest.raises(CancelledError):
        waiting.result(0)
    assert processes() == []


def test_an_analyzer_that_does_not_load_stops_the_program_at_its_start():
    with pytest.raises(ConfigError, match="'any': OSError: no such weights"), lane("broken", model="any", workers=2):
        pass
    assert processes() == []
    assert NAME not in {thread.name for thread in threading.enumerate()}


def test_a_hanging_process_does_not_outlive_a_parent_that_was_killed():
    script = """
import time
from tests.free_text import lane, processes

if __name__ == "__main__":
    with lane("obedient", timeout_s=1.0) as free_text:
        free_text.submit("backtrack")
        time.sleep(0.3)
        print(processes()[0].pid, flush=True)
        time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(child)


def alive(pid: int) -> bool:
    """Say whether a process runs; one that ended and that nobody asked about (a zombie) does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
