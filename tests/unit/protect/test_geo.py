"""Addresses and where they are."""

import ipaddress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigError
from pipeline.protect.address import canonical, pack
from pipeline.protect.geo import open_geo

GEOIP = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "geoip"
needs_data = pytest.mark.skipif(not GEOIP.exists(), reason="the folder of real data is absent")


@cache
def embedded():
    return open_geo()


def packed(text: str) -> bytes:
    found = pack(text)
    assert found is not None
    return found


@given(st.ip_addresses())
def test_any_spelling_of_an_address_packs_to_the_same_bytes(address):
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    assert pack(str(address)) == address.packed == pack(canonical(address.packed).decode())
    if address.version == 6:
        assert pack(address.exploded.upper()) == address.packed


@pytest.mark.parametrize(
    "text", ["", "-", "1.2.3", "1.2.3.4.5", "256.1.1.1", "jane", "fe80::1%eth0", "::g", "\0", "1.2.3.4:80"]
)
def test_what_is_no_address_is_none(text):
    assert pack(text) is None


def test_a_mapped_address_is_the_ipv4_one():
    assert pack("::ffff:192.0.2.1") == pack("192.0.2.1")


@pytest.mark.parametrize(
    "text", ["192.0.2.1", "198.51.100.7", "10.0.0.1", "127.0.0.1", "::1", "2001:db8::1", "0.0.0.0"]
)
def test_reserved_addresses_are_nowhere(text):
    assert (embedded().country(packed(text)), embedded().isp(packed(text))) == ("ZZ", "")


@given(st.ip_addresses())
@settings(deadline=None)  # the first example loads the data
def test_every_address_has_a_country_code(address):
    assert len(embedded().country(address.packed)) == 2
    assert isinstance(embedded().isp(address.packed), str)


def test_well_known_resolvers_are_where_they_are_known_to_be():
    for text in ("8.8.8.8", "2001:4860:4860::8888"):
        assert (embedded().country(packed(text)), embedded().isp(packed(text))) == ("US", "GOOGLE")


@needs_data
def test_databases_of_the_deployment_answer_in_place_of_the_embedded_one():
    geo = open_geo(GEOIP / "GeoIP2-City-Test.mmdb", GEOIP / "GeoIP2-ISP-Test.mmdb")
    assert geo.country(packed("81.2.69.142")) == "GB"
    assert geo.isp(packed("1.128.0.0")) == "Telstra Internet"
    assert (geo.country(packed("10.0.0.1")), geo.isp(packed("10.0.0.1"))) == ("ZZ", "")


@needs_data
def test_missing_broken_and_unfit_databases_are_refused_all_at_once():
    broken = GEOIP / "MaxMind-DB-test-broken-search-tree-24.mmdb"
    with pytest.raises(ConfigError) as caught:
        open_geo(broken, GEOIP / "nowhere.mmdb")
    assert [str(broken) in caught.value.problems[0], "nowhere" in caught.value.problems[-1]] == [True, True]
    with pytest.raises(ConfigError, match="not a database of type ASN or ISP"):
        open_geo(None, GEOIP / "GeoIP2-City-Test.mmdb")
