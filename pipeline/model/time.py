"""Event time is an int of milliseconds since the Unix epoch, UTC; days and windows have that one origin."""

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def utc_day(time_ms: int) -> int:
    """Return the UTC day of an event time, in days since the epoch."""
    return time_ms // DAY_MS
