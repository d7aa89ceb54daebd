"""`pii-pipeline run`: the long-running processes. One supervisor a slot restarts each whenever it ends."""

import faulthandler
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType
from typing import Annotated

import structlog
import typer

from pipeline.cli import compose
from pipeline.cli.compose import Checked, Compose
from pipeline.config import PREFIX, Settings, load_settings, read_settings
from pipeline.errors import ConfigError, LostInputError
from pipeline.kafka import clients
from pipeline.kafka.admin import Admin
from pipeline.kafka.patience import wait_for
from pipeline.kafka.runner import Runner, settle
from pipeline.model.visit import VISITS
from pipeline.observe.health import Health
from pipeline.observe.logs import configure_logs
from pipeline.observe.metrics import Metrics
from pipeline.observe.server import run_file, serving
from pipeline.policy.load import load_policy

WATCHDOG = 1.5
"""A call that lasts longer than so many transaction timeouts ends the process: librdkafka may hang for good
after a broker's restart (its issues 5456 and 5511), and the transaction is lost by then. What is written to stderr is
where each thread stood: files and lines, no values."""
EXIT_LOST_INPUT = 3

Slot = Annotated[
    str | None,
    typer.Option(help="Stable name of this worker within its stage; by default PII_PIPELINE_SLOT or 0."),
]


class Lossy(StrEnum):
    """Stages whose input can expire unread."""

    SANITIZE = "sanitize"
    AGGREGATE = "aggregate"


log = structlog.get_logger()
group = typer.Typer(no_args_is_help=True, help="The long-running processes; SIGTERM ends them between two batches.")


def register(app: typer.Typer) -> None:
    """Add the group `run`."""
    app.add_typer(group, name="run")


@group.command()
def sanitize(slot: Slot = None) -> None:
    """Run a worker of sanitize: raw.weblog -> events.page_view, visits, quarantine.sanitize.

    Example: pii-pipeline run sanitize --slot 1
    """
    _run_stage("sanitize", compose.sanitize, _checked(slot))


@group.command()
def aggregate(slot: Slot = None) -> None:
    """Run a worker of aggregate: visits -> partials, the counts of windows that are over.

    Example: pii-pipeline run aggregate --slot 1
    """
    _run_stage("aggregate", compose.aggregate, _checked(slot))


@group.command()
def control(slot: Slot = None) -> None:
    """Run the control plane: partials -> releases in anon.*; day keys made ahead and destroyed in time.

    Example: pii-pipeline run control
    """
    from pipeline.control.run import run as run_control  # noqa: PLC0415  # Faust costs the other stages 18 MB

    checked = _checked(slot)
    settings = checked.settings
    metrics, health = Metrics("control"), Health()
    with _observed("control", settings, metrics, health):
        signal.signal(signal.SIGTERM, _leave)
        parts = compose.control(checked, health.turn)
        run_control(settings, parts, metrics=metrics, health=health)


@group.command("accept-loss")
def accept_loss(
    stage: Annotated[Lossy, typer.Argument(help="The stage that stopped.")],
    topic: Annotated[str, typer.Argument(help="the topic that lost records before they were read")],
    partition: Annotated[int, typer.Argument(help="its partition, as the worker said when it stopped")],
) -> None:
    """Let a stage go on after input was deleted unread: at the first record that is left.

    Its workers must be stopped (for a session's length). What is lost stays lost: aggregate withholds the
    windows that it touches.

    Example: pii-pipeline run accept-loss sanitize raw.weblog 2
    """
    settings = load_settings()
    raw = [source.topic for source in load_policy(settings.policy_dir).sources]
    inputs = raw if stage is Lossy.SANITIZE else [VISITS]
    if topic not in inputs:
        raise ConfigError([f"{stage} does not read that topic, but {', '.join(inputs)}"])
    admin = Admin(settings.kafka_servers)
    if admin.has_members(stage):
        raise ConfigError([f"workers of {stage} are still in its group: stop them, and wait for a session's length"])
    print(admin.accept_loss(stage, topic, partition))


def _run_stage(name: str, make: Compose, checked: Checked) -> None:
    settings = checked.settings
    metrics, health = Metrics(name), Health()

    def turn() -> None:
        faulthandler.dump_traceback_later(WATCHDOG * settings.transaction_timeout_ms / 1_000, exit=True)
        health.turn()

    with _observed(name, settings, metrics, health):
        signal.signal(signal.SIGTERM, _leave)
        stage = make(checked, turn)
        cluster = clients.Cluster(settings)
        largest = wait_for("kafka", lambda: cluster.largest_message(stage.outputs), turn=turn)
        runner = Runner(
            stage,
            consumer=clients.consumer(settings, name),
            producer=clients.producer(settings, name, largest),
            metrics=metrics,
            health=health,
            batch_records=settings.batch_records,
            batch_wait_ms=settings.batch_wait_ms,
            wind=turn,
        )

        def stop(_number: int, _frame: FrameType | None) -> None:
            runner.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        settle()
        try:
            runner.run()
        except LostInputError as error:
            print(error, file=sys.stderr)
            print(f"To go on without it: pii-pipeline run accept-loss {name} TOPIC PARTITION", file=sys.stderr)
            raise typer.Exit(EXIT_LOST_INPUT) from error
    log.info("stopped")


@contextmanager
def _observed(name: str, settings: Settings, metrics: Metrics, health: Health) -> Iterator[None]:
    configure_logs()
    structlog.contextvars.bind_contextvars(stage=name, slot=settings.slot)
    file = run_file(settings.state_dir, f"{name}-{settings.slot}")
    with serving(settings.http_host, settings.http_port, metrics.registry, health, file):
        yield


def _checked(slot: str | None) -> Checked:
    environ = dict(os.environ)
    if slot is not None:
        environ[f"{PREFIX}SLOT"] = slot
    return Checked(*read_settings(environ))


def _leave(_number: int, _frame: FrameType | None) -> None:
    """End while a server is waited for: nothing was begun yet."""
    raise SystemExit(0)
