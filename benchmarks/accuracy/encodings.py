"""The encodings: functions (label, prefix, value) -> a text of the web, and where the encoded value stands in it.

What is right: a finding of the kind that covers the encoded value and reaches no further than the encoded
parameter with its label, or than the run (base64, hex, an encoded word) that spells it. Which encodings are not for
a kind: those that leave its value as it is, and those of `only`.
"""

import base64
import string
from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from . import spelling
from .kinds import EMAILS, TYPED, Kind
from .machines import url64
from .marked import Marked, Spell, base64_run, hex_run, inside, limited, marked, spelled, spelled_value

Build = Callable[[str, str, str], Marked]
_DOTTED = EMAILS | {"ipv4"}


class Encoding(NamedTuple):
    """A way to write a value so that its own characters do not show."""

    name: str
    build: Build
    only: frozenset[str] = frozenset()  # kinds; empty: all
    also: frozenset[str] = frozenset()  # entities that are right for every kind
    around: bool = False  # what stands around the value is encoded: it counts though the value stays as it is


def reason(encoding: Encoding, kind: Kind, value: str) -> str:
    """Say why a value is left out; empty: it is not."""
    if encoding.only and kind.name not in encoding.only:
        return "nobody writes this kind so"
    if not encoding.around and encoding.build("label", kind.prefix, value).value == value:
        return "it leaves the value as it is"
    return ""


def _parameter(label: str, prefix: str, value: str) -> Marked:
    return marked(f"{label}={prefix}", value)


def _json(label: str, prefix: str, value: str) -> Marked:
    return inside(marked(f'"{label}":"{prefix}', value, '"'), "{", "}")


def _query(spell: Spell) -> Build:
    """Encode value and prefix in a query, the label not."""

    def build(label: str, prefix: str, value: str) -> Marked:
        piece = spelled(marked(prefix, value), spell)
        return inside(limited(inside(piece, f"{label}=")), "/u?a=1&", "&b=2")

    return build


def _value(spell: Spell, before: str, after: str) -> Build:
    """Encode the value alone, between texts with LABEL in them."""

    def build(label: str, prefix: str, value: str) -> Marked:
        start, _, middle = before.partition("LABEL")
        piece = inside(spelled_value(marked(prefix, value), spell), f"{label}{middle}")
        return inside(limited(piece), start, after)

    return build


def _nested(times: int) -> Build:
    """Encode a URL as the parameter of another one."""

    def build(label: str, prefix: str, value: str) -> Marked:
        one = inside(spelled(_parameter(label, prefix, value), _browser), "https://shop.example/u?", "&b=2")
        for _ in range(times):
            one = inside(spelled(one, spelling.percent), "https://login.example/go?to=", "&c=3")
        return one

    return build


def _browser(text: str) -> str:
    """Encode what a browser's address line does: blanks, and what is beyond ASCII."""
    return quote(text, safe=string.punctuation)


def _run(
    carrier: Build, encode: Callable[[bytes], bytes] = base64.b64encode, after: Spell | None = None, times: int = 1
) -> Build:
    """Encode the carrier in base64."""

    def build(label: str, prefix: str, value: str) -> Marked:
        one = carrier(label, prefix, value)
        if len(one.text.encode()) % 3 == 0:
            one = inside(one, "", " ")  # padded, if the alphabet pads
        for _ in range(times):
            one = base64_run(one, encode)
        return inside(spelled(one, after) if after else one, "/t?d=", "&b=2")

    return build


def _hex(after: Spell) -> Build:
    return lambda label, prefix, value: inside(
        spelled(hex_run(_parameter(label, prefix, value)), after), "/t?d=", "&b=2"
    )


def _jwt(label: str, prefix: str, value: str) -> Marked:
    claims = inside(marked(f'"{label}":"{prefix}', value, '"'), '{"iss":"shop.example",', ',"iat":1700000000}')
    payload = base64_run(claims, _unpadded_url)
    token = inside(
        payload, url64(b'{"alg":"HS256","typ":"JWT"}') + ".", "." + url64(b"\x07signature of the test\xf0")
    )
    return inside(limited(token), "/cb?a=1&s=", "&b=2")


def _word_b(label: str, prefix: str, value: str) -> Marked:
    run = base64_run(marked(f"{label}: {prefix}", value))
    return inside(limited(inside(run, "=?UTF-8?B?", "?=")), "Subject: ", "\r\n")


