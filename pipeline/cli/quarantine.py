"""`pii-pipeline quarantine`: what could not be read; its content for the holder of the officer's key only."""

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.topic_view import open_codec
from pipeline.config import Settings, load_settings
from pipeline.kafka.codec import Decoded
from pipeline.kafka.reading import read_all
from pipeline.protect.sealing import Unsealer, load_private

Topic = Annotated[str, typer.Option(help="quarantine.sanitize, quarantine.aggregate or quarantine.control.")]
PLACE = ("reason", "topic", "partition", "offset", "size", "kept")

group = typer.Typer(no_args_is_help=True, help="What could not be read, sealed to the privacy officer.")


def register(app: typer.Typer) -> None:
    """Add the group `quarantine`."""
    app.add_typer(group, name="quarantine")


@group.command(name="list")
def list_letters(
    topic: Topic = "quarantine.sanitize",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line on stdout.")] = False,
) -> None:
    """List reason, place and size of each record; the content stays sealed.

    Example: pii-pipeline quarantine list --json
    """
    table = Table(*PLACE, title=topic)
    for letter in _letters(load_settings(), topic):
        shown = {name: letter[name] for name in PLACE}
        if as_json:
            print(msgspec.json.encode(shown).decode())
        else:
            table.add_row(*map(str, shown.values()))
    if not as_json:
        Console().print(table)


@group.command(name="open")
def open_letters(
    key: Annotated[Path, typer.Option(help="The officer's private.json, mode 0600.")],
    topic: Topic = "quarantine.sanitize",
    reason: Annotated[str, typer.Option(help="Only records with this reason.")] = "",
    offset: Annotated[int | None, typer.Option(help="Only the record from this source offset.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 10,
    raw: Annotated[bool, typer.Option("--raw", help="The bytes as they came, not made safe to print.")] = False,
) -> None:
    """Show reason, place and content, one record a line. Exit code 1 if one does not open, or none is there.

    Example: pii-pipeline quarantine open --key officer/private.json --reason bad-json --limit 3
    """
    unsealer = Unsealer(load_private(key))
    seen: Counter[str] = Counter()
    wanted = (
        letter
        for letter in _counted(_letters(load_settings(), topic), seen)
        if (not reason or letter["reason"] == reason) and offset in (None, letter["offset"])
    )
    chosen = list(islice(wanted, limit))
    closed = 0
    for letter in chosen:
        place = "{reason}|{topic}|{partition}|{offset}".format(**letter).encode()
        content = unsealer.unseal(letter["sealed_key"], letter["ciphertext"], place)
        if content is None:
            closed += 1
        elif raw:
            sys.stdout.buffer.write(content + b"\n")
        else:
            safe = content.decode("utf-8", "backslashreplace").encode("unicode_escape").decode()
            print("{reason} {topic}/{partition} {offset}:".format(**letter), safe)
    if not chosen:
        there = ", ".join(f"{number} {name}" for name, number in sorted(seen.items()))
        print(f"no such record; in {topic}: {there or 'none at all'}", file=sys.stderr)
        raise typer.Exit(1)
    if closed:
        print(f"{closed} records do not open with this key", file=sys.stderr)
        raise typer.Exit(1)


def _counted(letters: Iterator[dict[str, Any]], seen: Counter[str]) -> Iterator[dict[str, Any]]:
    for letter in letters:
        seen[letter["reason"]] += 1
        yield letter


def _letters(settings: Settings, topic: str) -> Iterator[dict[str, Any]]:
    codec = open_codec(settings)
    for message in read_all(settings, topic):
        decoded = codec.decode(message.value())
        if isinstance(decoded, Decoded) and decoded.schema == "quarantine":
            yield decoded.content
