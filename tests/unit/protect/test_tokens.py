"""Token inputs: no two encode alike; prefixes are /24 and /48."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect.tokens import ODD_PREFIX, encode, prefix_input, visitor_input

fields = st.lists(st.binary(max_size=6), max_size=4)


@given(st.sampled_from([b"a", b"b"]), fields, st.sampled_from([b"a", b"b"]), fields)
def test_different_fields_never_encode_alike(kind, one, other_kind, other):
    assert (encode(kind, *one) == encode(other_kind, *other)) == ((kind, one) == (other_kind, other))


@given(st.binary(), st.binary())
def test_a_visitor_is_the_encoding_of_address_and_agent(address, agent):
    assert visitor_input(address, agent) == encode(b"v", address, agent)


def test_a_prefix_is_a_24_or_a_48():
    assert prefix_input(b"192.0.2.1") == prefix_input(b"192.0.2.254") != prefix_input(b"192.0.3.1")
    assert prefix_input(b"2001:db8:1:2::1") == prefix_input(b"2001:db8:1:ffff::") != prefix_input(b"2001:db8:2::")


def test_an_ipv4_network_makes_no_more_prefixes_by_6to4():
    """192.0.2.1 has 2002:c000:201::/48 for itself, and its neighbor another."""
    assert prefix_input(b"2002:c000:201::1") == prefix_input(b"2002:c000:202::9") == prefix_input(b"192.0.2.77")


@given(st.text(max_size=8))
def test_what_is_no_address_stands_for_itself(text):
    encoded = prefix_input(text.encode())
    assert encoded.startswith((ODD_PREFIX, b"p"))
