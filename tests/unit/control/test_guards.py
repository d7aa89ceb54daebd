"""The guards: a stand ends the process, a broker that is away does not, work in hand is finished."""

import asyncio
import subprocess
import sys
import threading

import pytest

from pipeline.control.guards import EXIT_CODE, Reach, Serial, Watchdog
from pipeline.observe.health import Health


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(
    ("silent_s", "reachable", "stopped"), [(10, True, False), (11, True, True), (11, False, False)]
)
def test_the_watchdog_stops_a_process_that_stands_while_the_broker_is_there(silent_s, reachable, stopped):
    clock, events = Clock(), []
    watchdog = Watchdog(10, reachable=lambda: reachable, stop=events.append, clock=clock)
    clock.now = silent_s
    watchdog.check()
    assert events == (["no_progress"] if stopped else [])


def test_after_an_outage_the_watchdog_counts_anew():
    clock, events, broker = Clock(), [], []
    watchdog = Watchdog(10, reachable=lambda: bool(broker), stop=events.append, clock=clock)
    clock.now = 11
    watchdog.check()
    broker.append("back")
    clock.now = 20
    watchdog.check()
    assert events == []


def test_control_is_not_ready_while_the_broker_is_away():
    """Faust itself waits in silence, and would have /readyz say yes for the whole outage."""
    health, seen = Health(), []
    health.joined()
    answers = iter([True, False, True])

    def reachable():
        seen.append(health.ready)
        return next(answers)

    reach = Reach(reachable, health)
    for _ in range(2):
        reach.wait()
    assert seen == [True, True, False]
    assert health.ready


def test_a_cancelled_piece_of_work_is_finished_before_the_next_begins():
    """Faust acknowledges a record whose handler it cancels: so it must not be gone before its work."""
    order, release = [], threading.Event()

    def first():
        release.wait()
        order.append("first")

    async def scene():
        serial = Serial()
        task = asyncio.ensure_future(serial.run(first))
        await asyncio.sleep(0)
        other = asyncio.ensure_future(serial.run(order.append, "second"))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        assert not task.done()
        release.set()
        await other
        assert task.cancelled()

    asyncio.run(scene())
    assert order == ["first", "second"]


FAILED_WORK = """
import asyncio
from pipeline.control.guards import Serial
def work(): raise ValueError("secret")
asyncio.run(Serial().run(work))
"""
FAILED_SEND = """
from pipeline.control.guards import EndOnSendError
EndOnSendError().on_send_error(None, ValueError("secret"), None)
"""


@pytest.mark.parametrize("program", [FAILED_WORK, FAILED_SEND], ids=["work", "send"])
def test_a_failure_ends_the_process_at_once_and_tells_no_value(program):
    configured = "from pipeline.observe.logs import configure_logs\nconfigure_logs()\n"
    ended = subprocess.run([sys.executable, "-c", configured + program], capture_output=True, check=False)
    assert ended.returncode == EXIT_CODE
    assert b"_failed" in ended.stderr
    assert b"secret" not in ended.stderr
