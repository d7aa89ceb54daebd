"""A partial: one visits partition's share of one (dataset, window), as chunk i of n (design: Aggregate)."""

import msgspec


class Cell(msgspec.Struct, frozen=True):
    """Bounded counts of one combination of dimensions in one visits partition.

    Visitors are disjoint between partitions, so they add up. Address prefixes are not: `prefixes` holds at
    most k distinct prefix tokens, enough to decide exactly whether their union reaches k.
    """

    dimensions: tuple[str, ...]
    views: int
    visitors: int
    prefixes: tuple[bytes, ...]


class Partial(msgspec.Struct, frozen=True):
    """All cells of (dataset, window, partition) in `chunks` records; an empty one says "nothing here".

    Times are ms since the epoch. `visits` counts the rows behind the cells (chunk 0 only), `late` those that
    came after their window had closed since this partition's previous close (chunk 0 only). `gap`: offsets
    were lost.
    """

    dataset: str
    window_start: int
    window_end: int
    partition: int
    partitions: int
    chunk: int
    chunks: int
    policy: str
    visits: int
    late: int
    gap: bool
    cells: tuple[Cell, ...]
