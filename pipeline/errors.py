"""What can go wrong, and what the process must do about it.

    PipelineError
    ├── ConfigError      stop at the start, exit code 2, every problem at once
    │   └── PolicyError  same, for the policy's files
    ├── TransientError   wait with backoff and try again: broker, registry or store is away
    ├── LostInputError   input was deleted before it was read: stop, exit code 3; a person decides
    └── ContractError    our bug: stop; the restart begins at the committed offset

Bad *data* is never an exception: it is a value (`pipeline.model.Rejected`) that ends in quarantine.
No message of an exception may hold a value that came from a record.
"""

from collections.abc import Sequence


class PipelineError(Exception):
    """Base of all errors of this project; never raised itself."""


class ConfigError(PipelineError):
    """The deployment is wrong: stop at the start and name every problem at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class PolicyError(ConfigError):
    """The policy's files are wrong; each problem names its file and line."""


class TransientError(PipelineError):
    """A server is away for now: wait and try again."""


class LostInputError(PipelineError):
    """The broker no longer has what comes next; the message says how many offsets are lost."""


class ContractError(PipelineError):
    """A promise between our own parts was broken: stop."""
