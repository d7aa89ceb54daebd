"""What the clock asks for: day keys made ahead and destroyed in time (policy 12, 14: no tracking over time).

Keys live from noon of the day before their UTC day to 24 hours after it. Made by one hourly schedule rather
than by the first event that needs one, so that a day that is over is never given a new key. Yesterday's is
made, too, where there is none: a new deployment begins with logs of the last hours; a destroyed one left a
tombstone and stays away.
"""

from collections.abc import Callable, Iterable

from pipeline.model import DAY_MS, utc_day

NOON_MS = DAY_MS // 2


def days_with_keys(now_ms: int) -> tuple[int, ...]:
    """Return the UTC days, in days since the epoch, that must have keys now."""
    today = utc_day(now_ms)
    ahead = (today + 1,) if now_ms % DAY_MS >= NOON_MS else ()
    return (today - 1, today, *ahead)


def keep_day_keys(
    sites: Iterable[str],
    now_ms: int,
    *,
    ensure: Callable[[str, int], object],
    destroy_expired: Callable[[int], object],
) -> None:
    """Destroy what has expired, then make what is missing; may be run at any time, any number of times.

    `ensure(site, day)` makes a key unless there is one or a tombstone; `destroy_expired(now_ms)` destroys.
    """
    destroy_expired(now_ms)
    for site in sites:
        for day in days_with_keys(now_ms):
            ensure(site, day)
