"""Token inputs: no two encode alike; prefixes are /24 and /48."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect.address import pack
from pipeline.protect.tokens import encode, prefix_input, visitor_input

fields = st.lists(st.binary(max_size=6), max_size=4)


@given(st.sampled_from([b"a", b"b"]), fields, st.sampled_from([b"a", b"b"]), fields)
def test_different_fields_never_encode_alike(kind, one, other_kind, other):
    assert (encode(kind, *one) == encode(other_kind, *other)) == ((kind, one) == (other_kind, other))


@given(st.binary(), st.binary())
def test_a_visitor_is_the_encoding_of_address_and_agent(address, agent):
    assert visitor_input(address, agent) == encode(b"v", address, agent)


def prefix(text: str) -> bytes:
    packed = pack(text)
    assert packed is not None
    return prefix_input(packed)


def test_a_prefix_is_a_24_or_a_48():
    assert prefix("192.0.2.1") == prefix("192.0.2.254") != prefix("192.0.3.1")
    assert prefix("2001:db8:1:2::1") == prefix("2001:db8:1:ffff::") != prefix("2001:db8:2::")


@given(st.ip_addresses())
def test_a_prefix_is_encoded_as_fields_are(address):
    fields = {encode(b"p", address.packed[: 3 if address.version == 4 else 6]), encode(b"p", address.packed[2:5])}
    assert prefix_input(address.packed) in fields


def test_an_ipv4_network_makes_no_more_prefixes_by_6to4():
    """192.0.2.1 has 2002:c000:201::/48 for itself, and its neighbor another."""
    assert prefix("2002:c000:201::1") == prefix("2002:c000:202::9") == prefix("192.0.2.77")
