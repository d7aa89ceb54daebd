"""All partials of a window -> the records published: rows in random order, then the manifest (policy 6).

Rows are shuffled because the order in which cells were found follows the order of visits. The manifest says
how the release was made. Of what was suppressed it says only *whether* there was any: an exact number of
small cells or of their visitors is itself a count below k, and across windows it would tell when one rare
visitor came.
"""

from collections.abc import Callable, Sequence

import msgspec

from pipeline.datasets.thresholds import Split, merge, split
from pipeline.errors import ContractError
from pipeline.model import Cell, Partial
from pipeline.policy.model import Dataset, Policy

ROW_FIELDS = ("window_start", "window_end", "rest", "views", "visitors", "policy")
"""Fields of every dataset's row (`_row`); the others are its dimensions."""
AvroRecord = dict[str, str | int | bool]


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """What goes out for one (dataset, window), as records of schemas anon.<dataset> and anon.manifest."""

    dataset: str
    window_start: int
    window_end: int
    rows: tuple[AvroRecord, ...]
    manifest: AvroRecord

    @property
    def withheld(self) -> bool:
        """Whether the whole window was withheld; then there are no rows."""
        return bool(self.manifest["withheld"])


def release(
    partials: Sequence[Partial],
    dataset: Dataset,
    policy: Policy,
    *,
    shuffle: Callable[[list[AvroRecord]], None],
    complete: bool = True,
) -> Release:
    """Make the release of a window from its partials.

    The whole window is withheld if input was lost (`gap`), if the partials are not `complete`, or if a
    partial was made under another policy than the one in force now: its bounds c and m, which rest on that
    policy, are then unknown here. `shuffle` orders a list at random, in place, from the system's entropy.
    """
    if not partials:
        raise ContractError("a release needs a partial")
    first = partials[0]
    withheld = not complete or any(part.gap or part.policy != policy.stamp for part in partials)
    cells = {} if withheld else merge(cell for part in partials for cell in part.cells)
    site = dataset.dimensions.index("site") if "site" in dataset.dimensions else None
    decision = split(cells, k=dataset.k, max_cells=dataset.max_cells, site=site)
    rows = [_row(cell, first, dataset, policy, rest=False) for cell in decision.published]
    rows += [_row(cell, first, dataset, policy, rest=True) for cell in decision.rest]
    shuffle(rows)
    manifest: AvroRecord = {
        "dataset": dataset.id,
        "window_start": first.window_start,
        "window_end": first.window_end,
        "policy_version": policy.version,
        "policy_hash": policy.hash,
        "k": dataset.k,
        "max_cells": dataset.max_cells,
        "max_events": dataset.max_events,
        "rows": len(rows),
        "rest": "withheld" if withheld else _rest(decision),
        "suppressed": withheld or bool(decision.rest or decision.withheld),
        "late": sum(part.late for part in partials),
        "withheld": withheld,
    }
    return Release(
        dataset=dataset.id,
        window_start=first.window_start,
        window_end=first.window_end,
        rows=tuple(rows),
        manifest=manifest,
    )


def _rest(decision: Split) -> str:
    if decision.withheld:
        return "withheld"
    return "published" if decision.rest else "none"


def _row(cell: Cell, window: Partial, dataset: Dataset, policy: Policy, *, rest: bool) -> AvroRecord:
    if len(cell.dimensions) != len(dataset.dimensions):
        raise ContractError("a cell does not have its dataset's dimensions")
    return {
        "window_start": window.window_start,
        "window_end": window.window_end,
        "rest": rest,
        **dict(zip(dataset.dimensions, cell.dimensions, strict=True)),
        "views": cell.views,
        "visitors": cell.visitors,
        "policy": policy.stamp,
    }
