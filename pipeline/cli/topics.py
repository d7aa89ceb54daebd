"""`pii-pipeline topics`: topics, schemas and first offsets as code."""

import json
import sys
from collections.abc import Callable
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.topic_view import newest, plain
from pipeline.config import load_settings
from pipeline.errors import TransientError
from pipeline.kafka import topic_plan
from pipeline.kafka.topic_plan import Deployment, Difference
from pipeline.policy.load import load_policy

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]

group = typer.Typer(no_args_is_help=True, help="Topics, schemas and first offsets as code.")


def register(app: typer.Typer) -> None:
    """Add the group `topics`."""
    app.add_typer(group, name="topics")


@group.command()
def plan(as_json: AsJson = False) -> None:
    """Show what differs between deploy/, schemas/, the policy's retention and the servers.

    Example: pii-pipeline topics plan
    """
    _show(_differences(topic_plan.plan), as_json=as_json)


@group.command()
def apply(as_json: AsJson = False) -> None:
    """Create and alter topics, register schemas and guard them, set new groups' first offsets. Deletes no topic.

    All or nothing: exit code 2 with every reason when something is refused. But the compatibility of schemas is
    set before the registry judges new ones, and stays set.

    Example: pii-pipeline topics apply
    """
    _show(_differences(topic_plan.apply), as_json=as_json)


@group.command()
def check(as_json: AsJson = False) -> None:
    """Like plan, with exit code 1 when anything differs: for continuous integration.

    Example: pii-pipeline topics check --json
    """
    differences = _differences(topic_plan.plan)
    _show(differences, as_json=as_json)
    raise typer.Exit(1 if differences else 0)


@group.command()
def show(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="e.g. events.page_view; not raw.*.")],
    limit: Annotated[int, typer.Option(help="At most so many records.", min=1, max=10_000)] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line on stdout.")] = False,
) -> None:
    """Print the newest committed records of a topic, decoded; bytes as hex, what is sealed as its length.

    Of a container of visits its header and its first visit. Topics raw.* hold personal data in clear: refused.

    Example: pii-pipeline topics show anon.page_views --limit 3
    """
    for record in newest(load_settings(), topic, limit):
        print(json.dumps(record, default=plain, indent=None if as_json else 2))


def _differences(command: Callable[[Deployment], tuple[Difference, ...]]) -> tuple[Difference, ...]:
    settings = load_settings()
    wanted = topic_plan.deployment(settings, load_policy(settings.policy_dir).retention)
    try:
        return command(wanted)
    except TransientError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error


def _show(differences: tuple[Difference, ...], *, as_json: bool) -> None:
    if as_json:
        print(msgspec.json.encode(differences).decode())
        return
    console = Console()
    if not differences:
        console.print("Everything is as defined.")
        return
    table = Table("kind", "name", "detail", "is", "shall be", "refused")
    for found in differences:
        table.add_row(found.kind, found.name, found.detail, found.have, found.want or "default", found.refused)
    console.print(table)
