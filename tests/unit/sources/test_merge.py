"""Several logs become one, by time; no line is lost, and each log keeps its own order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.merge import merge
from pipeline.sources.rebase import clf, time_of

NOW = 1_467_331_200_000


def line(hours, log=0):
    return b'192.0.2.%d - - [%s] "GET / HTTP/1.1" 200 1' % (log, clf(NOW + hours * 3_600_000))


def test_rotated_files_in_the_wrong_order_come_out_by_time():
    newer, older = [line(-2), line(-1)], [line(-4), line(-3)]
    assert list(merge([newer, older], NOW)) == older + newer


@given(st.lists(st.lists(st.integers(-400, 0).map(line), max_size=20).map(sorted), min_size=1, max_size=4))
@settings(deadline=None)
def test_nothing_is_lost_and_order_in_time_stays(logs):
    logs = [sorted(log, key=time_of) for log in logs]
    merged = list(merge(logs, NOW))
    assert Counter(merged) == Counter(one for log in logs for one in log)
    assert [time_of(one) for one in merged] == sorted(time_of(one) for one in merged)


def test_a_line_without_a_time_or_with_a_broken_one_stays_behind_the_one_it_follows():
    first = [line(-4, 1), b"junk", line(9_000, 1), line(-1, 1)]
    second = [line(-3, 2), line(-2, 2)]
    assert list(merge([first, second], NOW)) == [*first[:3], *second, first[3]]
