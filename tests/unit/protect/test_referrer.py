"""Referrers: a declared registrable domain, or its kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect.referrer import Referrers

REFERRERS = Referrers(("bing.com", "google.*", "github.io"), ("www.shop.example", "shop.co.uk"))


@pytest.mark.parametrize(
    ("raw", "host"),
    [
        (b"-", ""),
        (b"", ""),
        (b"https://www.bing.com/search?q=jane", "bing.com"),
        (b"http://www.google.co.uk/", "google.co.uk"),
        (b"http://google.jane-doe.com/", "{other}"),
        (b"http://google.jane-doe.ck/", "{other}"),  # *.ck is a rule of the list
        (b"https://jane@www.bing.com:8443", "bing.com"),
        (b"HTTPS://WWW.BING.COM./", "bing.com"),
        (b"https://jdoe.github.io/", "github.io"),
        (b"https://jane-doe.com/", "{other}"),
        (b"https://my.shop.co.uk/cart", "shop.co.uk"),
        (b"https://www.shop.example/cart", "www.shop.example"),
        (b"http://192.0.2.1:80/", "{ip}"),
        (b"http://[2001:db8::1]:80/", "{ip}"),
        (b"android-app://jane.example", "{other}"),
        (b"www.bing.com", "{other}"),
        (b"http://jane.example\\@bing.com/", "{other}"),
        (b"http://" + b"a." * 30_000 + b"com", "{other}"),
    ],
)
def test_a_referrer_is_its_declared_domain_or_a_kind(raw, host):
    assert REFERRERS.host(raw) == host


@given(st.binary())
def test_no_bytes_raise_or_come_through(raw):
    assert REFERRERS.host(b"http://" + raw) in {"", "{other}", "{ip}"}
