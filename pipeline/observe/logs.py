"""Structured logs on stderr: constant event names, safe fields; an exception gives its type and place only.

The text of an exception may quote what a parser met, so it never reaches a log (design: Errors). JSON lines;
colors for people when stderr is a terminal.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable

import structlog
from confluent_kafka import KafkaException
from structlog.typing import EventDict, WrappedLogger

REPEAT_AFTER_S = 10.0
"""A line that repeats (broker away) is written once in this time, with the number of those left out."""


def configure_logs(level: int = logging.INFO) -> None:
    """Send all logs of this process, those of the libraries included, to stderr."""
    people = sys.stderr.isatty()
    renderer = structlog.dev.ConsoleRenderer() if people else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            describe_exception,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    sys.excepthook = lambda _kind, error, _trace: crashed(error)
    threading.excepthook = lambda args: crashed(args.exc_value)
    logging.basicConfig(handlers=[LibraryLogs()], level=logging.WARNING, force=True)


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by the chain of types and the place of each, without messages or values."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()[1]
    if isinstance(given, tuple):
        given = given[1]
    if isinstance(given, BaseException):
        event["exception"] = places(given)
    return event


def places(error: BaseException) -> list[str]:
    """Return "Type at file:line function" of an exception and of its causes, the outermost first."""
    found: list[str] = []
    link: BaseException | None = error
    while link is not None and len(found) < 5:
        frames = traceback.extract_tb(link.__traceback__)
        place = f" at {frames[-1].filename}:{frames[-1].lineno} {frames[-1].name}" if frames else ""
        reason = f" {link.args[0].name()}" if isinstance(link, KafkaException) else ""  # a code, never a value
        found.append(f"{type(link).__module__}.{type(link).__qualname__}{reason}{place}")
        link = link.__cause__ or link.__context__
    return found


def crashed(error: BaseException | None) -> None:
    """Log what ended the process or a thread: types and places, never texts."""
    if isinstance(error, KeyboardInterrupt):
        return
    structlog.get_logger().critical("crashed", exc_info=error)


class RateLimit:
    """Says whether a repeating line may be written now, and how many were left out since it last was."""

    def __init__(self, every_s: float = REPEAT_AFTER_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s = every_s
        self._clock = clock
        self._last: dict[str, float] = {}
        self._left_out: dict[str, int] = {}

    def left_out(self, name: str) -> int | None:
        """Return the number of lines `name` left out since the last one, or None: leave this one out too."""
        now = self._clock()
        if now - self._last.get(name, -self._every_s) < self._every_s:
            self._left_out[name] = self._left_out.get(name, 0) + 1
            return None
        self._last[name] = now
        return self._left_out.pop(name, 0)


class LibraryLogs(logging.Handler):
    """Lines of the libraries: the logger's and the place's name only, since their text may quote data.

    One line a logger in ten seconds: a client without a broker complains from many places. What is an error is not
    left out for a warning.
    """

    def __init__(self) -> None:
        super().__init__()
        self._limit = RateLimit()

    def emit(self, record: logging.LogRecord) -> None:
        """Write where a library complained, rate limited."""
        left_out = self._limit.left_out(f"{record.name} {record.levelno >= logging.ERROR}")
        if left_out is not None:
            structlog.get_logger().log(
                record.levelno,
                "library",
                logger=record.name,
                place=f"{record.filename}:{record.lineno}",
                left_out=left_out,
            )


class KafkaLogs:
    """The log lines of librdkafka, which speak of brokers and groups, never of records; rate limited.

    confluent-kafka takes any object with `log`: (level, format, facility, client, text).
    """

    def __init__(self) -> None:
        self._limit = RateLimit()

    def log(self, level: int, _format: str, facility: str, client: str, text: str) -> None:
        """Write one line a facility and client in ten seconds."""
        left_out = self._limit.left_out(f"{facility} {client}")
        if left_out is not None:
            structlog.get_logger().log(
                level, "librdkafka", facility=facility, client=client, text=text, left_out=left_out
            )
