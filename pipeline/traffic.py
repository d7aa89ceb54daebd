"""A day of a web site's access log, made up: visitors with habits, and personal data where the web hides it.

Pure and seeded. Addresses are random ones of ranges that geolocate to a few countries; persons are of `.example`.
"""

import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.sources.rebase import clf

HOUR_MS = 3_600_000
RANGES = {
    "US": ((8, 90), (12, 90), (15, 90)),
    "DE": ((53, 90), (91, 10)),
    "GB": ((25, 90), (51, 10)),
    "FR": ((90, 10),),
}
AGENTS = (
    (
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
            " Chrome/126.0.0.0 Safari/537.36"
        ),
        60,
    ),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", 10),
    (
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/17.5 Mobile/15E148 Safari/604.1"
        ),
        30,
    ),
)
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PAGES = (("/", 50), ("/pricing", 20), ("/blog/patching-basics", 12), ("/features/remote-access", 10), ("/login", 8))
REFERRERS = ("-", "https://www.google.com/", "https://mail.example/inbox?to=ann.lee@corp.example")


class Line(NamedTuple):
    """A log line, and which kind of personal data was planted in it beside address and agent ("": none)."""

    text: bytes
    planted: str


def lines(seed: int, start_ms: int, end_ms: int, visits: int = 4_500) -> Iterator[Line]:
    """Yield the lines of so many visits (2 or 3 pages each) between two times, ordered by time."""
    chosen = random.Random(seed)  # noqa: S311  # made-up traffic
    made = [line for _ in range(visits) for line in _visit(chosen, start_ms, end_ms)]
    made += _broken(start_ms)
    for time_ms, line in sorted(made, key=lambda one: one[0]):
        yield line._replace(text=line.text.replace(b"TIME", clf(time_ms), 1))


def _visit(chosen: random.Random, start_ms: int, end_ms: int) -> Iterator[tuple[int, Line]]:
    country = chosen.choices(list(RANGES), (60, 15, 15, 10))[0]
    first, second = chosen.choice(RANGES[country])
    address = f"{first}.{second}.{chosen.randrange(256)}.{chosen.randrange(1, 255)}"
    if chosen.random() < 0.02:
        address = f"2001:db8:{chosen.randrange(1 << 16):x}::{chosen.randrange(1, 1 << 16):x}"
    agent = chosen.choices([agent for agent, _ in AGENTS], [weight for _, weight in AGENTS])[0]
    if chosen.random() < 0.05:
        agent = BOT
    time_ms = _moment(chosen, start_ms, end_ms)
    for _ in range(chosen.choice((2, 3))):
        target = chosen.choices([page for page, _ in PAGES], [weight for _, weight in PAGES])[0]
        planted = ""
        if chosen.random() < 0.06:
            planted, target = chosen.choice(_personal(chosen))
        referrer = chosen.choices(REFERRERS, (60, 38, 2))[0]
        size = chosen.randrange(300, 90_000)
        yield time_ms, _line(address, target, referrer, agent, size=size, planted=planted)
        time_ms = min(end_ms - 1, time_ms + chosen.randrange(5_000, 90_000))


def _moment(chosen: random.Random, start_ms: int, end_ms: int) -> int:
    """Draw a time; afternoons are four times as busy as nights."""
    while True:
        time_ms = chosen.randrange(start_ms, end_ms)
        hour = time_ms // HOUR_MS % 24
        if chosen.random() < (1.0 if 12 <= hour < 20 else 0.6 if 7 <= hour < 22 else 0.25):
            return time_ms


def _personal(chosen: random.Random) -> tuple[tuple[str, str], ...]:
    name = chosen.choice(("jane.doe", "max.roe", "ana.poe"))
    number = chosen.randrange(10_000, 99_999)
    token = urlsafe_b64encode(chosen.randbytes(24)).decode().rstrip("=")
    claims = urlsafe_b64encode(f'{{"email":"{name}@corp.example"}}'.encode()).decode().rstrip("=")
    return (
        ("email in path", f"/unsubscribe/{name}@corp.example"),
        ("email in query", f"/signup?email={name}@corp.example&utm_source=google"),
        ("email, percent-encoded", f"/signup/confirm/{name}%40corp.example"),
        ("email, twice encoded", f"/password/reset?u={name}%2540corp.example"),
        ("phone", f"/contact/+1-415-555-{number % 10_000:04d}"),
        ("payment card", "/checkout/4111111111111111"),
        ("JSON web token", f"/login?next=/&jwt=eyJhbGciOiJIUzI1NiJ9.{claims}.{token}"),
        ("customer id", f"/user/{number}/settings"),
        ("name", f"/customers/{name.replace('.', '-')}"),
        ("session id", f"/search?sid={token}"),
        ("password in URL", f"/login?user={name}&password=hunter{number}"),
    )


def _broken(start_ms: int) -> list[tuple[int, Line]]:
    agent = AGENTS[0][0]
    future = _line("8.90.1.1", "/", "-", agent, size=1, planted="a future date")
    old = _line("8.90.1.2", "/", "-", agent, size=1, planted="a date of 1970")
    return [
        (start_ms, future._replace(text=future.text.replace(b"TIME", clf(4_070_908_800_000)))),
        (start_ms, old._replace(text=old.text.replace(b"TIME", clf(0)))),
        (start_ms, Line(b"jane.doe@corp.example logged in", "no log line")),
        (start_ms, Line(b'{"message": 1}', "no log line")),
        (start_ms, Line(b"\xff\xfe\x00", "no log line")),
    ]


def _line(  # noqa: PLR0913  # a line has that many fields
    address: str, target: str, referrer: str, agent: str, *, size: int, planted: str
) -> Line:
    request = f'"GET {target} HTTP/1.1" 200 {size} "{referrer}" "{agent}"'
    return Line(f"{address} - - [TIME] {request}".encode(), planted)
