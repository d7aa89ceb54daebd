"""`pii-pipeline keys`: the officer's key pair; day keys, their states and their end. Never shows a key."""

from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.compose import Checked, keep_keys, now_ms
from pipeline.config import load_settings
from pipeline.errors import ConfigError
from pipeline.protect.sealing import create_key_pair
from pipeline.sources.rebase import clf
from pipeline.store import day_keys
from pipeline.store.engine import migrate

EPOCH = date(1970, 1, 1).toordinal()
"""Day keys count UTC days from here."""

group = typer.Typer(no_args_is_help=True, help="The privacy officer's key pair, and day keys.")


def register(app: typer.Typer) -> None:
    """Add the group `keys`."""
    app.add_typer(group, name="keys")


@group.command()
def officer(
    out: Annotated[Path | None, typer.Option(help="Folder; default: that of the settings' public key.")] = None,
) -> None:
    """Make the privacy officer's key pair; never overwrites one. Keep private.json off the pipeline's machines.

    Example: pii-pipeline keys officer --out ./officer
    """
    folder = out or load_settings().officer_public_key.parent
    create_key_pair(folder)
    Console().print(f"private  {folder / 'private.json'}\npublic   {folder / 'public.json'}", highlight=False)


@group.command(name="list")
def list_keys(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """List the day keys: site, day, key id, and whether they live.

    Example: pii-pipeline keys list --json
    """
    checked = Checked(load_settings())
    migrate(checked.engine)
    found = [
        {
            "site": state.site,
            "day": str(date.fromordinal(EPOCH + state.day)),
            "key_id": state.key_id.hex(),
            "state": "live" if state.destroyed_ms is None else "destroyed",
        }
        for state in day_keys.states(checked.engine)
    ]
    if as_json:
        print(msgspec.json.encode(found).decode())
        return
    table = Table("site", "day", "key id", "state")
    for row in found:
        table.add_row(*row.values())
    Console().print(table)


@group.command()
def keep() -> None:
    """Destroy the day keys whose time is over and make those that are due, as `run control` does each hour.

    Example: pii-pipeline keys keep
    """
    checked = Checked(load_settings())
    migrate(checked.engine)
    keep_keys(checked)
    Console().print(f"{clf(now_ms()).decode()}: kept")


@group.command()
def destroy(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A site of the policy.")],
    day: Annotated[str, typer.Argument(metavar="DAY", help="A UTC day, as 2026-07-24.")],
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone; without this nothing is done.")] = False,
) -> None:
    """Destroy the key of a site's day before its time. Stop sanitize's workers first: they hold keys in memory.

    Example: pii-pipeline keys destroy www.atera.com 2026-07-24 --yes
    """
    checked = Checked(load_settings())
    problems = [] if site in checked.sites else [f"site {site}: not declared in the policy"]
    try:
        number = date.fromisoformat(day).toordinal() - EPOCH
    except ValueError:
        raise ConfigError([*problems, f"day {day}: not a day as 2026-07-24"]) from None
    if not problems and not yes:
        problems = ["nothing was destroyed: it cannot be undone; say --yes"]
    if problems:
        raise ConfigError(problems)
    migrate(checked.engine)
    if day_keys.destroy(checked.engine, [(site, number)], now_ms=now_ms()):
        print(f"destroyed: the day key of {site}, {day}")
    else:
        print(f"nothing was destroyed: there is no live day key of {site}, {day}")
