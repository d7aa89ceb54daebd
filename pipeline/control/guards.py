"""What Faust does not do: end when a send is lost or nothing moves, and leave work in hand alone.

Each guard ends the process at once, without Faust's shutdown: that would commit the offsets of what was not
done. The restart begins at the committed offset, and handlers are idempotent.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import structlog
from faust.sensors import Sensor

from pipeline.errors import TransientError
from pipeline.kafka.patience import wait_for
from pipeline.observe.health import Health

log = structlog.get_logger()
EXIT_CODE = 70  # EX_SOFTWARE of sysexits(3): a supervisor starts the process again
ASK_S = 2.0
STOP_S = 10.0
"""A stop waits so long for the work in hand; one that waits for a server is done again after the restart."""


def end(event: str, *, code: int = EXIT_CODE, **fields: object) -> NoReturn:
    """Say why and end the process now; the offset of the record in hand is not committed."""
    log.critical(event, **fields)
    sys.stderr.flush()
    os._exit(code)


class EndOnSendError(Sensor):
    """Faust only warns of a failed send and commits the offsets of what caused it."""

    def on_send_error(self, producer: Any, exc: BaseException, state: Any) -> None:  # noqa: ARG002  # Faust's
        """End the process before the next commit."""
        end("send_failed", exc_info=exc)


class Watchdog:
    """Ends the process if nothing moves for too long while the broker can be reached.

    Faust may stand without an error: in a group with another assignor, in a call of a client. A broker that
    is away is no such case, the clients come back by themselves.
    """

    def __init__(
        self,
        limit_s: float,
        *,
        reachable: Callable[[], bool],
        stop: Callable[[str], object] = end,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit_s = limit_s
        self._reachable = reachable
        self._stop = stop
        self._clock = clock
        self._moved = clock()

    def moved(self) -> None:
        """Say that there was progress, or that there is nothing to do."""
        self._moved = self._clock()

    def check(self) -> None:
        """Stop the process if the last progress is too long ago."""
        if self._clock() - self._moved <= self._limit_s:
            return
        if self._reachable():
            self._stop("no_progress")
        self.moved()

    def watch(self) -> None:
        """Check from a thread of its own, which a blocked event loop does not hold up."""

        def loop() -> None:
            while True:
                time.sleep(self._limit_s / 10)
                self.check()

        threading.Thread(target=loop, name="watchdog", daemon=True).start()


class Reach:
    """Asks whether the broker is there, and tells /readyz and the log: Faust waits for it in silence."""

    def __init__(self, reachable: Callable[[], bool], health: Health) -> None:
        self._reachable = reachable
        self._health = health

    def wait(self) -> None:
        """Return when the broker answers."""
        wait_for("kafka", self._ask, turn=lambda: None)

    def watch(self) -> None:
        """Ask again and again, from a thread of its own: the question blocks while the broker is away."""

        def loop() -> None:
            while True:
                self.wait()
                time.sleep(ASK_S)

        threading.Thread(target=loop, name="reach", daemon=True).start()

    def _ask(self) -> None:
        answers = self._reachable()
        self._health.step(succeeded=answers, name="broker")
        if not answers:
            raise TransientError("the broker does not answer")


class Serial:
    """Runs blocking work off the event loop, one piece at a time.

    When Faust cancels a handler (stop, rebalance) it acknowledges the record in hand as if it were done. So a
    cancelled call still waits for its work, or ends the process. Whatever fails ends it, too.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def run(self, work: Callable[..., None], *arguments: object) -> None:
        """Run one piece of work in a thread."""
        async with self._turn:
            task = asyncio.ensure_future(asyncio.to_thread(_run_or_end, work, arguments))
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                await asyncio.wait([task], timeout=STOP_S)
                if not task.done():
                    end("stopped_in_work", code=0)
                raise


def _run_or_end(work: Callable[..., None], arguments: tuple[object, ...]) -> None:
    try:
        work(*arguments)
    except BaseException as error:  # noqa: BLE001  # nothing may reach Faust: it would commit and go on
        end("control_failed", exc_info=error)
