"""`pii-pipeline ship`: files into a raw topic."""

import sys
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from pipeline.config import Settings, load_settings
from pipeline.errors import ConfigError
from pipeline.kafka.ship import Shipper
from pipeline.model import DAY_MS, HOUR_MS
from pipeline.policy.load import load_policy
from pipeline.sources.rebase import rebase, time_of

REBASED_MS = 20 * HOUR_MS


class Format(StrEnum):
    """What a record holds."""

    LINE = "line"
    FILEBEAT = "filebeat"


class Shipped(msgspec.Struct, frozen=True):
    """What was sent."""

    lines: int
    bytes: int
    seconds: float


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ship)


def ship(
    files: Annotated[list[Path], typer.Argument(help="Log files; - reads standard input.")],
    topic: Annotated[str, typer.Option(help="The raw topic.")] = "raw.weblog",
    site: Annotated[str, typer.Option(help="Site of the policy, sent as a header.")] = "",
    rate: Annotated[int, typer.Option(help="Lines a second; 0: as fast as it goes.", min=0)] = 0,
    form: Annotated[Format, typer.Option("--format", help="Bare lines, or the JSON of Filebeat.")] = Format.LINE,
    rebased: Annotated[bool, typer.Option("--rebase", help="Move the times into the last 20 hours.")] = False,
    final: Annotated[bool, typer.Option("--final", help="Close the windows at the end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """Send files to a raw topic, as a log shipper would.

    Example: pii-pipeline ship --site demo.example --rebase --final access.log
    """
    settings = load_settings()
    done = ship_files(settings, files, topic=topic, site=site, rate=rate, form=form, rebased=rebased, final=final)
    if as_json:
        print(msgspec.json.encode(done).decode())
    else:
        Console(stderr=True).print(f"{done.lines:,} lines, {done.bytes:,} bytes in {done.seconds:.1f} s")


def ship_files(
    settings: Settings,
    files: list[Path],
    *,
    topic: str = "raw.weblog",
    site: str = "",
    rate: int = 0,
    form: Format = Format.LINE,
    rebased: bool = False,
    final: bool = False,
) -> Shipped:
    """Send files with a progress bar; `ConfigError` names every file that is missing."""
    missing = [f"{file}: no such file" for file in files if str(file) != "-" and not file.is_file()]
    if rebased and any(str(file) == "-" for file in files):
        missing.append("--rebase reads a file twice: not standard input")
    if not settings.kafka_servers:
        missing.append("PII_PIPELINE_KAFKA_SERVERS is not set, and no local stack is up (`pii-pipeline local up`)")
    if missing:
        raise ConfigError(missing)
    windows = [dataset.window_seconds * 1_000 for dataset in load_policy(settings.policy_dir).datasets]
    shipper = Shipper(settings, topic, site=site, filebeat=form is Format.FILEBEAT)
    begun, size = time.monotonic(), 0
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        for file in files:
            total = file.stat().st_size if str(file) != "-" else None
            task = progress.add_task(file.name, total=total)
            for sent in shipper.send(_lines(file, rebased=rebased), per_second=rate):
                size += sent
                progress.advance(task, sent + 1)
    if final:
        shipper.finish(max(windows, default=DAY_MS))
    shipper.close()
    return Shipped(shipper.lines, size, round(time.monotonic() - begun, 3))


def _lines(file: Path, *, rebased: bool) -> Iterator[bytes]:
    if str(file) == "-":
        yield from (line.removesuffix(b"\n") for line in sys.stdin.buffer)
        return
    move = None
    if rebased:
        with file.open("rb") as lines:
            times = [time_ms for line in lines if (time_ms := time_of(line)) is not None]
        now_ms = time.time_ns() // 1_000_000
        if times:
            move = rebase(min(times), max(times), now_ms - REBASED_MS, now_ms)
    with file.open("rb") as lines:
        for line in lines:
            bare = line.removesuffix(b"\n")
            yield move(bare) if move else bare
