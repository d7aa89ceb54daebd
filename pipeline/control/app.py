"""The Faust app of the control plane: an agent on `partials`, timers, the guards around them.

Settings that are not Faust's defaults, each for a fault that was seen (docs/adr: Faust in control): a
static member, no web server, no tables, no topics of its own, no wait for buffers at a stop, acknowledged
sends.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import faust
from faust.types import EventT, StreamT
from yarl import URL

from pipeline.config import Settings
from pipeline.control.control import Control
from pipeline.control.guards import EndOnSendError, Serial, Watchdog
from pipeline.control.intake import Received
from pipeline.control.transport import CommittedApp
from pipeline.observe.health import Health

GROUP = "control"
INPUT = "partials"
BEAT_S = 1.0
RELEASE_S = 2.0
SCHEDULES_S = 3600.0


def make_app(  # noqa: PLR0913  # tests give a group and a topic of their own
    settings: Settings,
    control: Control,
    *,
    watchdog: Watchdog,
    health: Health,
    group: str = GROUP,
    topic: str = INPUT,
) -> faust.App:
    """Return the app; nothing connects before it is started."""
    app = CommittedApp(
        group,
        broker=[URL(f"aiokafka://{server}") for server in settings.kafka_servers.split(",")],
        store="memory://",
        datadir=Path(settings.state_dir) / "faust",
        consumer_group_instance_id=f"{group}-{settings.slot}",
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=settings.session_timeout_ms / 1000,
        broker_heartbeat_interval=0.5,
        broker_commit_interval=1.0,
        producer_acks=-1,
        stream_wait_empty=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )
    app.sensors.add(EndOnSendError())
    serial = Serial()
    _add_agent(app, topic, control.handle, serial)
    _add_timers(app, control, serial)
    _add_beat(app, watchdog, health)
    return app


def run_app(app: faust.App) -> None:
    """Run the app until SIGTERM or SIGINT; raises `SystemExit`, as Faust's worker does."""
    worker = faust.Worker(app, quiet=True, redirect_stdouts=False, override_logging=False, loglevel="WARNING")
    worker.spinner = None  # it would write to a log file as to a terminal
    worker.execute_from_commandline()


def _add_agent(app: faust.App, name: str, handle: Callable[[Received], None], serial: Serial) -> None:
    topic = app.topic(name, key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw")

    async def on_partial(stream: StreamT[bytes]) -> None:
        async for event in stream.events():
            await serial.run(handle, _received(event))

    app.agent(topic)(on_partial)  # its concurrency is 1: one after the other


def _add_timers(app: faust.App, control: Control, serial: Serial) -> None:
    async def release() -> None:
        if app.consumer.assignment():  # else another process is the releaser, and this one stands by
            await serial.run(control.release)

    async def schedules() -> None:
        await serial.run(control.keep_schedules)

    app.timer(RELEASE_S)(release)
    app.timer(SCHEDULES_S)(schedules)
    app.task(schedules)  # and once at the start


def _add_beat(app: faust.App, watchdog: Watchdog, health: Health) -> None:
    joined = False

    async def assigned(*_given: Any, **_named: Any) -> None:
        nonlocal joined
        joined = True
        health.joined()

    async def beat() -> None:
        health.turn()
        if joined and await _caught_up(app):
            watchdog.moved()

    app.on_partitions_assigned.connect(assigned)
    app.timer(BEAT_S)(beat)


async def _caught_up(app: faust.App) -> bool:
    """Whether all that the broker has was fetched; the position passes markers and aborted records, too."""
    for partition in app.consumer.assignment():
        position = await app.consumer.position(partition)
        if position is None or position < (app.consumer.highwater(partition) or 0):
            return False
    return True


def _received(event: EventT[bytes]) -> Received:
    message: Any = event.message  # Faust's type leaves the time out
    return Received(
        message.topic,
        message.partition,
        message.offset,
        round((message.timestamp or 0) * 1000),
        message.value or b"",
    )
