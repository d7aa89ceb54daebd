"""Visits of one window -> cells, each visitor's contribution bounded (policy 6): one vectorized query.

A visitor counts in at most c cells with at most m views each (Dataset.max_cells, max_events), so nobody moves a
published number by more. Which c cells is decided by a hash over (visitor token, cell): the token is a PRF under the
day key, unknown outside, so nobody can choose the cells to push out; and it does not depend on the order in which
visits came. Polars keeps the hash stable within a version.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from pipeline.model import Cell
from pipeline.policy.model import Dataset

PRF_BYTES = 16
SHARES = 8


def cells(frames: Sequence[pl.DataFrame], within: pl.Expr, dataset: Dataset) -> Iterator[Cell]:
    """Yield the cells of the visits `within` a window, ordered by their dimensions. Tokens are 128-bit numbers.

    Visitors are taken in `SHARES` groups: their shares of a cell add up, and memory peaks at one share.
    """
    dimensions = list(dataset.dimensions)
    share = pl.col("visitor").hash(seed=0) % SHARES
    shares = [
        _share(pl.concat([frame.filter(within & (share == number)) for frame in frames]), dataset)
        for number in range(SHARES)
        if frames
    ]
    if not shares:
        return
    # found: cell, views, visitors, prefixes
    found = (
        pl.concat(shares)
        .group_by(dimensions)
        .agg(
            pl.col("views", "visitors").sum(),
            pl.col("prefixes").list.explode(keep_nulls=False, empty_as_null=False).unique().sort().head(dataset.k),
        )
    )
    words = found.with_columns(pl.col(dimensions).cast(pl.String)).sort(dimensions)
    for *values, views, visitors, prefixes in words.iter_rows():
        numbers = [prefix.to_bytes(PRF_BYTES, "little", signed=True) for prefix in prefixes]
        yield Cell(tuple(values), views, visitors, tuple(numbers))


def _share(visits: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Count the bounded contributions of some visitors: cell, views, visitors, at most k prefixes."""
    dimensions = list(dataset.dimensions)
    # contributions: visitor, cell, prefix, views
    contributions = visits.group_by("visitor", *dimensions).agg(
        pl.col("prefix").first(), pl.len().clip(upper_bound=dataset.max_events).alias("views")
    )
    return (
        _at_most(contributions, dataset)
        .group_by(dimensions)
        .agg(
            pl.col("views").sum(),
            pl.len().alias("visitors"),
            pl.col("prefix").unique().sort().head(dataset.k).alias("prefixes"),
        )
    )


def _at_most(contributions: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Keep at most c cells a visitor; only those of visitors with more are ranked, they are few."""
    many = contributions.group_by("visitor").len().filter(pl.col("len") > dataset.max_cells).select("visitor")
    if many.is_empty():
        return contributions
    ranked = contributions.join(many, on="visitor", how="semi")
    hashed = pl.struct("visitor", *dataset.dimensions).hash(seed=0)
    kept = ranked.filter(hashed.rank("ordinal").over("visitor") <= dataset.max_cells)
    return pl.concat([contributions.join(many, on="visitor", how="anti"), kept])
