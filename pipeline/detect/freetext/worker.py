"""A worker process from inside: load, fall silent, answer text after text. No text leaves it, only results.

The kernel enforces the limits, so that code which hangs in C or holds the interpreter's lock cannot evade them.
"""

import logging
import os
import resource
import signal
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection

from pipeline.detect.freetext.result import FreeTextResult, Unsure
from pipeline.errors import PipelineError

_MB = 1 << 20
_DEAD_MAN = 2
"""Time limits after which the kernel ends a process that its parent should have killed: the parent is gone."""


@dataclass(frozen=True)
class Plan:
    """What a worker process is given."""

    factory: str  # dotted name of a function: model -> (text -> FreeTextResult)
    model: str
    timeout_s: float  # for a text
    memory_mb: int


def run(pipe: Connection, plan: Plan) -> None:
    """Say "" when ready, or the problem; then answer until the other end is closed."""
    _limit(plan)
    try:
        analyze = _resolve(plan.factory)(plan.model)
    except Exception as error:  # noqa: BLE001  # whatever it is, the operator reads it at the start
        name = type(error).__name__
        known = isinstance(error, PipelineError)
        pipe.send(str(error) if known else f"free-text model {plan.model!r}: {name}: {error}")
        return
    _fall_silent()
    pipe.send("")
    try:
        while True:
            text = pipe.recv()
            signal.setitimer(signal.ITIMER_REAL, _DEAD_MAN * plan.timeout_s)
            result = _answer(analyze, text)
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(result)
    except (EOFError, OSError):
        return  # the parent has closed its end, or died


def _answer(analyze: Callable[[str], FreeTextResult], text: str) -> FreeTextResult:
    try:
        return analyze(text)
    except MemoryError:
        os._exit(1)  # what was half done is unknown; the parent starts another process
    except Exception:  # noqa: BLE001  # its message may quote the text
        return FreeTextResult(unsure=Unsure.CRASHED)


def _resolve(name: str) -> Callable[[str], Callable[[str], FreeTextResult]]:
    module, _, function = name.rpartition(".")
    found: Callable[[str], Callable[[str], FreeTextResult]] = getattr(import_module(module), function)
    return found


def _limit(plan: Plan) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is the parent's; it closes the pipe
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold texts
    resource.setrlimit(resource.RLIMIT_DATA, (plan.memory_mb * _MB,) * 2)
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")  # a buffer a core would count as data


def _fall_silent() -> None:
    """Let no library write a text into a log: neither by logging nor by a warning, a print or a traceback."""
    logging.disable()
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
