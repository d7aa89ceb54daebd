"""Texts without personal data -> what was found there all the same, and no rule explains.

(a) the 10,000 real lines of ../shared/data, (b) 1,000 real user agents, of browsers and bots, (c) made paths. In (a)
and (b) something may be personal after all: `EXPLAINED` says what. Counts and entities come out, never a text.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from pipeline.config import ROOT
from pipeline.detect.found import Found

from .scoring import Findings

DATA = ROOT.parent / "shared" / "data"
LOG = DATA / "weblogs" / "apache_combined_10k.log"
AGENTS = DATA / "useragents" / "crawler-user-agents.json"
_LINE = re.compile(r'\S+ \S+ \S+ \[[^\]]+\] "(?P<target>.*)" \d{3} \S+ "(?P<referrer>.*?)" "(?P<agent>.*)"')


class Rule(NamedTuple):
    """A finding that is right though nobody planted it."""

    reason: str
    entities: str  # regular expressions, all of which match
    found: str = r".+"
    before: str = r""  # at the end of what stands before the finding
    fields: frozenset[str] = frozenset({"target", "referrer", "agent"})


KEPT = Rule("a time or an address of a page is nobody's", "DATE_TIME|URL")
_QUERY = frozenset({"target", "referrer"})
EXPLAINED = (
    KEPT,
    Rule("a bot's contact address", "EMAIL_ADDRESS", r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-zA-Z]{2,}"),
    Rule("an address, not a version", "IP_ADDRESS", r"(\d{1,3}\.){3}\d{1,3}", r"://|\b(ip|addr|host)="),
    Rule("an address in brackets", "IP_ADDRESS", r"[0-9a-fA-F:.]+", r"\[", _QUERY),
    Rule("a session", "TOKEN|ID|UUID", r"[\w.=-]+", r"(\b|_)(sid|phpsessid|jsessionid|session_?id)=", _QUERY),
    Rule(
        "a search engine's number of a search or of a click",
        "TOKEN|ID|ADVERTISING_ID|UUID",
        r"[\w.:,-]+",
        r"[?&](ei|sei|ved|vet|usg|sig2?|gs_lc?p?|aqs|tbnid|docid|bvm|rlz|pvid|cvid)=",
        _QUERY,
    ),
    Rule("a user's folder", "USER_NAME", r"[\w.-]+", r"/~|/home/|/Users/"),
)


class Dirty(NamedTuple):
    """How many texts there are, how many of them with a false finding, and which entities these have."""

    texts: int
    false: int
    entities: Counter[tuple[str, str]]  # (field, entity) -> texts
    explained: Counter[str]  # reason -> findings

    @property
    def precision(self) -> float:
        """Return the share of texts without a false finding, rounded down."""
        return (self.texts - self.false) * 10_000 // self.texts / 10_000


Fields = dict[str, str]  # name -> text of one line


def measured(lines: Iterable[Fields], findings: Findings, rules: Sequence[Rule] = EXPLAINED) -> Dirty:
    """Count lines with a finding in one of their fields that no rule explains."""
    seen: dict[tuple[str, str], tuple[frozenset[str], tuple[str, ...]]] = {}
    texts = false = 0
    entities: Counter[tuple[str, str]] = Counter()
    explained: Counter[str] = Counter()
    for line in lines:
        texts += 1
        wrong = set()
        for field in line.items():
            if field not in seen:
                seen[field] = _sorted(field, findings(field[1]), rules)
            wrong |= {(field[0], entity) for entity in seen[field][0]}
            explained.update(seen[field][1])
        entities.update(wrong)
        false += bool(wrong)
    return Dirty(texts, false, entities, explained)


def _sorted(
    field: tuple[str, str], found: Iterable[Found], rules: Sequence[Rule]
) -> tuple[frozenset[str], tuple[str, ...]]:
    reasons = [(one.entity, explanation(*field, one, rules)) for one in found]
    return frozenset(entity for entity, why in reasons if not why), tuple(why for _, why in reasons if why)


def explanation(field: str, text: str, one: Found, rules: Sequence[Rule] = EXPLAINED) -> str:
    """Say why a finding is right; empty: nothing explains it."""
    return next((rule.reason for rule in rules if field in rule.fields and _explains(rule, text, one)), "")


def _explains(rule: Rule, text: str, one: Found) -> bool:
    return bool(
        re.fullmatch(rule.entities, one.entity)
        and re.fullmatch(rule.found, text[one.start : one.end], re.DOTALL)
        and re.search(f"(?:{rule.before})$", text[: one.start], re.IGNORECASE)
    )


def log_lines() -> Iterator[Fields]:
    """Yield target, referrer and user agent of the real lines; of the one line that is broken, its rest as target."""
    for line in LOG.read_text("utf-8", "replace").splitlines():
        match = _LINE.match(line)
        yield match.groupdict() if match else {"target": line.partition('] "')[2], "agent": ""}


def user_agents(seed: int, number: int) -> list[Fields]:
    """Return user agents: one half of the log's visitors, one half of known bots."""
    rng = Random(f"{seed}/agents")
    bots = sorted(set(chain.from_iterable(bot["instances"] for bot in json.loads(AGENTS.read_text()))))
    visitors = sorted({line["agent"] for line in log_lines()})
    half = number // 2
    return [{"agent": agent} for agent in rng.sample(visitors, min(half, len(visitors))) + rng.sample(bots, half)]


def shared(*paths: Path) -> bool:
    """Say whether the data is there."""
    return all(path.exists() for path in paths)
