"""Event-time progress of raw partitions."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Partition
from pipeline.stages.sanitize_watermarks import BEGIN_MS, MAX_STEP_MS, Watermarks

ONE = Partition("raw.weblog", 0)
TIMES = st.integers(0, 10**13)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("observe"), TIMES),
        st.tuples(st.just("advance"), st.tuples(st.integers(-(10**6), 10**6), st.booleans())),
        st.tuples(st.just("end"), TIMES),
    )
)


def play(steps, start: str = "") -> list[int | None]:
    watermarks = Watermarks(1_000)
    watermarks.assign(ONE, start)
    now, seen = 10**12, []
    for name, value in steps:
        if name == "observe":
            watermarks.observe(ONE, value)
        elif name == "end":
            watermarks.end(ONE, value, now)
        else:
            now += value[0]
            watermarks.advance(now, {ONE} if value[1] else ())
        seen.append(watermarks.report().get(ONE))
    return seen


@given(STEPS)
def test_a_watermark_never_goes_back_and_a_replay_is_equal(steps):
    """Whatever the order of events, ticks and a clock that is set back."""
    seen = [time for time in play(steps) if time is not None]
    assert seen == sorted(seen)
    assert play(steps) == play(steps)


@given(TIMES, st.integers(0, 10**9))
def test_a_tick_adds_no_more_than_two_seconds_however_long_the_process_slept(time, slept):
    watermarks = Watermarks(0)
    watermarks.assign(ONE, "")
    watermarks.observe(ONE, time)
    watermarks.advance(0, {ONE})
    watermarks.advance(slept, {ONE})
    assert watermarks.report() == {ONE: time + min(slept, MAX_STEP_MS)}


def test_time_stands_still_for_a_partition_that_has_more_to_read():
    assert play([("observe", 5_000), ("advance", (0, False)), ("advance", (1_000, False))]) == [4_000] * 3


def test_a_partition_without_records_is_empty_when_caught_up_and_unknown_before():
    watermarks = Watermarks(0)
    watermarks.assign(ONE, "")
    assert watermarks.report() == {}
    watermarks.advance(0, {ONE})
    assert watermarks.report() == {ONE: None}


@given(TIMES)
def test_a_restart_goes_on_from_the_note(time):
    watermarks = Watermarks(0)
    watermarks.observe(ONE, time)
    successor = Watermarks(0)
    successor.assign(ONE, watermarks.metadata(ONE))
    assert successor.report() == {ONE: time}
    successor.assign(ONE, "not ours")
    assert successor.report() == {}


@given(TIMES, st.integers(10_000, 10**9))
def test_a_first_record_closes_nothing_before_its_siblings_can_have_come(time, newer):
    """An empty partition holds nothing back: a fresh log's first batch would make those of the others late."""
    watermarks = Watermarks(0)
    watermarks.assign(ONE, "")
    watermarks.advance(0, {ONE})
    watermarks.advance(0, {ONE})
    watermarks.observe(ONE, time)
    assert watermarks.report() == {ONE: None}
    watermarks.advance(BEGIN_MS - 1, ())
    watermarks.observe(ONE, time + newer)
    assert watermarks.report() == {ONE: None}
    watermarks.advance(BEGIN_MS, ())
    assert watermarks.report() == {ONE: time + newer}


@given(TIMES)
def test_the_end_of_input_waits_for_nobody(time):
    watermarks = Watermarks(0)
    watermarks.assign(ONE, "")
    watermarks.advance(0, {ONE})
    watermarks.end(ONE, time, time)
    assert watermarks.report() == {ONE: time}


@given(TIMES)
def test_a_backlog_that_is_read_first_holds_time_back_at_once(time):
    """A partition of which nothing was known held everything back: its first record must not let go."""
    watermarks = Watermarks(0)
    watermarks.assign(ONE, "")
    watermarks.advance(0, ())
    watermarks.observe(ONE, time)
    assert watermarks.report() == {ONE: time}
