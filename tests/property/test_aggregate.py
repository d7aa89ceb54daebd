"""The laws of aggregate: every window once, equal to the plain truth, whatever dies when."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model.time import HOUR_MS
from tests.aggregating import DATASET, DAY_START, FIRST, Log, container, truth, visit

times = st.integers(DAY_START - 2 * HOUR_MS, DAY_START + 4 * HOUR_MS)
visits = st.builds(
    lambda visitor, time, page: visit(visitor, time=time, page=page),
    st.integers(0, 5),
    times,
    st.sampled_from(["/", "/pricing", "/a"]),
)


@st.composite
def logs(draw):
    """Draw containers whose watermark never goes back, then one that closes everything."""
    marks = sorted(draw(st.lists(times, min_size=1, max_size=12)))
    contents = [container(draw(st.lists(visits, max_size=6)), mark) for mark in marks]
    return [*contents, container([], DAY_START + 6 * HOUR_MS)]


def found(log):
    """Return start -> cells of what was committed, each window at most once."""
    starts = [(partial.window_start, partial.chunk) for partial in log.partials]
    assert len(starts) == len(set(starts))
    return {
        partial.window_start: {cell.dimensions: (cell.views, cell.visitors) for cell in partial.cells}
        for partial in log.partials
    }


def expected(contents):
    windows, closed, late = truth(contents)
    cells = {
        start: {
            cell: (sum(min(n, DATASET.max_events) for n in people.values()), len(people))
            for cell, people in cells.items()
        }
        for start, cells in windows.items()
    }
    return {start: cells.get(start, {}) for start in range(FIRST, closed, HOUR_MS)}, late


@given(logs(), st.lists(st.integers(1, 4), min_size=20, max_size=20))
@settings(deadline=None)
def test_every_window_comes_once_with_the_true_counts_however_it_is_batched(contents, sizes):
    log = Log(contents)
    log.run(sizes)
    windows, late = expected(contents)
    assert found(log) == windows
    assert sum(partial.late for partial in log.partials) == late
    assert log.counts["late", ""] == late


@given(logs(), st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4)), max_size=6))
@settings(deadline=None)
def test_a_worker_that_dies_before_any_commit_changes_nothing(contents, crashes):
    log = Log(contents)
    for size, after in crashes:
        log.run([size] * 20, stop_after=after)
    log.run([1] * 20)
    log.run([1] * 20)
    assert found(log) == expected(contents)[0]
