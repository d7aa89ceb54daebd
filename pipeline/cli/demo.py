"""`pii-pipeline demo`: the whole pipeline on this machine, with a day of traffic that is made up or yours."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from pipeline.cli.demo_view import Account, account, show, summary
from pipeline.cli.local import shown_progress
from pipeline.cli.scrub import unusable
from pipeline.cli.ship import REBASED_MS, ship_files, undeclared
from pipeline.config import PREFIX, ROOT, Settings, load_settings
from pipeline.datasets.windows import first_window_start
from pipeline.errors import ConfigError, TransientError
from pipeline.kafka import local, topic_plan
from pipeline.kafka.patience import wait_for
from pipeline.policy.load import load_policy
from pipeline.protect.sealing import create_key_pair
from pipeline.traffic import lines

STAGES = ("sanitize", "aggregate", "control")
PATIENCE_S = 180
SITE = "www.atera.com"
OWN_SITE = "demo.example"
STATE = ROOT / ".local" / "demo"
MARKER = "made-by-demo"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(
    files: Annotated[list[Path] | None, typer.Argument(help="Logs of your own; their times are moved.")] = None,
    site: Annotated[str, typer.Option(help="Site of the policy that the logs are of.")] = "",
    state_dir: Annotated[Path, typer.Option(help="Wiped at the start, if a demo made it.")] = STATE,
    show_raw: Annotated[bool, typer.Option("--show-raw", help="Your own lines with their addresses.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The account as one JSON document.")] = False,
) -> None:
    """Run everything on a day of traffic and show what became of it.

    Exit code 1 if the account is not even, or no line came out. 2 if the files or the site cannot be used.

    The broker stays up afterwards, so that you can look. Example: pii-pipeline demo access.log
    """
    console = Console(stderr=as_json)
    site = site or (OWN_SITE if files else SITE)
    given, policy = files or [], load_policy(load_settings().policy_dir)
    problems = [*unusable(given), *_wiped(given, state_dir), *undeclared(site, policy)]
    if problems:
        raise ConfigError(problems)
    state_dir = own_folder(state_dir)
    settings = _prepare(state_dir, site)
    shipped = files or [_made_up(state_dir / "access.log")]
    began = first_window_start(time.time_ns() // 1_000_000)
    with _running(settings) as workers:
        console.print("shipping, sanitizing, aggregating, releasing ...")
        ship_files(settings, shipped, rebased=bool(files), final=True)
        found = _wait(settings, began, workers)
    if as_json:
        print(msgspec.json.encode(found.figures()).decode())
    else:
        show(console, settings, found, masked=bool(files) and not show_raw)
    if not found.came_out:
        print(f"No line came out, so there is nothing to release: {summary(found)}", file=sys.stderr)
    raise typer.Exit(0 if found.even and found.came_out else 1)


def _wiped(files: list[Path], state_dir: Path) -> Iterator[str]:
    for file in files:
        if file.resolve().is_relative_to(state_dir.resolve()):
            yield f"{file}: in {state_dir}, which is wiped at the start"


def own_folder(folder: Path) -> Path:
    """Return the demo's folder, emptied and closed to others; `ConfigError` if what is in it is not a demo's."""
    folder, marker = folder.absolute(), folder.absolute() / MARKER
    try:
        if folder != STATE and folder.exists() and any(folder.iterdir()) and not marker.exists():
            raise ConfigError([f"{folder}: not empty, and no demo made it; it would be wiped: name another folder"])
        local.down(folder)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # it holds raw lines and keys
        marker.write_text("`pii-pipeline demo` wipes this folder when it starts.\n")
        for inside in folder.iterdir():
            if inside.is_dir() and not inside.is_symlink():
                shutil.rmtree(inside)
            elif inside != marker:
                inside.unlink()
    except OSError as error:
        raise ConfigError([f"{folder}: {error.strerror}"]) from error
    return folder


def _prepare(state_dir: Path, site: str) -> Settings:
    """Start the servers, make the officer's keys and the topics."""
    with shown_progress() as progress:
        stack = local.up(state_dir, progress=progress)
    create_key_pair(state_dir / "officer")
    own = {
        f"{PREFIX}STATE_DIR": str(state_dir),
        f"{PREFIX}KMS_DIR": str(state_dir / "kms"),
        f"{PREFIX}OFFICER_PUBLIC_KEY": str(state_dir / "officer" / "public.json"),
        f"{PREFIX}SITE": site,
        # whatever the environment names else: a demo never touches another broker
        **{f"{PREFIX}{name.upper()}": value for name, value in msgspec.structs.asdict(stack).items()},
    }
    os.environ.update(own)  # the workers read the same
    settings = load_settings()
    policy = load_policy(settings.policy_dir)
    wait_for("kafka", lambda: topic_plan.apply(topic_plan.deployment(settings, policy.retention)), turn=lambda: None)
    return settings


def _made_up(file: Path) -> Path:
    now_ms = time.time_ns() // 1_000_000
    seed = secrets.randbits(32)
    file.write_bytes(b"".join(line.text + b"\n" for line in lines(seed, now_ms - REBASED_MS, now_ms)))
    return file


@contextmanager
def _running(settings: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run one worker of each stage while the body runs; stop them cleanly."""
    folder = settings.state_dir / "log"
    folder.mkdir(exist_ok=True)
    workers = [_start(stage, folder / f"{stage}.log") for stage in STAGES]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()


def _start(stage: str, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen([sys.executable, "-m", "pipeline.cli", "run", stage], stdout=file, stderr=file)  # noqa: S603


def _wait(settings: Settings, began_ms: int, workers: list[subprocess.Popen[bytes]]) -> Account:
    """Wait until every line is accounted and every window released, or there is none."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = account(settings, began_ms)
        if found.even and (found.complete or not found.windows):
            return found
        ended = [stage for stage, worker in zip(STAGES, workers, strict=True) if worker.poll() is not None]
        if ended:
            raise TransientError(f"{', '.join(ended)} ended; see {settings.state_dir / 'log'}")
        if time.monotonic() > deadline:
            problem = f"not done after {PATIENCE_S} s: {found.figures()}; see {settings.state_dir / 'log'}"
            raise TransientError(problem)
        time.sleep(2)
