"""Made-up traffic: the same seed gives the same day, in order, with every kind of personal data planted."""

from pipeline.sources.rebase import time_of
from pipeline.sources.weblog import WebLogLine, read
from pipeline.traffic import lines

START, END = 1_467_331_200_000, 1_467_403_200_000


def test_a_seed_gives_the_same_day_in_order():
    day = list(lines(7, START, END, visits=300))
    assert day == list(lines(7, START, END, visits=300))
    times = [time for line in day if not line.planted and (time := time_of(line.text))]
    assert times == sorted(times)


def test_every_kind_is_planted_and_lines_are_log_lines():
    day = list(lines(7, START, END, visits=2_000))
    kinds = {line.planted for line in day}
    assert {"email in path", "phone", "payment card", "JSON web token", "a future date", "no log line"} <= kinds
    assert all(isinstance(read(line.text), WebLogLine) for line in day if line.planted != "no log line")
