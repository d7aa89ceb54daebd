"""The command `pii-pipeline`: one module a command group; each module offers `register(app)`."""

import importlib
import logging
import os
import sys

import typer

from pipeline.errors import ConfigError, TransientError
from pipeline.observe.logs import configure_logs, crashed

EX_SOFTWARE = 70
HELP = (
    "Enforces a privacy policy on Kafka streams. First steps: `pii-pipeline scrub access.log`, `pii-pipeline demo`."
)
GROUPS = ("local", "topics", "policy", "run", "ship", "scrub", "detect", "demo", "quarantine", "keys")


def main() -> None:
    """Run the command.

    Exit code 2: wrong configuration, every problem on stderr. 1: a server did not answer. 70 (EX_SOFTWARE of
    sysexits.h): a defect; its place is logged, its text is not, for it may quote what was read.
    """
    os.umask(0o077)  # keys and raw lines: parents of a folder and the servers' own files, too, are for us alone
    configure_logs(logging.WARNING)  # to stderr: what a command answers stands alone on stdout
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=HELP)
    for group in GROUPS:
        importlib.import_module(f"pipeline.cli.{group}").register(app)
    try:
        app()
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        sys.exit(2)
    except TransientError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001  # Python would print its text
        crashed(error)
        sys.exit(EX_SOFTWARE)
