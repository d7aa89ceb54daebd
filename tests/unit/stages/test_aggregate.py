"""Aggregate on lists: bounds, lateness, losses."""

import json

import msgspec
import pytest

from pipeline.model import DAY_MS, Batch, Committed, ContainerHeader, Partition
from pipeline.model.time import HOUR_MS
from tests.aggregating import DATASET, DAY_START, FIRST, WRITER, Log, container, stage, visit
from tests.records import FakeRecord
from tests.sanitizing import NOW, POLICY

END = DAY_START + HOUR_MS


def only(log, start=DAY_START):
    (partial,) = [partial for partial in log.partials if partial.window_start == start]
    return partial


def test_a_visitor_counts_in_at_most_c_cells_with_at_most_m_views():
    pages = [f"/{number}" for number in range(DATASET.max_cells + 7)]
    loud = [visit(1, page=page) for page in pages for _ in range(DATASET.max_events + 3)]
    log = Log([container([*loud, visit(2, page="/0")], END)])
    log.run([1])
    cells = only(log).cells
    assert sum(cell.visitors for cell in cells) == DATASET.max_cells + 1
    assert sum(cell.views for cell in cells) == DATASET.max_cells * DATASET.max_events + 1


def test_the_cells_that_stay_do_not_depend_on_the_order_of_visits():
    pages = [visit(1, page=f"/{number}") for number in range(40)]
    logs = [Log([container(order, END)]) for order in (pages, pages[::-1])]
    for log in logs:
        log.run([1])
    assert only(logs[0]).cells == only(logs[1]).cells


def test_a_cell_lists_no_more_prefixes_than_the_decision_needs():
    log = Log([container([visit(n) for n in range(50)] + [visit(n, page="/x", prefix=1) for n in range(50)], END)])
    log.run([1])
    assert {len(cell.prefixes) for cell in only(log).cells} == {DATASET.k, 1}


def test_empty_windows_come_too_from_the_first_that_may_hold_a_visit():
    log = Log([container([], FIRST + 3 * HOUR_MS)])
    log.run([1])
    assert [(partial.window_start, partial.cells) for partial in log.partials] == [
        (FIRST + hour * HOUR_MS, ()) for hour in range(3)
    ]


def test_a_raw_partition_that_has_not_reported_holds_the_windows_open_and_an_empty_one_does_not():
    marks = [{"raw.weblog/0": END}, {"raw.weblog/0": END, "raw.weblog/1": None}]
    log = Log([container([visit()], END, raw=2, watermarks=mark) for mark in marks])
    log.run([1])
    assert log.partials == []
    log.run([2])
    assert only(log).visits == 2


def test_lateness_is_decided_file_by_file():
    contents = [container([visit(1)], END), container([visit(2)], END), container([], END + HOUR_MS)]
    log = Log(contents)
    log.run([3])
    assert only(log).visits == 1
    assert only(log, END).late == 1


@pytest.mark.parametrize("content", [b"", b"junk", b"Obj\x01", container([visit()], END)[:-5], None])
def test_what_cannot_be_read_is_sealed_and_withholds_the_windows_it_may_have_belonged_to(content):
    log = Log([content, container([visit()], END), container([], END + 3 * HOUR_MS)])
    log.run([3])
    assert len(log.letters) == 1
    assert only(log).gap


def overlong():
    """Pack a visit whose page claims more bytes than there are: its frame is right, its content is not."""
    broken = bytearray(visit(page="/x"))
    broken[broken.index(b"/x") - 1] = 126
    return container([bytes(broken)], DAY_START)


def header(**changes):
    said = {"partitions": {"raw.weblog": 1}, "watermarks": {"raw.weblog/0": END}, "policy": POLICY.stamp} | changes
    current = WRITER.header(ContainerHeader(**said))
    (packed,) = WRITER.containers([visit()], current, current)
    return packed


FAR = NOW + 12 * DAY_MS  # of a record that was appended ten days after NOW
DEEP = container([visit()], END).replace(WRITER.schema, b"[" * len(WRITER.schema))


