"""The time of the common log format, `10/Oct/2000:13:55:36 -0700`: bytes -> ms since the epoch, or None."""

import re
from datetime import UTC, datetime, timedelta

_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"), 1
    )
}
_CLF = re.compile(rb"(\d\d)/([A-Za-z]{3})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)").fullmatch
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = 253_370_764_800_000  # ms: the year 9999 begins
_MILLISECOND = timedelta(milliseconds=1)


def parse_time(raw: bytes) -> int | None:
    """Return the event time; None where the calendar or the clock has no such time. English months only.

    Before 1970 there was no web, and from 9999 on no calendar of ours is sure of its days: None, too.
    """
    match = _CLF(raw)
    if match is None:
        return None
    day, month, year, hour, minute, second, sign, offset_hours, offset_minutes = match.groups()
    if int(offset_hours) > 23 or int(offset_minutes) > 59:
        return None
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
    leap = int(second) == 60  # a leap second is the one after it, as POSIX counts
    try:
        local = datetime(
            int(year),
            _MONTHS.get(month.lower(), 0),
            int(day),
            int(hour),
            int(minute),
            59 if leap else int(second),
            tzinfo=UTC,
        )
    except ValueError:
        return None
    elapsed = local - _EPOCH + timedelta(seconds=leap)
    time = (elapsed - offset if sign == b"+" else elapsed + offset) // _MILLISECOND
    return time if 0 <= time < _END else None
