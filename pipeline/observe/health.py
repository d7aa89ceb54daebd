"""Alive: the loop turned within a minute. Ready: it has its part of the work and its last step succeeded."""

import time
from collections.abc import Callable

ALIVE_S = 60.0


class Health:
    """Two answers about a loop, for /healthz and /readyz; the loop writes, the server's thread reads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_turn = clock()
        self._joined = False
        self._succeeded: dict[str, bool] = {}

    def turn(self) -> None:
        """Say that the loop turned (waiting for a server that is away is turning, too)."""
        self._last_turn = self._clock()

    def joined(self) -> None:
        """Say that the process has its part of the work, which may be to stand by."""
        self._joined = True

    def step(self, *, succeeded: bool, name: str = "") -> None:
        """Say how the last transaction, or whatever is the step of the loop `name`, ended."""
        self._succeeded[name] = succeeded

    @property
    def healthy(self) -> bool:
        """Whether the loop turned within `ALIVE_S`."""
        return self._clock() - self._last_turn < ALIVE_S

    @property
    def ready(self) -> bool:
        """Whether the process is alive, has its part of the work, and succeeded at it last."""
        return self.healthy and self._joined and all(self._succeeded.values())
