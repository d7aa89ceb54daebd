"""Moved times keep their order and shape; what has none stays as it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.clf_time import parse_time
from pipeline.sources.rebase import clf, rebase, time_of

DAY = 86_400_000
NOW = 1_467_331_200_000


@given(st.integers(0, 4_000_000_000_000))
@settings(deadline=None)
def test_a_written_time_reads_back_to_the_second(time_ms):
    assert parse_time(clf(time_ms)) == time_ms // 1000 * 1000


@given(st.lists(st.integers(0, 400), min_size=2))
@settings(deadline=None)
def test_times_move_into_the_span_in_order(hours):
    lines = [b'192.0.2.1 - - [%s] "GET / HTTP/1.1" 200 1' % clf(NOW + hour * 3_600_000) for hour in sorted(hours)]
    move = rebase(time_of(lines[0]), time_of(lines[-1]), NOW - DAY, NOW)
    moved = [time_of(move(line)) for line in lines]
    assert moved == sorted(moved)
    assert all(NOW - DAY <= time <= NOW for time in moved)


def test_a_line_without_a_time_stays_as_it_is():
    move = rebase(0, 1, NOW, NOW + DAY)
    assert [move(line) for line in (b"", b"junk [x]", b"\xff")] == [b"", b"junk [x]", b"\xff"]


def test_only_the_time_changes():
    line = b'192.0.2.1 - - [01/Jul/2016:00:00:00 +0200] "GET /[01/Jul/2016:00:00:00 +0200] HTTP/1.1" 200 1'
    assert rebase(time_of(line), time_of(line) + 1, NOW, NOW)(line) == line.replace(
        b"00:00:00 +0200", b"00:00:00 +0000", 1
    )