def _word_q(label: str, prefix: str, value: str) -> Marked:
    run = spelled(marked(f"{label}: {prefix}", value), spelling.encoded_word)
    return inside(limited(inside(run, "=?utf-8?q?", "?=")), "Subject: ", "\r\n")


def _quoted(label: str, prefix: str, value: str) -> Marked:
    piece = spelled(marked(prefix, value), spelling.quoted_printable)
    return inside(limited(inside(piece, f"{label}: ")), "Your account\r\n", "\r\nYours")


def _quoted_break(label: str, prefix: str, value: str) -> Marked:
    one = marked(prefix, value)
    spelled_one = spelled(one, spelling.quoted_printable)
    middle = len(spelling.quoted_printable(prefix + value[: len(value) // 2]))
    broken = spelled_one.text[:middle] + "=\r\n" + spelled_one.text[middle:]
    piece = Marked(broken, spelled_one.start, spelled_one.end + 3, 0, len(broken))
    return inside(limited(inside(piece, f"{label}: ")), "Your account\r\n", "\r\nYours")


def _nested_json(label: str, prefix: str, value: str) -> Marked:
    one = inside(spelled(_json(label, prefix, value), spelling.json_string), '{"body":"', '"}')
    return inside(spelled(one, spelling.json_string), '{"message":"', '"}')


def _unpadded(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _unpadded_url(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


_S = spelling
_in_html = partial(_value, before='<a href="/u?a=1&amp;LABEL=', after='&amp;b=2">')
_in_json = partial(_value, before='{"a":1,"LABEL":"', after='","b":2}')
_in_text = partial(_value, before="LABEL: ", after="\n")

ENCODINGS = (
    Encoding("percent, all", _query(_S.percent_all)),
    Encoding("percent, reserved", _query(_S.percent)),
    Encoding("percent, lower case", _query(_S.percent_lower)),
    Encoding("percent, double", _query(_S.twice(_S.percent_all, _S.percent))),
    Encoding("percent, triple", _query(_S.twice(_S.twice(_S.percent_all, _S.percent), _S.percent))),
    Encoding("form", _query(_S.form)),
    Encoding("percent u", _query(_S.percent_u)),
    Encoding("nested url", _nested(1), around=True),
    Encoding("nested url, twice", _nested(2), around=True),
    Encoding("base64", _run(_parameter)),
    Encoding("base64, unpadded", _run(_parameter, _unpadded)),
    Encoding("base64url", _run(_parameter, base64.urlsafe_b64encode)),
    Encoding("base64url, unpadded", _run(_parameter, _unpadded_url)),
    Encoding("base64 of json", _run(_json)),
    Encoding("base64, percent", _run(_parameter, after=_S.percent)),
    Encoding("base64, twice", _run(_parameter, times=2)),
    Encoding("hex", _hex(str)),
    Encoding("hex, upper case", _hex(str.upper)),
    Encoding("jwt claim", _jwt, also=frozenset({"TOKEN"})),  # all of a JWT is a token, too
    Encoding("html, named", _in_html(_S.html_named)),
    Encoding("html, decimal", _in_html(_S.html_decimal)),
    Encoding("html, hex", _in_html(_S.html_hex)),
    Encoding("html, no semicolon", _in_html(_S.html_bare)),
    Encoding("json \\u", _in_json(_S.unicode_lower)),
    Encoding("json \\u, upper case", _in_json(_S.unicode_upper)),
    Encoding("\\x", _query(_S.hex_bytes)),
    Encoding("json in json in json", _nested_json, around=True),
    Encoding("full-width @ and .", _in_text(_S.full_width_signs), _DOTTED),
    Encoding("full-width, all", _in_text(_S.full_width), TYPED),
    Encoding("homoglyph dot", _in_text(_S.homoglyph_dots), _DOTTED),
    Encoding("zero-width space", _in_text(_S.zero_width), TYPED),
    Encoding("idn punycode", _in_text(_S.punycode), frozenset({"email_international"})),
    Encoding("quoted-printable", _quoted),
    Encoding("quoted-printable, broken line", _quoted_break),
    Encoding("encoded word b", _word_b),
    Encoding("encoded word q", _word_q, around=True),
    Encoding("(at) (dot)", _in_text(_S.at_dot), EMAILS),
    Encoding("[at] [dot]", _in_text(_S.at_dot_brackets), EMAILS),
    Encoding("percent of html", _query(_S.twice(_S.html_decimal, _S.percent))),
    Encoding("base64 of percent", _run(_query(_S.percent_all))),
)
