"""User agents: declared families and a device class."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.protect.client import Client, Clients

CLIENTS = Clients(("Chrome", "Chrome Mobile", "Mobile Safari", "Firefox"), ("Windows", "Android", "iOS", "Linux"))
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0"
IOS = "CPU OS 15_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.0 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "client"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:47.0) Gecko/20100101 Firefox/47.0",
            ("Firefox", "Windows", "desktop"),
        ),
        (f"{ANDROID} Mobile Safari/537.36", ("Chrome Mobile", "Android", "mobile")),
        (f"{ANDROID} Safari/537.36", ("Chrome", "Android", "tablet")),
        (f"Mozilla/5.0 (iPhone; CPU iPhone {IOS[4:]}", ("Mobile Safari", "iOS", "mobile")),
        (f"Mozilla/5.0 (iPad; {IOS}", ("Mobile Safari", "iOS", "tablet")),
        ("Mozilla/5.0 (compatible; Googlebot/2.1)", ("other", "other", "bot")),
        ("curl/8.0", ("other", "other", "bot")),
        ("JaneBrowser/1.0", ("other", "other", "other")),
        ("-", ("other", "other", "other")),
        ("", ("other", "other", "other")),
    ],
)
def test_an_agent_is_its_declared_families_and_its_class(agent, client):
    assert CLIENTS.recognize(agent.encode()) == Client(*client)


@given(st.one_of(st.binary(max_size=80), st.text(max_size=40).map(lambda t: f"{t}/1 (X; {t}) {t}Bot/2".encode())))
@settings(deadline=None)
def test_only_declared_words_come_out_of_any_agent(raw):
    found = CLIENTS.recognize(raw)
    assert found.browser in {"Chrome", "Chrome Mobile", "Mobile Safari", "Firefox", "other"}
    assert found.operating_system in {"Windows", "Android", "iOS", "Linux", "other"}
    assert found.device_class in {"desktop", "mobile", "tablet", "bot", "other"}
