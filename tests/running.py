"""Runs a stage's runner on a thread of the test and ends it when the body ends."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.config import Settings
from pipeline.kafka import clients
from pipeline.kafka.runner import Runner
from pipeline.model import Stage
from pipeline.observe.health import Health
from pipeline.observe.metrics import Metrics


class Running:
    """A runner on a thread; `error` is what ended it, if it was not `stop`."""

    def __init__(self, stage: Stage, settings: Settings, group: str) -> None:
        largest = clients.Cluster(settings).largest_message(stage.outputs)
        self.metrics = Metrics(group)
        self.health = Health()
        self.error: BaseException | None = None
        self.runner = Runner(
            stage,
            consumer=clients.consumer(settings, group),
            producer=clients.producer(settings, group, largest),
            metrics=self.metrics,
            health=self.health,
            batch_records=settings.batch_records,
            batch_wait_ms=settings.batch_wait_ms,
        )
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.runner.run()
        except BaseException as error:  # noqa: BLE001  # the test looks at it
            self.error = error

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until a condition holds or the runner has ended; pytest's timeout bounds it."""
        while not true() and self.thread.is_alive():
            time.sleep(0.02)

    def ended(self) -> BaseException:
        """Wait until the runner ends by itself and return why."""
        self.thread.join()
        assert self.error is not None
        return self.error

    def value(self, name: str, **labels: str) -> float | None:
        """Return a metric's value."""
        return self.metrics.registry.get_sample_value(name, labels)


@contextmanager
def running(stage: Stage, settings: Settings, group: str) -> Iterator[Running]:
    """Run a stage while the body runs."""
    run = Running(stage, settings, group)
    run.thread.start()
    try:
        yield run
    finally:
        run.runner.stop()
        run.thread.join()
