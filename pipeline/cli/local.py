"""`pii-pipeline local`: the real broker and registry on this machine, without an installation."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from pipeline.config import load_settings
from pipeline.errors import TransientError
from pipeline.kafka import artifacts
from pipeline.kafka import local as stack

KAFKA_VERSION = "4.1.1"
REGISTRY_VERSION = "3.3.3"

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
KafkaPort = Annotated[int, typer.Option(help="0: that of last time, else a free one.")]
RegistryPort = Annotated[int, typer.Option(help="0: that of last time, else a free one.")]

group = typer.Typer(no_args_is_help=True, help="Kafka and a schema registry on this machine.")


def register(app: typer.Typer) -> None:
    """Add the group `local`."""
    app.add_typer(group, name="local")


@group.command()
def up(kafka_port: KafkaPort = 0, registry_port: RegistryPort = 0, as_json: AsJson = False) -> None:
    """Start what does not run, and wait until it answers.

    Example: pii-pipeline local up --kafka-port 9092
    """
    with _failing_plainly(), shown_progress() as progress:
        started = stack.up(
            load_settings().state_dir, progress=progress, kafka_port=kafka_port, registry_port=registry_port
        )
    if as_json:
        print(msgspec.json.encode(started).decode())
    else:
        Console().print(f"kafka     {started.kafka_servers}\nregistry  {started.registry_url}", highlight=False)


@group.command()
def down() -> None:
    """Stop both servers cleanly. Their data stays; `make clean` removes it.

    Example: pii-pipeline local down
    """
    stack.down(load_settings().state_dir)


@group.command()
def status(as_json: AsJson = False) -> None:
    """Show what runs where. Exit code 1 when something does not run.

    Example: pii-pipeline local status --json
    """
    servers = stack.status(load_settings().state_dir)
    if as_json:
        print(msgspec.json.encode(servers).decode())
    else:
        table = Table("server", "state", "pid", "address")
        for server in servers:
            state = "[green]running[/]" if server.running else "[red]stopped[/]"
            table.add_row(server.name, state, str(server.pid or ""), server.address)
        Console().print(table)
    raise typer.Exit(0 if all(server.running for server in servers) else 1)


@group.command()
def pin(kafka: str = KAFKA_VERSION, registry: str = REGISTRY_VERSION) -> None:
    """Resolve these versions anew and write deploy/local-artifacts.sha256; review the difference.

    Example: pii-pipeline local pin --kafka 4.1.1 --registry 3.3.3
    """
    with _failing_plainly():
        count = artifacts.pin(kafka, registry)
    print(f"{count} files pinned in {artifacts.PINS}")


@contextmanager
def _failing_plainly() -> Iterator[None]:
    try:
        yield
    except TransientError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


@contextmanager
def shown_progress() -> Iterator[artifacts.Progress]:
    """Show each step as a line with a bar, on stderr, and only while there is something to wait for."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what)
            shown.update(tasks[what], completed=done, total=total, visible=done < total)

        yield progress
