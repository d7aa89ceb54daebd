"""The free-text lane: takes a text at once or says that it is busy; results come as futures."""

from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread
from typing import Self

from pipeline.detect.freetext.process import NAME, Worker
from pipeline.detect.freetext.result import Busy, FreeTextResult, Unsure
from pipeline.detect.freetext.worker import Plan
from pipeline.errors import ConfigError

ANALYZER = "pipeline.detect.freetext.analyzer.make"
MEMORY_MB = 1_024
"""A worker with the small English pipeline has 260 MB of data."""


@dataclass(frozen=True, repr=False)
class _Task:
    text: str
    future: Future[FreeTextResult]


class FreeText:
    """A pool of processes, one text each at a time. Entering it loads the model, or raises `ConfigError`."""

    def __init__(  # noqa: PLR0913  # all by name; the last two have one sensible value
        self,
        *,
        model: str,
        workers: int,
        queue: int,
        max_characters: int,
        timeout_s: float,
        memory_mb: int = MEMORY_MB,
        analyzer: str = ANALYZER,
    ) -> None:
        self._max_characters = max_characters
        self._room = Semaphore(queue)
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._workers = [Worker(Plan(analyzer, model, timeout_s, memory_mb)) for _ in range(workers)]
        self._threads: list[Thread] = []

    def __enter__(self) -> Self:
        started: list[Future[str]] = []
        for worker in self._workers:
            started.append(Future())
            thread = Thread(target=self._serve, args=(worker, started[-1]), name=NAME, daemon=True)
            self._threads.append(thread)
            thread.start()
        problems = {future.result() for future in started} - {""}
        if problems:
            self.__exit__()
            raise ConfigError(sorted(problems))
        return self

    def __exit__(self, *_: object) -> None:
        """Finish the texts that workers have, which their time limit bounds; cancel those that wait."""
        self._cancel_waiting()
        for _thread in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def submit(self, text: str) -> Future[FreeTextResult] | Busy:
        """Take a text, or say `Busy` when as many as `queue` are under way; never waits."""
        future: Future[FreeTextResult] = Future()
        future.set_running_or_notify_cancel()  # nobody cancels it but the lane
        if len(text) > self._max_characters:
            future.set_result(FreeTextResult(unsure=Unsure.TOO_LONG))
        elif self._room.acquire(blocking=False):
            self._tasks.put(_Task(text, future))
        else:
            return Busy()
        return future

    def _serve(self, worker: Worker, started: Future[str]) -> None:
        started.set_result(worker.start())
        while task := self._tasks.get():
            result = worker.ask(task.text)
            self._room.release()  # before the result: who waits for it may submit at once
            task.future.set_result(result)
            del task
            worker.start()  # a killed process is replaced while nobody waits
        worker.stop()

    def _cancel_waiting(self) -> None:
        try:
            while task := self._tasks.get_nowait():
                task.future.set_exception(CancelledError())
        except Empty:
            return
