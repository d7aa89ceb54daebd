"""Logs name what happened and where, and never quote what was being read."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from pipeline.observe.logs import KafkaLogs, RateLimit, configure_logs

SECRET = "anna@shop.example"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Configure logs as a process does, onto a buffer, and put everything back."""
    root = logging.getLogger()
    before = (sys.excepthook, root.handlers[:], root.level)
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs()
    yield written
    sys.excepthook, root.handlers[:] = before[0], before[1]
    root.setLevel(before[2])
    structlog.reset_defaults()


def fail() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise RuntimeError(SECRET) from error


def lines(stderr: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stderr.getvalue().splitlines()]


def test_an_exception_is_logged_without_its_message(stderr):
    """Type, file, line and function of the whole chain; not one byte of what it says."""
    try:
        fail()
    except RuntimeError:
        structlog.get_logger().error("failed", exc_info=True)
    assert SECRET not in stderr.getvalue()
    [line] = lines(stderr)
    first, second = line["exception"]
    assert first.startswith("builtins.RuntimeError at ")
    assert first.endswith(" fail")
    assert second.startswith("builtins.ValueError at ")


def test_a_crash_is_logged_without_its_message(stderr):
    """The interpreter's own traceback would print the message: our hook stands in its place."""
    try:
        fail()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert SECRET not in stderr.getvalue()
    assert [line["event"] for line in lines(stderr)] == ["crashed"]


def test_a_library_s_warning_names_its_place_only(stderr):
    """The text of a library may quote the data."""
    logging.getLogger("somebody").warning("cannot read %s", SECRET)
    assert SECRET not in stderr.getvalue()
    assert [(line["event"], line["logger"]) for line in lines(stderr)] == [("library", "somebody")]


def test_a_library_without_a_broker_fills_no_log(stderr):
    """It complains from many places: one line a logger, yet no warning hides an error."""
    logger = logging.getLogger("somebody")
    logger.warning("gone")
    logger.warning("still gone")
    logger.error("and now this")
    assert [(line["logger"], line["level"]) for line in lines(stderr)] == [
        ("somebody", "warning"),
        ("somebody", "error"),
    ]


def test_a_repeating_line_is_written_once_in_a_while_with_the_number_left_out():
    """A broker that is away for an hour fills no disk."""
    clock = Clock()
    limit = RateLimit(every_s=10, clock=clock)
    said = []
    for clock.now in (0.0, 1.0, 9.9, 10.0, 20.0):
        said.append(limit.left_out("away"))
    assert said == [0, None, None, 2, 0]
    assert limit.left_out("something else") == 0


def test_the_client_library_writes_through_us(stderr):
    """confluent-kafka calls `log` of any object with (level, format, facility, client, text)."""
    logs = KafkaLogs()
    for _ in range(3):
        logs.log(logging.WARNING, "%s [%s] %s", "FAIL", "worker#consumer-1", "connection refused")
    assert [(line["event"], line["facility"], line["level"]) for line in lines(stderr)] == [
        ("librdkafka", "FAIL", "warning")
    ]
