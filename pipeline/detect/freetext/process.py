"""A worker process from outside: start, ask, kill, replace. Blocks; a thread of its own calls it.

One pipe a process, and nothing shared: whenever and however a process dies, its pipe ends, and no other one is
touched. That is why this is no library. The executor of `concurrent.futures` breaks as a whole when one process dies;
Pebble 5.2 does when an idle one dies (tried), and all its processes share two pipes and their locks.
"""

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from pipeline.detect.freetext.result import FreeTextResult, Unsure
from pipeline.detect.freetext.worker import Plan, run

START_S = 60.0
"""For loading a model: a small one takes 3 s."""
NAME = "free-text"
_SPAWN = multiprocessing.get_context("spawn")  # librdkafka's threads do not survive a fork


class Worker:
    """One process after the other, each until it dies."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self) -> str:
        """Have a process that has loaded; return what is wrong, or nothing."""
        if self._process and self._process.is_alive():
            return ""
        self.stop()
        try:
            problem = self._load()
        except Exception as error:  # noqa: BLE001  # EOFError, or no memory for a process
            problem = f"free-text worker: {type(error).__name__} at its start"
        if problem:
            self.stop()
        return problem

    def ask(self, text: str) -> FreeTextResult:
        """Return the answer; a process that gives none in time is killed."""
        self.start()  # the last one may have died meanwhile: this text need not suffer
        if not self._pipe:
            return FreeTextResult(unsure=Unsure.CRASHED)  # none starts now; the next text tries again
        try:
            self._pipe.send(text)
            if self._pipe.poll(self._plan.timeout_s):
                answer: FreeTextResult = self._pipe.recv()
                return answer
            reason = Unsure.TIMEOUT
        except Exception:  # noqa: BLE001  # most often EOFError; whatever it is, the lane goes on
            reason = Unsure.CRASHED
        self.stop()
        return FreeTextResult(unsure=reason)

    def stop(self) -> None:
        """End the process and wait until it is gone."""
        if self._process and self._process.pid:
            self._process.kill()
            self._process.join()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None

    def _load(self) -> str:
        self._pipe, there = _SPAWN.Pipe()
        with there:
            self._process = _SPAWN.Process(target=run, args=(there, self._plan), name=NAME, daemon=True)
            self._process.start()
        if not self._pipe.poll(START_S):
            return f"free-text worker: not ready after {START_S:g} s"
        return str(self._pipe.recv())
