"""Visits of one window -> cells, each visitor's contribution bounded: one vectorized query.

A visitor counts in at most c cells with at most m views each (Dataset.max_cells, max_events), so nobody moves a
published number by more. Which c cells is decided by a hash over (visitor token, cell): the token is a PRF under the
day key, unknown outside, so nobody can choose the cells to push out; and it does not depend on the order in which
visits came. Polars keeps the hash stable within a version.
"""

from collections.abc import Iterator

import polars as pl

from pipeline.model import Cell
from pipeline.policy.model import Dataset

PRF_BYTES = 16


def cells(visits: pl.DataFrame, dataset: Dataset) -> Iterator[Cell]:
    """Yield the cells, ordered by their dimensions. `visits`: those of one window, tokens as 128-bit numbers."""
    dimensions = list(dataset.dimensions)
    # contributions: visitor, cell, prefix, views
    contributions = visits.group_by("visitor", *dimensions).agg(
        pl.col("prefix").first(), pl.len().clip(upper_bound=dataset.max_events).alias("views")
    )
    counted = _at_most(contributions, dataset)
    # found: cell, views, visitors, prefixes
    found = counted.group_by(dimensions).agg(
        pl.col("views").sum(),
        pl.len().alias("visitors"),
        pl.col("prefix").unique().sort().head(dataset.k).alias("prefixes"),
    )
    words = found.with_columns(pl.col(dimensions).cast(pl.String)).sort(dimensions)
    for *values, views, visitors, prefixes in words.iter_rows():
        numbers = [prefix.to_bytes(PRF_BYTES, "little", signed=True) for prefix in prefixes]
        yield Cell(tuple(values), views, visitors, tuple(numbers))


def _at_most(contributions: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """Keep at most c cells a visitor; only those of visitors with more are ranked, they are few."""
    many = contributions.group_by("visitor").len().filter(pl.col("len") > dataset.max_cells).select("visitor")
    if many.is_empty():
        return contributions
    ranked = contributions.join(many, on="visitor", how="semi")
    hashed = pl.struct("visitor", *dataset.dimensions).hash(seed=0)
    kept = ranked.filter(hashed.rank("ordinal").over("visitor") <= dataset.max_cells)
    return pl.concat([contributions.join(many, on="visitor", how="anti"), kept])
