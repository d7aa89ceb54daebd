"""The ground truth of `make accuracy`: what it says is true by other decoders than ours, and the same for a seed."""

import base64
import binascii
import html
import json
import quopri
import re
import string
import unicodedata
from email.header import decode_header
from ipaddress import ip_address, ip_network
from random import Random
from urllib.parse import unquote, unquote_plus

import phonenumbers
import pytest

from benchmarks.accuracy import cases
from benchmarks.accuracy.contexts import CONTEXTS
from benchmarks.accuracy.encodings import ENCODINGS
from benchmarks.accuracy.kinds import KINDS, TYPED

LITERAL = cases.literal(seed=3, number=2)
ENCODED = cases.encoded(seed=3, number=2)
KIND = {kind.name: kind for kind in KINDS}
DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "::ffff:0:0/96")


def b64(text):
    return base64.urlsafe_b64decode((text.rstrip("=") + "==").replace("+", "-").replace("/", "_"))


def punycode(text):
    return re.sub(r"xn--([a-z0-9-]+)", lambda match: match[1].encode().decode("punycode"), text)


def word(text):
    return "".join(part if isinstance(part, str) else part.decode(kind) for part, kind in decode_header(text))


DECODERS = {  # of what stands for the value
    "percent, all": unquote,
    "percent, reserved": unquote,
    "percent, lower case": unquote,
    "percent, double": lambda text: unquote(unquote(text)),
    "percent, triple": lambda text: unquote(unquote(unquote(text))),
    "form": unquote_plus,
    "percent u": lambda text: json.loads(f'"{text.replace("%u", chr(92) + "u")}"'),
    "nested url": lambda text: unquote(unquote(text)),
    "nested url, twice": lambda text: unquote(unquote(unquote(text))),
    "html, named": html.unescape,
    "html, decimal": html.unescape,
    "html, hex": html.unescape,
    "html, no semicolon": html.unescape,
    "json \\u": lambda text: json.loads(f'"{text}"'),
    "json \\u, upper case": lambda text: json.loads(f'"{text}"'),
    "\\x": lambda text: bytes.fromhex(text.replace("\\x", "")).decode(),
    "json in json in json": lambda text: json.loads(f'"{json.loads(chr(34) + text + chr(34))}"'),
    "full-width @ and .": lambda text: unicodedata.normalize("NFKC", text),
    "full-width, all": lambda text: unicodedata.normalize("NFKC", text),
    "homoglyph dot": lambda text: text.replace("\u3002", "."),
    "zero-width space": lambda text: text.replace("\u200b", ""),
    "idn punycode": punycode,
    "quoted-printable": lambda text: quopri.decodestring(text.encode()).decode(),
    "quoted-printable, broken line": lambda text: quopri.decodestring(text.encode()).decode(),
    "encoded word q": lambda text: quopri.decodestring(text.encode(), header=True).decode(),
    "(at) (dot)": lambda text: text.replace(" (at) ", "@").replace(" (dot) ", "."),
    "[at] [dot]": lambda text: text.replace("[at]", "@").replace("[dot]", "."),
    "percent of html": lambda text: html.unescape(unquote(text)),
}
RUNS = {  # of the run in whose digits the value stands
    "base64": b64,
    "base64, unpadded": b64,
    "base64url": b64,
    "base64url, unpadded": b64,
    "base64 of json": b64,
    "base64, percent": lambda text: b64(unquote(text)),
    "base64, twice": lambda text: b64(b64(text).decode()),
    "hex": binascii.unhexlify,
    "hex, upper case": binascii.unhexlify,
    "jwt claim": lambda text: b64(text.split(".")[1]),
    "encoded word b": lambda text: word(text).encode(),
    "base64 of percent": lambda text: unquote(b64(text)).encode(),
}


def test_a_literal_value_stands_exactly_where_the_truth_says():
    for case in LITERAL.cases:
        assert case.mark.value in {case.value, case.value.replace(" ", "+")}
        assert case.mark[1:3] == case.mark[3:]


def test_there_is_a_decoder_for_every_encoding():
    assert {encoding.name for encoding in ENCODINGS} == DECODERS.keys() | RUNS.keys()


