"""Which days have keys at which time, and that a second run changes nothing."""

import pytest

from pipeline.control.schedules import days_with_keys, keep_day_keys
from pipeline.model import DAY_MS

DAY = 20_000
MIDNIGHT = DAY * DAY_MS


@pytest.mark.parametrize(
    ("time", "days"),
    [
        (MIDNIGHT, (DAY - 1, DAY)),
        (MIDNIGHT + DAY_MS // 2 - 1, (DAY - 1, DAY)),
        (MIDNIGHT + DAY_MS // 2, (DAY - 1, DAY, DAY + 1)),  # noon
        (MIDNIGHT + DAY_MS - 1, (DAY - 1, DAY, DAY + 1)),
    ],
)
def test_keys_are_made_from_noon_of_the_day_before(time, days):
    assert days_with_keys(time) == days


def test_expired_keys_go_before_new_ones_come_for_each_site():
    done = []
    keep_day_keys(
        ["shop", "blog"],
        MIDNIGHT,
        ensure=lambda site, day: done.append((site, day)),
        destroy_expired=done.append,
    )
    assert done == [MIDNIGHT, *[(site, day) for site in ("shop", "blog") for day in (DAY - 1, DAY)]]
