"""A cache bounded in bytes, of raw values and what their treatment makes of them.

It holds personal data for as long as the day key lives, so it never shows itself and never leaves the
process.
"""

from collections.abc import Callable, Hashable
from typing import Never, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MAX_ENTRY = 512
"""Bytes; what is larger is seldom seen twice."""
OVERHEAD = 300
"""Bytes that CPython needs for an entry: slot, key and value objects."""


class Memo(dict[K, V]):
    """raw -> treated; a dict, because its look-ups cost 40 ns where a method's cost 150.

    Two generations stand in for strict order of use: when the young one has used half of the budget it
    becomes the old one, whose entries are taken over when they are asked for again.
    """

    __slots__ = ("_budget", "_old", "_treat", "_used", "_weigh")

    def __init__(self, treat: Callable[[K], V], weigh: Callable[[K, V], int], budget: int) -> None:
        """Take the treatment, the size in bytes of an entry, and the bytes to use at most."""
        super().__init__()
        self._treat = treat
        self._weigh = weigh
        self._budget = budget
        self._used = 0
        self._old: dict[K, V] = {}

    def __missing__(self, raw: K) -> V:
        value = self._old[raw] if raw in self._old else self._treat(raw)
        size = self._weigh(raw, value)
        if size > MAX_ENTRY:
            return value
        self._used += size + OVERHEAD
        if self._used > self._budget // 2:
            self._old = dict(self)
            self.clear()
            self._used = size + OVERHEAD
        self[raw] = value
        return value

    def __repr__(self) -> str:
        return f"Memo({len(self)} entries)"

    __str__ = __repr__

    def __reduce_ex__(self, _protocol: object) -> Never:
        raise TypeError("a Memo holds raw values: it is never pickled")