@pytest.mark.parametrize(
    "content",
    [
        overlong(),
        DEEP,
        container([visit(time=FAR)], DAY_START),
        container([visit(time=-1)], DAY_START),
        header(watermarks={"raw.weblog/0": FAR}),
        header(watermarks={"raw.weblog/0": -1}),
        header(watermarks={"raw.weblog/1": END}),
        header(watermarks={"raw.weblog/x": END}),
        header(watermarks={"raw.other/0": END}),
        header(partitions={"raw.weblog": 1, "raw.other": 1}),
        header(partitions={"raw.weblog": 1_000_000}),
        header(partitions={"raw.weblog": -1}),
    ],
)
def test_a_record_that_claims_what_no_honest_one_does_is_sealed_once_and_stops_nothing(content):
    """Also when it is read again, for the window that was open before it still is."""
    rest = [container([], END + hours * HOUR_MS) for hours in (9, 20, 30)]
    log = Log([container([visit()], DAY_START), content, container([visit()], END), *rest])
    log.run([2])
    assert len(log.letters) == log.counts["quarantined", "unreadable-visits"] == 1
    log.run([6])
    assert len(log.letters) == log.counts["quarantined", "unreadable-visits"] == 1
    assert only(log).gap
    assert only(log).visits == 2
    assert not only(log, END + 25 * HOUR_MS).gap


def test_visits_that_were_made_under_another_policy_are_withheld():
    """One stamp stands on a release: it must be true of all that is in it."""
    log = Log([container([visit()], DAY_START, policy="2019-01+abc"), container([], END + 9 * HOUR_MS)])
    log.run([2])
    assert (only(log).policy, only(log).gap) == (POLICY.stamp, True)
    assert not only(log, END + 8 * HOUR_MS).gap


def test_an_old_worker_that_knows_fewer_raw_partitions_closes_nothing():
    both = {"raw.weblog/0": DAY_START, "raw.weblog/1": DAY_START}
    log = Log(
        [
            container([], 0, raw=2, watermarks=both),
            container([], END, raw=1),
            container([], 0, raw=2, watermarks=both),
        ]
    )
    log.run([3])
    assert END not in {partial.window_end for partial in log.partials}


@pytest.mark.parametrize("metadata", ["", "lost"])
def test_an_offset_set_by_hand_to_the_logs_beginning_withholds_only_if_it_says_so(metadata):
    """A new group begins there, too."""
    log = Log([container([visit()], END)])
    log.committed = Committed(0, metadata)
    log.run([1])
    assert only(log).gap == bool(metadata)


def test_an_offset_set_by_hand_withholds_what_it_may_have_skipped():
    log = Log([container([visit()], END), container([visit()], END), container([], END + 9 * HOUR_MS)])
    log.committed = Committed(1, "")
    log.run([3])
    assert only(log).gap
    assert not only(log, END + 5 * HOUR_MS).gap


def test_a_container_of_another_schema_is_refused():
    changed = container([visit()], END).replace(b'"name":"page"', b'"name":"Page"')
    log = Log([changed])
    log.run([1])
    assert len(log.letters) == 1


def test_a_long_result_is_cut_into_chunks_that_together_hold_each_cell_once():
    many = [visit(n, page=f"/{n:0200d}") for n in range(3_000)]
    log = Log([container(many, END)])
    log.run([1])
    chunks = [partial for partial in log.partials if partial.window_start == DAY_START]
    assert [(chunk.chunk, chunk.chunks) for chunk in chunks] == [(n, len(chunks)) for n in range(len(chunks))]
    assert len(chunks) > 1
    assert all(len(msgspec.msgpack.encode(chunk)) < 900_000 for chunk in chunks)
    assert len({cell.dimensions for chunk in chunks for cell in chunk.cells}) == 3_000
    assert sum(chunk.visits for chunk in chunks) == 3_000


def test_revoked_partitions_are_forgotten_and_not_committed():
    worker = stage()
    worker.assigned({Partition("visits", 0): None})
    worker.process(Batch([FakeRecord(container([visit()], DAY_START), topic="visits")], NOW, frozenset()))
    worker.revoked([Partition("visits", 0)])
    assert worker.process(Batch([], NOW + 60_000, frozenset())).offsets == ()


def test_the_metadata_says_what_is_closed_and_processed():
    log = Log([container([visit()], END + 10)])
    log.run([1])
    assert log.committed.offset == 1
    assert json.loads(log.committed.metadata) == {"c": {str(HOUR_MS): END}, "p": 1}


def test_partials_carry_the_stamp_of_the_policy():
    log = Log([container([visit()], END)])
    log.run([1])
    assert only(log).policy == POLICY.stamp
