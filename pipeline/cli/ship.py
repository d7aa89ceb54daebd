"""`pii-pipeline ship`: files into a raw topic."""

import sys
import time
from collections.abc import Iterable, Iterator
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
from pipeline.policy.model import Policy
from pipeline.sources.merge import merge
from pipeline.sources.rebase import rebase, time_of

REBASED_MS = 20 * HOUR_MS
_STDIN = Path("-")


class Format(StrEnum):
    """What a record holds."""

    LINE = "line"
    FILEBEAT = "filebeat"


class Shipped(msgspec.Struct, frozen=True):
    """What was sent."""

    lines: int
    bytes: int
    seconds: float
    too_long: int  # lines that were not sent: no record may be so long


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
    """Send files to a raw topic, as a log shipper would; several are merged by time.

    Exit code 1 if a line was too long for a record; all others are sent. 2 for a site that is not declared.

    Example: pii-pipeline ship --site demo.example --rebase --final access.log
    """
    settings = load_settings()
    if not (site or settings.site):
        print("no --site is given: a worker without PII_PIPELINE_SITE denies these lines", file=sys.stderr)
    done = ship_files(settings, files, topic=topic, site=site, rate=rate, form=form, rebased=rebased, final=final)
    if as_json:
        print(msgspec.json.encode(done).decode())
    else:
        Console(stderr=True).print(f"{done.lines:,} lines, {done.bytes:,} bytes in {done.seconds:.1f} s")
    if done.too_long:
        print(f"{done.too_long} lines are too long for a record and were not sent", file=sys.stderr)
        raise typer.Exit(1)


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
    """Send files with a progress bar; `ConfigError` names every file that is missing, and an undeclared site."""
    policy = load_policy(settings.policy_dir)
    missing = [f"{file}: no such file" for file in files if file != _STDIN and not file.is_file()]
    if rebased and _STDIN in files:
        missing.append("--rebase reads a file twice: not standard input")
    if not settings.kafka_servers:
        missing.append("PII_PIPELINE_KAFKA_SERVERS is not set, and no local stack is up (`pii-pipeline local up`)")
    missing += undeclared(site, policy)
    if missing:
        raise ConfigError(missing)
    windows = [dataset.window_seconds * 1_000 for dataset in policy.datasets]
    shipper = Shipper(settings, topic, site=site, filebeat=form is Format.FILEBEAT)
    begun, size = time.monotonic(), 0
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    total = None if _STDIN in files else sum(file.stat().st_size for file in files)
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"-> {topic}", total=total)
        for sent in shipper.send(_lines(files, rebased=rebased), per_second=rate):
            size += sent
            progress.advance(task, sent + 1)
    if final:
        shipper.finish(max(windows, default=DAY_MS))
    shipper.close()
    return Shipped(shipper.lines, size, round(time.monotonic() - begun, 3), shipper.too_long)


def undeclared(site: str, policy: Policy) -> list[str]:
    """Return what to say of a site that the policy does not know: sanitize would deny all of its lines."""
    declared = [known.id for known in policy.sites]
    if not site or site in declared:
        return []
    return [f"site {site}: not declared in the policy, which has {', '.join(declared)}"]


def _lines(files: list[Path], *, rebased: bool) -> Iterator[bytes]:
    now_ms = time.time_ns() // 1_000_000
    merged = merge([_read(file) for file in files], now_ms)
    if not rebased:
        return merged
    times = [time_ms for file in files for line in _read(file) if (time_ms := time_of(line)) is not None]
    return map(rebase(min(times), max(times), now_ms - REBASED_MS, now_ms), merged) if times else merged


def _read(file: Path) -> Iterable[bytes]:
    if file == _STDIN:
        yield from (line.removesuffix(b"\n") for line in sys.stdin.buffer)
        return
    with file.open("rb") as lines:
        yield from (line.removesuffix(b"\n") for line in lines)
