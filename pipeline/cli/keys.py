"""`pii-pipeline keys`: the officer's key pair, and the states of day keys. Never shows a key."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.compose import Checked, keep_keys, now_ms
from pipeline.config import load_settings
from pipeline.model import DAY_MS
from pipeline.protect.sealing import create_key_pair
from pipeline.sources.rebase import clf
from pipeline.store import day_keys
from pipeline.store.engine import migrate

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
            "day": clf(state.day * DAY_MS).decode()[:11],
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
