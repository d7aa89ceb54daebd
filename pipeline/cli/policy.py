"""`pii-pipeline policy`: check the privacy policy's code, and read it in words."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.detector import open_recognizers
from pipeline.config import load_settings
from pipeline.errors import ConfigError
from pipeline.policy import explain as words
from pipeline.policy.decide import Denied, publishable, retention_of
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy, Source

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Directory = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Folder of the policy; that of the settings otherwise.")
]
Folder = Annotated[
    Path | None, typer.Option("--directory", help="Folder of the policy; that of the settings otherwise.")
]
Field = Annotated[str, typer.Option(metavar="FIELD", help="Only this raw field, e.g. user_agent.")]
Topic = Annotated[str, typer.Option(metavar="TOPIC", help="Only this topic, e.g. raw.weblog.")]
DatasetId = Annotated[str, typer.Option(metavar="DATASET", help="Only this dataset, e.g. page_views.")]

group = typer.Typer(no_args_is_help=True, help="The privacy policy as code.")


def register(app: typer.Typer) -> None:
    """Add the group `policy`."""
    app.add_typer(group, name="policy")


@group.command()
def check(directory: Directory = None, as_json: AsJson = False) -> None:
    """Load the policy strictly. Exit code 2 and every problem with file and line if it is not whole.

    Example: pii-pipeline policy check deploy/policy
    """
    try:
        policy = _load(directory)
        open_recognizers(policy, directory or load_settings().policy_dir)
    except ConfigError as error:
        if not as_json:
            raise
        print(msgspec.json.encode({"problems": error.problems}).decode())
        raise typer.Exit(2) from error
    if as_json:
        found = {
            "version": policy.version,
            "effective": policy.effective,
            "hash": policy.hash,
            "problems": [],
        }
        print(msgspec.json.encode(found).decode())
    else:
        print(f"{policy.stamp}: whole; in force from {policy.effective} on")


@group.command()
def explain(field: Field = "", topic: Topic = "", dataset: DatasetId = "", directory: Folder = None) -> None:
    """Say in words what becomes of every field, how long topics are kept, what datasets ask for.

    Exit code 1 when the policy does not name what is asked for.

    Example: pii-pipeline policy explain --field user_agent
    """
    policy = _load(directory)
    console = Console(highlight=False)
    everything = not (field or topic or dataset)
    if everything:
        console.print(f"Policy of {policy.controller}, {policy.stamp}, in force from {policy.effective} on.\n")
    named = [_fields(console, policy, field)] if field or everything else []
    named += [_topics(console, policy, topic)] if topic or everything else []
    named += [_datasets(console, policy, dataset)] if dataset or everything else []
    if everything:
        console.print("\nPersonal data that is found in texts:\n" + "\n".join(words.detection_lines(policy)))
    raise typer.Exit(0 if all(named) else 1)


def _load(directory: Path | None) -> Policy:
    return load_policy(directory or load_settings().policy_dir)


def _fields(console: Console, policy: Policy, wanted: str) -> bool:
    shown = [source for source in policy.sources if not wanted or wanted in {f.name for f in source.fields}]
    for source in shown:
        console.print(words.source_line(source))
        console.print(_field_table(source, wanted))
    if not shown:
        console.print(f"{wanted!r}: no source names this field, so it is dropped and counted.", markup=False)
    return bool(shown)


def _field_table(source: Source, wanted: str) -> Table:
    table = Table("raw field", "category", "what becomes of it", "purposes", "section", show_lines=True)
    for field in source.fields:
        if wanted in {"", field.name}:
            made = "\n".join(words.field_lines(field))
            table.add_row(field.name, field.category, made, "\n".join(field.purposes), field.section)
    return table


def _topics(console: Console, policy: Policy, wanted: str) -> bool:
    topics = [wanted] if wanted else [retention.topic for retention in policy.retention]
    answers = [retention_of(policy, topic) for topic in topics]
    for answer in answers:
        line = _denial(wanted, answer) if isinstance(answer, Denied) else words.retention_line(answer)
        console.print(line, markup=False)
    return not any(isinstance(answer, Denied) for answer in answers)


def _datasets(console: Console, policy: Policy, wanted: str) -> bool:
    ids = [wanted] if wanted else [dataset.id for dataset in policy.datasets]
    answers = [publishable(policy, dataset) for dataset in ids]
    for answer in answers:
        if isinstance(answer, Denied):
            console.print(_denial(wanted, answer), markup=False)
        else:
            console.print("\n" + "\n".join(words.dataset_lines(policy, answer)), markup=False)
    return not any(isinstance(answer, Denied) for answer in answers)


def _denial(wanted: str, denied: Denied) -> str:
    return f"{wanted!r}: denied, {denied.reason} ({words.cite(denied.section)})"
