"""Which cells of a window are shared: those with a large enough crowd; the others as a sum, or not at all.

    cells of all partitions --merge--> one cell for each combination --split--> published, rest, withheld

The privacy policy lets out only what "does not enable identification of an individual user" (section 6).
Rules:

1. A cell is published if at least k visitors *and* at least k address prefixes stand behind it. k people
   who cannot be told apart: k-anonymity (Sweeney, "k-anonymity: a model for protecting privacy", 2002,
   section 3; minimum group sizes in NIST SP 800-188, "De-Identifying Government Datasets", 2023). A visitor
   is an address with a user agent, and user agents are free to forge, so visitors alone would let one
   machine be a crowd.
2. What is below goes into one rest row a site: complementary suppression (NIST SP 800-188), so that totals
   stay useful and a single small cell cannot be had by subtraction.
3. A rest row is published if its cells' visitors sum to at least k * c, and their prefixes' union to at
   least k. A visitor counts in up to c cells, so a sum of k * c holds at least k distinct visitors, and no
   less will do.
4. Sums stay inside a site: visitors and prefixes are tokens under one site's day key, so the same person has
   another token on each site, and a sum over sites would count that person more than once.
5. What is still below is withheld: counted nowhere in the release, not even as a number of cells.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from pipeline.model import Cell


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """The decision on a window's cells: each is in exactly one of the three, by itself or in a sum."""

    published: tuple[Cell, ...]
    rest: tuple[Cell, ...]  # one a site; dimensions other than the site are empty; visitors is the sum over cells
    withheld: tuple[Cell, ...]  # same shape; never leaves the process


def merge(cells: Iterable[Cell]) -> dict[tuple[str, ...], Cell]:
    """Sum the partitions' shares of each cell.

    Visitors are disjoint between partitions, so they add up; prefixes are not, so they are united. A share
    lists at most k prefixes: the union reaches k exactly if the true one does.
    """
    merged: dict[tuple[str, ...], list[Cell]] = {}
    for cell in cells:
        merged.setdefault(cell.dimensions, []).append(cell)
    return {dimensions: _sum(dimensions, shares) for dimensions, shares in merged.items()}


def split(cells: Mapping[tuple[str, ...], Cell], *, k: int, max_cells: int, site: int | None) -> Split:
    """Decide on merged cells. `site`: place of the site among the dimensions, None if it is not one."""
    published = []
    below: dict[str, list[Cell]] = {}
    for cell in cells.values():
        if _is_crowd(cell, visitors=k, prefixes=k):
            published.append(cell)
        else:
            below.setdefault("" if site is None else cell.dimensions[site], []).append(cell)
    sums = [_sum(_only_site(group[0].dimensions, site), group) for group in below.values()]
    rest = tuple(cell for cell in sums if _is_crowd(cell, visitors=k * max_cells, prefixes=k))
    withheld = tuple(cell for cell in sums if not _is_crowd(cell, visitors=k * max_cells, prefixes=k))
    return Split(published=tuple(published), rest=rest, withheld=withheld)


def _is_crowd(cell: Cell, *, visitors: int, prefixes: int) -> bool:
    return cell.visitors >= visitors and len(cell.prefixes) >= prefixes


def _only_site(dimensions: tuple[str, ...], site: int | None) -> tuple[str, ...]:
    return tuple(value if index == site else "" for index, value in enumerate(dimensions))


def _sum(dimensions: tuple[str, ...], cells: Sequence[Cell]) -> Cell:
    return Cell(
        dimensions=dimensions,
        views=sum(cell.views for cell in cells),
        visitors=sum(cell.visitors for cell in cells),
        prefixes=tuple({prefix for cell in cells for prefix in cell.prefixes}),
    )
