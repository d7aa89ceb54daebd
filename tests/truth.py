"""A day's lines with a known truth, and the truth, counted by a plain program that shares no code with ours.

Visitors have an address prefix each (2001:db8::/32, RFC 3849), always the same page and device. Pages of the
crowd have enough visitors to be published; those of the few are not, and their sum is in every other hour only.
Each line has a (second, status) of its own, so its event can be recognized.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

HOUR = 3_600
AGENTS = {
    "desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:120.0) Gecko/20100101 Firefox/120.0",
    "mobile": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/16.5 Mobile/15E148 Safari/604.1"
    ),
}
CROWD_PAGES = 5
CROWD = 25  # visitors of each (page, device) of the crowd
FEW = 6  # and of the others
OLD = 1_451_606_400  # 2016: its day key is gone
FUTURE = 4_070_908_800  # 2099


class Visit(NamedTuple):
    """A line that is a visit. `second` is its event time in seconds since the epoch."""

    second: int
    status: int
    visitor: int
    page: str
    device: str

    def line(self) -> bytes:
        """Return the line of the access log."""
        stamp = time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(self.second))
        return (
            f'2001:db8:{self.visitor:x}::1 - - [{stamp}] "GET {self.page} HTTP/1.1" {self.status} 512 "-" '
            f'"{AGENTS[self.device]}"'
        ).encode()


class Line(NamedTuple):
    """A line to send, and what must become of it: an event of (second, status), late or not, or a dead letter."""

    value: bytes
    visit: Visit | None
    late: bool = False


def lines(pages: Sequence[str], number: int, start: int, seconds: int) -> list[Line]:
    """Make lines in order of time. `pages`: declared pages without wildcards. A hundredth is bad or late."""
    rng = random.Random(7)
    crowd, few = _visitors(pages)
    found = []
    for i in range(number):
        second = start + i * seconds // number
        allowed = few if second // HOUR % 2 else few[: len(few) // 4]
        group = crowd if rng.random() < 0.6 else allowed
        visitor, page, device = group[int(len(group) * rng.random() ** 2)]  # some come often, some rarely
        status = 200 + i % 300
        found.append(_line(i, Visit(second, status, visitor, page, device)))
    return found


def _line(i: int, visit: Visit) -> Line:
    bad = [
        b"no line of a log %d" % i,
        b'{"message": "broken',
        b"\xff\xfe\x00" * 20,
        b'2001:db8::1 - - [01/Jan/2016:00:00:00 +0000] "GET /' + b"x" * 2_000_000,
        visit._replace(second=FUTURE + i).line(),
    ]
    if i % 1_000 < len(bad):
        return Line(bad[i % 1_000], None)
    if i % 1_000 < len(bad) + 3:
        late = visit._replace(second=OLD + i)
        return Line(late.line(), late, late=True)
    return Line(visit.line(), visit)


def _visitors(pages: Sequence[str]) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    found: tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]] = ([], [])
    visitor = 0
    for place, page in enumerate(pages):
        for device in AGENTS:
            for _ in range(CROWD if place < CROWD_PAGES else FEW):
                visitor += 1
                found[place >= CROWD_PAGES].append((visitor, page, device))
    return found


def releases(
    visits: Sequence[Visit], site: str, *, k: int, max_cells: int, max_events: int
) -> dict[int, Counter[tuple[bool, str, str, str, str, int, int]]]:
    """Count: start of the hour -> rows (rest, site, page, country, device class, views, visitors)."""
    seen: dict[int, dict[tuple[str, str], Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for visit in visits:
        seen[visit.second // HOUR * HOUR][visit.page, visit.device][visit.visitor] += 1
    found = {}
    for hour, cells in seen.items():
        rows: Counter[tuple[bool, str, str, str, str, int, int]] = Counter()
        rest_views = rest_visitors = 0
        for (page, device), visitors in cells.items():
            views = sum(min(count, max_events) for count in visitors.values())
            if len(visitors) >= k:  # each visitor has a prefix of its own
                rows[False, site, page, "ZZ", device, views, len(visitors)] += 1
            else:
                rest_views += views
                rest_visitors += len(visitors)
        if rest_visitors >= k * max_cells:
            rows[True, site, "", "", "", rest_views, rest_visitors] += 1
        found[hour] = rows
    return found
