"""Which cells are shared, by tables: just at, just below, and what sums may show."""

import pytest

from pipeline.datasets.thresholds import merge, split
from tests.releases import make_cell

K, C, SITE = 3, 2, 0


def decide(*cells):
    return split(merge(cells), k=K, max_cells=C, site=SITE)


@pytest.mark.parametrize(
    ("visitors", "prefixes", "published"),
    [
        (3, 3, True),
        (2, 2, False),  # one visitor short
        (9, 2, False),  # many user agents from two networks are no crowd
        (2, 3, False),  # prefixes do not stand in for visitors
    ],
)
def test_a_cell_is_published_only_with_k_visitors_and_k_prefixes(visitors, prefixes, published):
    decision = decide(make_cell("/a", visitors, prefixes=range(prefixes)))
    assert bool(decision.published) is published


def test_shares_of_partitions_add_visitors_and_unite_prefixes():
    """Two partitions with two visitors each behind the same two networks: four visitors, but two prefixes."""
    one = make_cell("/a", 2, prefixes=[1, 2])
    other = make_cell("/a", 2, prefixes=[2, 1])
    (cell,) = merge([one, other]).values()
    assert (cell.visitors, cell.views, len(cell.prefixes)) == (4, 8, 2)
    assert not decide(one, other).published
    assert decide(one, make_cell("/a", 1, prefixes=[3])).published


@pytest.mark.parametrize(
    ("sizes", "rest"),
    [
        ((2, 2, 2), 6),  # k * c
        ((2, 2, 1), None),  # one less: perhaps two people only, each in two cells
        ((2,), None),  # a rest of one cell is that cell
    ],
)
def test_a_rest_row_needs_k_times_c_visitors(sizes, rest):
    cells = [
        make_cell(f"/{number}", size, prefixes=range(10 * number, 10 * number + size))
        for number, size in enumerate(sizes)
    ]
    decision = decide(*cells)
    assert [cell.visitors for cell in decision.rest] == ([] if rest is None else [rest])
    assert bool(decision.withheld) is (rest is None)


def test_a_rest_row_needs_k_prefixes_in_all():
    """A hundred forged user agents from two networks do not open the rest row."""
    decision = decide(make_cell("/a", 100, prefixes=[1, 2]), make_cell("/b", 1, prefixes=[1]))
    assert decision.rest == ()
    assert decision.withheld[0].visitors == 101


def test_rests_of_two_sites_are_not_added():
    """The same three people have other tokens on each site: two sites' rests of three are not six people."""
    shop = [make_cell(f"/{number}", 1, site="shop", prefixes=[number]) for number in range(3)]
    blog = [make_cell(f"/{number}", 1, site="blog", prefixes=[number + 10]) for number in range(3)]
    decision = decide(*shop, *blog)
    assert decision.rest == ()
    assert len(decision.withheld) == 2


def test_a_rest_row_names_its_site_and_nothing_else():
    cells = [make_cell(f"/{number}", 2, prefixes=[number, number + 10]) for number in range(3)]
    (rest,) = decide(*cells).rest
    assert rest.dimensions == ("shop", "", "", "")


def test_no_cells_decide_nothing():
    decision = decide()
    assert (decision.published, decision.rest, decision.withheld) == ((), (), ())
