"""Times of the common log format."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.clf_time import parse_time

FIRST, LAST = datetime(1970, 1, 2), datetime(9998, 12, 30)  # noqa: DTZ001  # local: the zone is drawn


@given(st.datetimes(min_value=FIRST, max_value=LAST), st.integers(-1439, 1439))
def test_it_agrees_with_strptime(moment, offset):
    sign = "-" if offset < 0 else "+"
    zone = f"{sign}{abs(offset) // 60:02}{abs(offset) % 60:02}"
    text = f"{moment:%d/%b}/{moment.year:04}:{moment:%H:%M:%S} {zone}"
    expected = datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z")
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_time(text.encode()) == round((expected - epoch).total_seconds()) * 1000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "30/Feb/2016:00:00:00 +0000",
        "01/Foo/2016:00:00:00 +0000",
        "01/Jul/2016:24:00:00 +0000",
        "01/Jul/2016:00:60:00 +0000",
        "01/Jul/2016:00:00:61 +0000",
        "01/Jul/2016:00:00:00 +2400",
        "01/Jul/0000:00:00:00 +0000",
        "01/Jan/1970:00:00:00 +0001",
        "31/Dec/1969:23:59:59 +0000",
        "31/Dec/9998:23:59:59 -0001",
        "31/Dec/9999:23:59:59 -2359",
        "1/Jul/2016:00:00:00 +0000",
        "01/Jul/2016:00:00:00",
    ],
)
def test_what_no_calendar_knows_is_none(text):
    assert parse_time(text.encode()) is None


def test_a_leap_second_is_the_one_after_it():
    assert parse_time(b"30/Jun/2015:23:59:60 +0000") == parse_time(b"01/Jul/2015:00:00:00 +0000")
