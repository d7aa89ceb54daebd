"""What the agent and the timers of the Faust app do: blocking, idempotent, patient while servers are away."""

import time
from collections.abc import Callable
from typing import TypeVar

import sqlalchemy as sa
import structlog

from pipeline.control.intake import Received
from pipeline.control.quarantine import Quarantine
from pipeline.control.release import Released, Releaser
from pipeline.errors import TransientError
from pipeline.kafka.patience import wait_for
from pipeline.model import Partial, Rejected
from pipeline.observe.metrics import Metrics
from pipeline.store.releases import Added

log = structlog.get_logger()
T = TypeVar("T")


class Control:
    """Partials in, releases out, and what the clock asks for.

    `turn` is called before each try: it winds the watchdog while a server is away. `stepped` is told how it ended.
    """

    def __init__(  # noqa: PLR0913  # what it composes, each under its name
        self,
        *,
        releaser: Releaser,
        read: Callable[[bytes], Partial | Rejected],
        quarantine: Quarantine,
        schedules: Callable[[], None],
        metrics: Metrics,
        turn: Callable[[], None],
        stepped: Callable[..., None] = lambda **_: None,
    ) -> None:
        self._releaser = releaser
        self._read = read
        self._quarantine = quarantine
        self._schedules = schedules
        self._metrics = metrics
        self._turn = turn
        self._stepped = stepped

    def handle(self, record: Received) -> None:
        """Keep a partial and release what it completes; seal away what is none."""
        outcome = self._patiently(lambda: self._read(record.value))
        if isinstance(outcome, Rejected):
            self._patiently(lambda: self._quarantine(record, outcome))
            self._metrics.add({("in", record.topic): 1, ("quarantined", outcome.reason): 1})
            return
        added = self._patiently(lambda: self._releaser.add(outcome))
        self._metrics.add({("in", record.topic): 1, ("partials", added.value): 1})
        if added is Added.CONFLICT:
            log.error("partial_conflict", dataset=outcome.dataset, window_start=outcome.window_start)
        if added in {Added.NEW, Added.CONFLICT}:
            self.release()

    def release(self) -> None:
        """Release what is due."""
        for released in self._patiently(self._releaser.release_due):
            self._report(released)

    def keep_schedules(self) -> None:
        """Do what the clock asks for."""
        self._patiently(self._schedules)

    def _report(self, released: Released) -> None:
        kind = "withheld" if released.withheld else "published"
        self._metrics.add({("releases", kind): 1, ("out", released.dataset): released.rows})
        self._metrics.show({("last_release_seconds", released.dataset): time.time()})
        log.info(
            "released",
            dataset=released.dataset,
            window_start=released.window_start,
            rows=released.rows,
            withheld=released.withheld,
        )

    def _patiently(self, call: Callable[[], T]) -> T:
        return wait_for("kafka, registry or store", lambda: self._try(call), turn=self._turn)

    def _try(self, call: Callable[[], T]) -> T:
        try:
            answer = _translated(call)
        except TransientError:
            self._stepped(succeeded=False)
            raise
        self._stepped(succeeded=True)
        return answer


def _translated(call: Callable[[], T]) -> T:
    try:
        return call()
    except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
        raise TransientError("the store is away") from error
