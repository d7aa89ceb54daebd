"""The command `pii-pipeline`: one module a command group; each module offers `register(app)`."""

import importlib
import sys

import typer

from pipeline.errors import ConfigError

GROUPS = ("local", "topics", "policy", "run", "ship", "scrub", "demo", "quarantine", "keys")


def main() -> None:
    """Run the command; a wrong configuration ends with every problem on stderr and exit code 2."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
    for group in GROUPS:
        try:
            importlib.import_module(f"pipeline.cli.{group}").register(app)
        except ModuleNotFoundError as error:
            if error.name != f"pipeline.cli.{group}":
                raise
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(2)
