"""Builders for tests of releases: a policy, its dataset, partials, also from visitors known one by one."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.model import HOUR_MS, Cell, Partial
from pipeline.policy.model import Dataset, Detection, Method, Policy, Retention, Vocabulary

WINDOW = 480_000 * HOUR_MS
DIMENSIONS = ("site", "page", "country", "device_class")


class Visitor(NamedTuple):
    """One visitor of a window: the partition its token falls in, its address prefix, its views by cell."""

    partition: int
    prefix: int
    views: Mapping[tuple[str, ...], int]


def make_dataset(*, k: int = 3, max_cells: int = 2, max_events: int = 10, topic: str = "anon.page_views") -> Dataset:
    return Dataset(
        id="page_views",
        topic=topic,
        window_seconds=3600,
        dimensions=DIMENSIONS,
        max_cells=max_cells,
        max_events=max_events,
        k=k,
        purpose="statistics",
        section="6",
    )


def make_policy(dataset: Dataset | None = None) -> Policy:
    return Policy(
        version="2016-07",
        posted="2016-07-01",
        effective="2016-07-11",
        controller="example",
        hash="ab" * 32,
        recognizers="cd" * 32,
        detection=Detection(minimum_score_percent=40, budget_ms=20, otherwise=Method.REPLACE, rules=(), section="1"),
        purposes=(),
        categories=(),
        sites=(),
        sources=(),
        vocabulary=Vocabulary(path_segments=(), methods=(), browsers=(), operating_systems=(), section="4.4"),
        datasets=(dataset or make_dataset(),),
        retention=(Retention(topic="partials", seconds=345_600, section="12"),),
    )


def make_cell(page: str, visitors: int, *, site: str = "shop", prefixes: Sequence[int] | None = None) -> Cell:
    """Return a cell of that many visitors with two views each, by default from as many prefixes."""
    found = range(visitors) if prefixes is None else prefixes
    return Cell(
        dimensions=(site, page, "DE", "desktop"),
        views=2 * visitors,
        visitors=visitors,
        prefixes=tuple(number.to_bytes(4, "big") for number in found),
    )


def make_partial(
    *cells: Cell,
    partition: int = 0,
    partitions: int = 1,
    chunk: int = 0,
    chunks: int = 1,
    window: int = WINDOW,
    policy: str = "",
    gap: bool = False,
    late: int = 0,
) -> Partial:
    return Partial(
        dataset="page_views",
        window_start=window,
        window_end=window + HOUR_MS,
        partition=partition,
        partitions=partitions,
        chunk=chunk,
        chunks=chunks,
        policy=policy or make_policy().stamp,
        visits=sum(cell.views for cell in cells),
        late=late,
        gap=gap,
        cells=cells,
    )


def partials_of(visitors: Sequence[Visitor], partitions: int, k: int) -> list[Partial]:
    """Count visitors into partials as aggregate does: per partition, prefixes capped at k."""
    made = []
    for partition in range(partitions):
        mine = [visitor for visitor in visitors if visitor.partition == partition]
        cells = []
        for dimensions in sorted({cell for visitor in mine for cell in visitor.views}):
            inside = [visitor for visitor in mine if dimensions in visitor.views]
            prefixes = sorted({visitor.prefix.to_bytes(4, "big") for visitor in inside})[:k]
            views = sum(visitor.views[dimensions] for visitor in inside)
            cells.append(Cell(dimensions, views, len(inside), tuple(prefixes)))
        made.append(make_partial(*cells, partition=partition, partitions=partitions))
    return made
