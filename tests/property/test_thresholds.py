"""Laws of the release, for any visitors and any way of spreading them over partitions."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.datasets.thresholds import merge, split
from tests.releases import Visitor, partials_of

K, C, M, SITE, PARTITIONS = 3, 2, 5, 0, 3
CELLS = [(site, page, "DE", "desktop") for site in ("shop", "blog") for page in ("/a", "/b", "/c")]
# A visitor is one token, so of one site; in at most C cells, with at most M views in each.
VIEWS = st.sampled_from(["shop", "blog"]).flatmap(
    lambda site: st.dictionaries(
        st.sampled_from([cell for cell in CELLS if cell[0] == site]),
        st.integers(1, M),
        min_size=1,
        max_size=C,
    )
)
VISITORS = st.lists(st.builds(Visitor, st.integers(0, PARTITIONS - 1), st.integers(0, 6), VIEWS), max_size=40)


def decide(visitors):
    partials = partials_of(visitors, PARTITIONS, K)
    cells = [cell for partial in partials for cell in partial.cells]
    return split(merge(cells), k=K, max_cells=C, site=SITE)


@given(VISITORS)
def test_every_published_row_has_k_distinct_visitors_and_prefixes(visitors):
    for cell in decide(visitors).published:
        inside = [visitor for visitor in visitors if cell.dimensions in visitor.views]
        assert cell.visitors == len(inside)
        assert len(inside) >= K
        assert len({visitor.prefix for visitor in inside}) >= K


@given(VISITORS)
def test_every_cell_that_reaches_k_is_published(visitors):
    """Capping prefix lists at k for each partition never hides a crowd."""
    published = {cell.dimensions for cell in decide(visitors).published}
    for dimensions in CELLS:
        inside = [visitor for visitor in visitors if dimensions in visitor.views]
        crowd = len(inside) >= K and len({visitor.prefix for visitor in inside}) >= K
        assert (dimensions in published) is crowd


@given(VISITORS)
def test_every_rest_row_has_k_distinct_visitors_and_prefixes(visitors):
    decision = decide(visitors)
    published = {cell.dimensions for cell in decision.published}
    for rest in decision.rest:
        inside = [
            visitor
            for visitor in visitors
            if any(cell not in published and cell[SITE] == rest.dimensions[SITE] for cell in visitor.views)
        ]
        assert len(inside) >= K
        assert len({visitor.prefix for visitor in inside}) >= K


@given(VISITORS)
def test_published_rest_and_withheld_views_are_all_views(visitors):
    decision = decide(visitors)
    counted = sum(cell.views for cell in (*decision.published, *decision.rest, *decision.withheld))
    assert counted == sum(sum(visitor.views.values()) for visitor in visitors)


@given(VISITORS, st.randoms(use_true_random=False))
def test_the_decision_does_not_depend_on_the_partitions(visitors, random):
    """Spreading the visitors anew changes no row."""

    def rows(split_of):
        return sorted((cell.dimensions, cell.views, cell.visitors) for cell in split_of)

    before = decide(visitors)
    after = decide([visitor._replace(partition=random.randrange(PARTITIONS)) for visitor in visitors])
    assert rows(before.published) == rows(after.published)
    assert rows(before.rest) == rows(after.rest)
    assert rows(before.withheld) == rows(after.withheld)
