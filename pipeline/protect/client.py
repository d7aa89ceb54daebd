"""User agent -> browser, operating system, device class (section 4.4: "type of browser").

Only declared families come out: ua-parser may copy text out of the agent into a family's name. Programs that
say so are bots: ua-parser's "Spider", and the patterns of the package crawler-user-agents (1.1 us in
Hyperscan; one by one they cost 138 us).
"""

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

import hyperscan
from crawleruseragents import CRAWLER_USER_AGENTS_DATA
from ua_parser import Domain, load_builtins
from ua_parser.regex import Resolver

OTHER = "other"
MAX_AGENT = 1_024
"""Characters that are looked at; browsers send 80 to 250."""


class DeviceClass(StrEnum):
    """What the page was read on."""

    DESKTOP = "desktop"
    MOBILE = "mobile"
    TABLET = "tablet"
    BOT = "bot"
    OTHER = "other"


class Client(NamedTuple):
    """All that stays of a user agent."""

    browser: str
    operating_system: str
    device_class: str


_DESKTOPS = frozenset(
    {"Windows", "Mac OS X", "Linux", "Ubuntu", "Debian", "Fedora", "Red Hat", "CentOS", "Chrome OS"}
    | {"FreeBSD", "OpenBSD", "NetBSD", "Solaris", "SUSE", "Gentoo", "Mandriva", "Slackware"}
)
_MOBILES = frozenset(
    {
        "iOS",
        "Android",
        "Windows Phone",
        "Windows Mobile",
        "BlackBerry OS",
        "Symbian OS",
        "KaiOS",
        "Firefox OS",
    }
    | {"HarmonyOS", "Tizen", "Nokia Series 40", "MeeGo", "Bada", "webOS"}
)


class Clients:
    """Recognizes clients; holds no cache, for an agent is personal data."""

    def __init__(self, browsers: Collection[str], operating_systems: Collection[str]) -> None:
        self._browsers = frozenset(browsers)
        self._operating_systems = frozenset(operating_systems)
        self._resolve = Resolver(load_builtins())
        self._crawlers = _database([entry["pattern"] for entry in CRAWLER_USER_AGENTS_DATA])

    def recognize(self, raw: bytes) -> Client:
        """Return the client of an agent as logged."""
        agent = raw[:MAX_AGENT].decode("utf-8", "replace")
        found = self._resolve(agent, Domain.ALL)
        browser = found.user_agent.family if found.user_agent else OTHER
        system = found.os.family if found.os else OTHER
        device = found.device.family if found.device else ""
        model = (found.device.model or "") if found.device else ""
        bot = device == "Spider" or self._is_crawler(agent)
        return Client(
            browser if browser in self._browsers else OTHER,
            system if system in self._operating_systems else OTHER,
            (DeviceClass.BOT if bot else _device_class(system, device + model, agent)).value,
        )

    def _is_crawler(self, agent: str) -> bool:
        hits: list[int] = []
        if agent:  # Hyperscan refuses an empty buffer
            self._crawlers.scan(agent.encode(), match_event_handler=lambda number, *_: hits.append(number))
        return bool(hits)


def _device_class(system: str, device: str, agent: str) -> DeviceClass:
    """Tell by the operating system; Android says "Mobile" on telephones only (Chrome's documentation)."""
    if "iPad" in device or "Tablet" in device or "Kindle" in device:
        return DeviceClass.TABLET
    if system == "Android" and "Mobile" not in agent:
        return DeviceClass.TABLET
    if system in _MOBILES:
        return DeviceClass.MOBILE
    return DeviceClass.DESKTOP if system in _DESKTOPS else DeviceClass.OTHER


def _database(patterns: list[str]) -> hyperscan.Database:
    flags = hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_ALLOWEMPTY
    database = hyperscan.Database()
    database.compile(
        expressions=[pattern.encode() for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[flags] * len(patterns),
    )
    return database
