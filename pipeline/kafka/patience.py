"""Trying again: Kafka calls that may be repeated as they are, and servers that are away."""

import random
import time
from collections.abc import Callable, Collection
from typing import TypeVar

import structlog
from confluent_kafka import KafkaError, KafkaException

from pipeline.errors import TransientError
from pipeline.observe.logs import RateLimit

log = structlog.get_logger()
# The client's own errors for a broker that is away; "retriable" it calls only what a broker answered.
AWAY = frozenset({KafkaError._TRANSPORT, KafkaError._ALL_BROKERS_DOWN, KafkaError._TIMED_OUT, KafkaError._WAIT_COORD})  # noqa: SLF001  # their public names
SHORTEST_S = 0.2
LONGEST_S = 5.0
T = TypeVar("T")
_said = RateLimit()


def kafka_error(error: KafkaException) -> KafkaError:
    """Return the error inside; its name and its flags say what to do."""
    inner: KafkaError = error.args[0]
    return inner


def again(
    call: Callable[..., T], *arguments: object, turn: Callable[[], None], also: Collection[int] = frozenset()
) -> T:
    """Call until it succeeds or fails for good; `turn` is called before each try (it winds the watchdog).

    `also` are codes to try again besides those that call themselves retriable. None in a transaction: what is
    not understood there ends the process.
    """
    while True:
        turn()
        try:
            return call(*arguments)
        except KafkaException as raised:
            error = kafka_error(raised)
            if error.fatal() or error.txn_requires_abort() or not (error.retriable() or error.code() in also):
                raise
            say("kafka_retry", call=getattr(call, "__name__", ""), error=error.name())
            time.sleep(SHORTEST_S)


def wait_for(server: str, call: Callable[[], T], *, turn: Callable[[], None]) -> T:
    """Call until the server answers, with growing pauses; says every ten seconds what it waits for, and its end."""
    pause, began = SHORTEST_S, time.monotonic()
    while True:
        turn()
        try:
            answer = call()
        except TransientError:
            say("waiting", server=server)
            time.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # spreads workers, guards nothing
            pause = min(LONGEST_S, 2 * pause)
        else:
            if pause > SHORTEST_S:
                log.info("back", server=server, waited_s=round(time.monotonic() - began, 1))
            return answer


def say(event: str, **fields: object) -> None:
    """Warn, once in ten seconds for the same event and fields."""
    left_out = _said.left_out(f"{event} {sorted(fields.items())}")
    if left_out is not None:
        log.warning(event, left_out=left_out, **fields)