@pytest.mark.parametrize("where", DECODERS)
def test_what_stands_for_a_value_decodes_to_it_and_to_nothing_more(where):
    for case in (case for case in ENCODED.cases if case.where == where):
        assert DECODERS[where](case.mark.value) == case.value
        assert case.mark.low <= case.mark.start < case.mark.end <= case.mark.high


@pytest.mark.parametrize("where", RUNS)
def test_a_run_spells_the_value(where):
    for case in (case for case in ENCODED.cases if case.where == where):
        assert case.value.encode() in RUNS[where](case.mark.text[case.mark.low : case.mark.high])


def other(digit, where):
    """Return the digit that differs in every bit."""
    alphabet = "0123456789abcdef" if where.startswith("hex") else string.ascii_uppercase + string.ascii_lowercase
    alphabet += "" if where.startswith("hex") else f"{string.digits}{'-_' if 'url' in where else '+/'}"
    return alphabet[-1 - alphabet.index(digit.lower() if where.startswith("hex") else digit)]


@pytest.mark.parametrize("where", ["base64", "base64url, unpadded", "hex", "hex, upper case"])
def test_the_digits_at_the_span_are_the_fewest_that_spell_the_value(where):
    """The other digits may be any; at both ends of the span they may not."""
    for case in (case for case in ENCODED.cases if case.where == where):
        value, (text, start, end, low, high) = case.value.encode(), case.mark
        before, after = "".join(other(digit, where) for digit in text[low:start]), "f" * (high - end)
        assert value in RUNS[where](before + text[start:end] + after)
        for place in (start, end - 1):
            changed = text[:place] + other(text[place], where) + text[place + 1 :]
            assert value not in RUNS[where](changed[low:high])


def test_the_same_seed_makes_the_same_cases_and_another_one_others():
    assert cases.literal(3, 2) == LITERAL
    assert cases.encoded(3, 2) == ENCODED
    assert cases.literal(4, 2).cases != LITERAL.cases


@pytest.mark.parametrize(("made", "wheres"), [(LITERAL, CONTEXTS), (ENCODED, ENCODINGS)], ids=["literal", "encoded"])
def test_every_pair_has_cases_or_a_reason(made, wheres):
    pairs = {(kind.name, where.name) for kind in KINDS for where in wheres}
    assert {(case.kind, case.where) for case in made.cases} | made.left_out.keys() == pairs
    assert {(case.kind, case.where) for case in made.cases}.isdisjoint(made.left_out)
    assert all(made.left_out.values())


def test_domains_and_addresses_are_those_for_documentation():
    texts = [case.mark.text for case in LITERAL.cases]
    hosts = [host for text in texts for host in re.findall(r"(?:://(?!\S+:\S+@)|@)([\w.-]+)", text)]
    assert hosts
    assert all(re.search(r"\.example\.?$", host) for host in hosts)
    nets = [ip_network(net) for net in DOCUMENTATION]
    for name in ("ipv4", "ipv6", "ipv6_mapped"):
        address = ip_address(KIND[name].draw(Random(1)))
        assert any(address in net for net in nets if net.version == address.version)


@pytest.mark.parametrize("seed", range(50))
def test_numbers_are_valid(seed):
    """By checks of their own: the detectors under test must not be right by the generator's faults."""
    rng = Random(seed)
    for name in ("phone_e164", "phone_grouped", "phone_american", "phone_digits"):
        text = KIND[name].draw(rng)
        assert any(
            phonenumbers.is_valid_number(phonenumbers.parse(text, region))
            for region in (("US", "GB", "FR") if name == "phone_digits" else ("US",))
        )
    iban = KIND["iban_grouped"].draw(rng).replace(" ", "")
    assert int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1
    for name in ("card", "card_grouped", "imei"):
        numbers = [int(sign) for sign in reversed(KIND[name].draw(rng)) if sign.isdecimal()]
        doubled = sum(sum(divmod(2 * number, 10)) for number in numbers[1::2])
        assert (sum(numbers[::2]) + doubled) % 10 == 0
    header, claims, _ = KIND["jwt"].draw(rng).split(".")
    assert json.loads(b64(header))["typ"] == "JWT"
    assert json.loads(b64(claims))["email"].endswith(".example")


def test_kinds_that_people_type_are_kinds():
    assert set(KIND) >= TYPED
    assert len(KIND) == len(KINDS)
