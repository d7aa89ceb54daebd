"""Every line of real access logs: what comes out is declared, and nothing of the visitors is in it.

Failures print numbers only: the logs hold people's addresses.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from pipeline.protect.url import MAX_WORDS
from tests.privacy.showing import shown
from tests.records import FakeRecord
from tests.sanitizing import DATA, POLICY, SITE, Bench, FakeKey, events

LOGS = sorted((DATA / "weblogs").glob("**/*.log")) if DATA.exists() else []
pytestmark = pytest.mark.skipif(not LOGS, reason="the folder of real data is absent")
LATER = 4_000_000_000_000  # append time: no line is from the future
ADDRESS = re.compile(rb"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}")
EMAIL = re.compile(rb"[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+")
QUERY_VALUE = re.compile(rb"[?&;][\w.\[\]%-]+=([^&;#\s\"]{6,})")
KINDS = re.compile(r"\{(email|phone|card|token|id|asset|other|ip)\}").fullmatch


class EveryDay:
    """Keys of all days: the logs are old, and late events would have no tokens to look at."""

    def get(self, site: str, day: int) -> FakeKey:
        return FakeKey(site, day)


@cache
def declared() -> frozenset[str]:
    """Return the policy's words, in lower case: what a log happens to share with them is no leak."""
    site = next(site for site in POLICY.sites if site.id == SITE)
    words = set(POLICY.vocabulary.path_segments) | set(POLICY.vocabulary.browsers) | {SITE, POLICY.stamp}
    words |= set(POLICY.vocabulary.operating_systems) | set(POLICY.vocabulary.referrers)
    for template in site.pages:
        words |= {template, *template.split("/")}
    for name, values in site.parameters.items():
        words |= {name, *values, *(f"{name}={value}" for value in values)}
    return frozenset(word.lower() for word in words)


def run(path: Path) -> tuple[list[bytes], bytes, list[dict[str, object]]]:
    """Return (lines, all that is visible, events)."""
    lines = path.read_bytes().splitlines()
    bench = Bench()
    bench.stage._keys = EveryDay()
    output = bench.run([FakeRecord(text, offset=n, time_ms=LATER) for n, text in enumerate(lines)])
    return lines, shown(bench, output), events(output)


def secrets(lines: Iterable[bytes], pattern: re.Pattern[bytes]) -> set[bytes]:
    """Return what the pattern finds, in lower case, as written and unquoted, unless the policy declares it."""
    harmless = b"\n".join(word.encode() for word in declared())
    names = "|".join(re.escape(name[:-2]) for name in POLICY.vocabulary.referrers if name.endswith(".*"))
    search_engine = re.compile(rf"(?:{names})\.[a-z.]+".encode()).fullmatch  # google.com is somebody's query, too
    found = {match.lower() for text in lines for match in pattern.findall(text)}
    found |= {unquote_to_bytes(secret) for secret in found}
    return {s for s in found if len(s) >= 6 and s not in harmless and not search_engine(s)}


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_no_address_e_mail_or_query_value_of_a_real_log_is_shown(path):
    lines, visible, _ = run(path)
    lower = visible.lower()
    leaked = {
        name: sum(secret in lower for secret in secrets(lines, pattern))
        for name, pattern in (("address", ADDRESS), ("e-mail", EMAIL), ("query value", QUERY_VALUE))
    }
    assert leaked == {"address": 0, "e-mail": 0, "query value": 0}


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_every_text_of_an_event_is_declared_or_a_kind(path):
    """Whatever a log holds, pages, parameters, referrers and families come from a finite list."""
    _, _, found = run(path)
    undeclared = 0
    for event in found:
        segments = [segment for segment in str(event["page"]).split("/") if segment]
        texts = [*segments, *filter(None, str(event["parameters"]).split("&"))]
        texts += [str(event[name]) for name in ("browser", "operating_system")]
        undeclared += sum(t.lower() not in declared() | {"other"} and not KINDS(t) for t in texts)
        assert len(segments) <= MAX_WORDS + 1
        assert event["device_class"] in {"desktop", "mobile", "tablet", "bot", "other"}
        assert event["method"] in {*POLICY.vocabulary.methods, "other"}
    assert undeclared == 0
