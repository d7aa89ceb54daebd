"""Undoing what hides personal data, with the place of every character in the original text."""

import base64
import html
import json
import quopri
import re
from html.entities import codepoint2name
from itertools import pairwise
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.detect.decoding import LIMITS, Limits, View, search, views
from pipeline.detect.decoding.gate import plain
from pipeline.detect.decoding.place import Decoded

EMAIL = "jane.doe@mail.example"
ROOMY = Limits(depth=8, views=1_000, total=10_000_000, factor=1_000)


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def b64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def jwt(payload: str) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{b64url(payload)}.dozjgNryP4J3jVmNHl0w5N"


def fullwidth(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def texts(text: str) -> list[str]:
    return [view.text for view in views(text).views]


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        # percent, RFC 3986
        ("jane%40mail.example", "jane@mail.example"),
        ("%6A%61%6e%65@mail.example", "jane@mail.example"),
        ("jane%2540mail.example", "jane@mail.example"),
        ("jane%252540mail.example", "jane@mail.example"),
        ("jan%C3%a9@mail.example", "jané@mail.example"),
        ("jan%E9@mail.example", "jané@mail.example"),
        ("%F0%9F%98%80@mail.example", "😀@mail.example"),
        ("?q=jane+doe", "?q=jane doe"),
        ("?q=jane+doe%2Btag", "?q=jane doe+tag"),
        ("q=jane+doe?x", "q=jane doe?x"),
        ("?q=jane%2Bdoe+x", "?q=jane+doe+x"),
        ("?u=https%3A%2F%2Fx%3Fe%3Da%2540b.example", "?u=https://x?e=a@b.example"),
        # backslashes, RFC 8259, ECMA-262, logs
        (r"jane\u0040mail.example", "jane@mail.example"),
        (r"jane%u0040mail.example", "jane@mail.example"),
        (r"jane\u{40}mail.example", "jane@mail.example"),
        (r"jane\U00000040mail.example", "jane@mail.example"),
        (r"\ud83d\ude00", "😀"),
        ("%uD83D%uDE00", "😀"),
        (r"\ud83d", "\N{REPLACEMENT CHARACTER}"),
        (r"\x22jane\x40mail.example\x22", '"jane@mail.example"'),
        (r"jan\xC3\xa9", "jané"),
        (r"{\"e\":\"jane\/doe\"}", '{"e":"jane/doe"}'),
        (r"{\\\"e\\\":\\\"\\u0040\\\"}", '{"e":"@"}'),
        (r"a\nb\tc", "a\nb\tc"),
        # character references, HTML
        ("jane&#64;mail&#46;example", "jane@mail.example"),
        ("jane&#x40;mail&#X2e;example", "jane@mail.example"),
        ("jane&#64mail&#46example", "jane@mail.example"),
        ("jane&commat;mail&period;example", "jane@mail.example"),
        ("&lt;jane&gt;", "<jane>"),
        ("&ltjane&gt", "<jane>"),
        ("&unknown; jane[at]mail.example", "&unknown; jane@mail.example"),
        ("jane&amp;#64;mail.example", "jane@mail.example"),
        ("jane&#0000000000000064;mail.example", "jane@mail.example"),
        # mail, RFC 2045 and 2047
        ("jane=40mail=2Eexample", "jane@mail.example"),
        ("e=3Djane=\r\n@mail.=\nexample", "e=jane@mail.example"),
        ("jan=C3=A9=20x", "jané x"),
        ("jane=E2=80=8B@mail.example", "jane@mail.example"),
        ("=?utf-8?q?Jane_=3Cjane=40mail.example=3E?=", "Jane <jane@mail.example>"),
        ("=?UTF-8?B?amFuZUBtYWlsLmV4YW1wbGU=?=", "jane@mail.example"),
        ("=?utf-8?b?YUBiLg?=", "a@b."),
        ("=?iso-8859-1*de?Q?jan=E9?=", "jané"),
        ("=?utf-8?q?jane=40?= \r\n =?utf-8?q?mail.example?=", "jane@mail.example"),
        # forms and look-alikes, UAX 15, RFC 3490, UTS 39
        (fullwidth("jane@mail.example"), "jane@mail.example"),
        ("jane\ufe6bmail\ufe52example", "jane@mail.example"),
        ("jane@mail\u3002example", "jane@mail.example"),
        ("jane@mail\uff61example", "jane@mail.example"),
        ("jane@mail\u2024example", "jane@mail.example"),
        ("ja\u200bne\u00ad@mail.example", "jane@mail.example"),
        ("jane [at] mail [dot] example", "jane@mail.example"),
        ("e\u0301 jane[at]mail.example", "e\u0301 jane@mail.example"),
        ("jane(AT)mail(Dot)example", "jane@mail.example"),
        ("jane{ @ }mail[.]example", "jane@mail.example"),
        # punycode, RFC 3492
        ("jane@xn--mbel-5qa.example", "jane@möbel.example"),
        ("jane@XN--MBEL-5QA.example", "jane@MöBEL.example"),
        ("xn--p1ai", "рф"),
        # hex, RFC 4648
        ("6a616e65406d61696c2e6578616d706c65", "jane@mail.example"),
        ("u=6A616E65406D61696C2E6578616D706C65&x", "jane@mail.example"),
        ("name6a616e65406d61696c2e6578616d706c65", "jane@mail.example"),
        ("u=6a616e65406d6=\n1696c2e6578616d706c65", "jane@mail.example"),
        ("0x6a616e6540622e6578", "jane@b.ex"),
        # base64, RFC 4648
        (b64("a@b.example"), "a@b.example"),
        ("YUBiLmNvLnVr", "a@b.co.uk"),
        ("q=" + b64(EMAIL), EMAIL),
        (f"/u/{b64(EMAIL)}/x", EMAIL),
        (f'"{b64url(EMAIL)}"', EMAIL),
        ("/u/v/" + b64("ÿÿ???jane@mail.example"), "ÿÿ???jane@mail.example"),
        (f"user-{b64url(EMAIL)}_x", EMAIL),
        (b64("ÿ?>jané@mail.example"), "ÿ?>jané@mail.example"),
        (b64url("ÿ?>jané@mail.example"), "ÿ?>jané@mail.example"),
        (base64.encodebytes(b"x" * 50 + EMAIL.encode() + b"x" * 50).decode(), "x" * 50 + EMAIL + "x" * 50),
        (base64.encodebytes(b"x" * 9_000 + EMAIL.encode()).decode(), "x" * 9_000 + EMAIL),
        (f"data:text/plain;base64,{b64(EMAIL)}", EMAIL),
        (b64(b64(b64(EMAIL))), EMAIL),
        (b64("\u200b".join("jane@mail.example")), "jane@mail.example"),
        # JWT, RFC 7519
        (
            jwt('{"email":"a@b.example"}'),
            '{"email":"a@b.example"}',
        ),
    ],
)
def test_some_view_is_the_decoded_text(text, decoded):
    assert decoded in texts(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a plain text (with brackets), and a line\nbreak",
        "/docs/installing-windows-preview-in-a-virtual-machine/setup",
        "internationalization",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0",
        "d41d8cd98f00b204e9800998ecf8427e",
        "550e8400-e29b-41d4-a716-446655440000",
        "AKIAIOSFODNN7EXAMPLE",
        "20230415123456",
        "?page=10&sort=asc&section=2&timestamp=3&copy=4",
        "?page=01&x=7F",
        "100% of %zz",
        "a + b",
        "xn--",
        "xn--99999999999",
        "xn--" + "a\ud800".encode("punycode").decode(),
        "axn--p1ai",
        "a-xn--p1ai",
        "été à la plage",
        "=?x-unknown?q?a?=",
        "=?idna?q?a?=",
        "=?utf-8?b?a?=",
        "\\q",
        "\ud800",
    ],
)
def test_a_text_with_nothing_encoded_is_its_only_view(text):
    assert views(text).views == (View(text),)
    assert not views(text).exceeded


@pytest.mark.parametrize(
    ("text", "found", "covered"),
    [
        ("to jane%40mail.example!", "jane@mail.example", "jane%40mail.example"),
        ("a%2541b%2542", "A", "%2541"),
        ("=41jan=C3=A9=\n@x", "é@", "=C3=A9=\n@"),
        (r"\ud83d\ude00\x22b", '"', r"\x22"),
        ("&lt;jane&gt;", "jane", "jane"),
        ("x " + b64("abcdefghi jane"), "def", "ZGVm"),
        ("x " + b64("abcdefghi jane"), "b", "WJ"),
        ("x " + b64("ééééééab"), "éa", "cOpYW"),
        ("x " + b"aabbccddeeff".hex() + " y", "bb", "6262"),
        ("jane [at] x", "@", " [at] "),
        ("xx =?utf-8?q?a=40b?= y", "@", "=?utf-8?q?a=40b?="),
        ("?j=" + quote(b64('{"e": "jane@x.example"}')) + "&k", "jane@x.example", "mphbmVAeC5leGFtcGxl"),
    ],
)
def test_a_span_covers_what_was_found_and_no_more(text, found, covered):
    spans = [
        view.span(view.text.index(found), view.text.index(found) + len(found))
        for view in views(text).views[1:]
        if found in view.text
    ]
    assert covered in {text[start:end] for start, end in spans}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a%2540b", ("percent", "percent")),
        ("a&#37;40b", ("entities", "percent")),
        ("?a=b+c", ("plus",)),
        (jwt('{"e":"jane%40x"}'), ("jwt", "percent")),
        (b64("616161616161"), ("base64", "hex")),
        ("aa\u200b%59UBiLmV4YW1wbGU=", ("percent", "base64")),  # not read any more once the forms are plain
        (fullwidth("a%20"), ("forms", "percent")),
        ("a=5Bat=5Db", ("quoted-printable", "spelled")),
        (r"a\u005cx40", ("backslash", "backslash")),
    ],
)
def test_a_path_names_the_decodings_outermost_first(text, path):
    assert path in {view.path for view in views(text).views}


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("/u/" + b64("ab?jane@mail.example"), ["ab?jane@mail.example"]),
        ("q=a+b%40[at]", ["q=a+b@[at]", "q=a+b@@", "q=a b%40[at]", "q=a b@[at]", "q=a b@@"]),
    ],
)
def test_no_view_is_made_that_tells_nothing_new(text, others):
    assert sorted(texts(text)[1:]) == sorted(others)


def test_an_empty_span_is_a_point_and_one_past_the_ends_is_cut():
    _, view = views("x%40y").views
    assert [view.span(n, n) for n in range(4)] == [(0, 0), (1, 1), (4, 4), (5, 5)]
    assert view.span(-9, 9) == (0, 5)
    assert view.span(2, 1) == (4, 4)
    assert View("").span(0, 0) == (0, 0)


def layers(count: int) -> str:
    text = "jane@mail.example"
    for _ in range(count):
        text = quote(text, safe="")
    return text


def test_as_many_layers_as_the_depth_are_undone_and_one_more_is_said():
    assert not views(layers(LIMITS.depth)).exceeded
    assert "jane@mail.example" in texts(layers(LIMITS.depth))
    assert views(layers(LIMITS.depth + 1)).exceeded


def test_each_bound_is_kept_and_said():
    many = " ".join(b64(f"jane.{n}@mail.example") for n in range(100))
    assert len(views(many).views) == LIMITS.views
    assert views(many).exceeded
    assert not views(many, ROOMY).exceeded
    assert views("x" * (LIMITS.text + 1)).exceeded
    assert not views("x " * (LIMITS.text // 2)).exceeded
    long = "%2541" * 1_000
    assert not views(long, Limits(total=4_000)).exceeded  # 3,000 characters and 1,000
    assert views(long, Limits(total=3_999)).exceeded
    assert len(views(long, Limits(total=3_999)).views) == 2
    assert views(long * 2, Limits(factor=0, floor=3_999)).exceeded


def test_no_repr_shows_text():
    found = views("jane%40mail.example")
    assert "jane" not in repr(found)
    assert repr(found.views[1]) == "<View percent, 17 characters>"
    assert "jane" not in repr(Decoded("percent", "jane", found.views[1].places[0]))


# Laws


def named(text: str) -> str:
    names = {ord("@"): "commat", ord("."): "period", **codepoint2name}
    return "".join(f"&{names[ord(c)]};" if ord(c) in names else c for c in text)


def utf16(text: str) -> list[str]:
    return re.findall("....", text.encode("utf-16-be").hex())


def spelled(at: str, dot: str):
    return lambda text: text.replace("@", at).replace(".", dot)


def punycode(text: str) -> str:
    return re.sub(r"(?<=@)m[^.\W]*[^\x00-\x7f][^.\W]*", lambda m: "xn--" + m[0].encode("punycode").decode(), text)


def each_byte(prefix: str):
    return lambda text: "".join(f"{prefix}{byte:02X}" for byte in text.encode())


ENCODERS = {
    "percent": quote,
    "percent, slashes too": lambda t: quote(t, safe=""),
    "percent, everything": each_byte("%"),
    "percent, lower case": lambda t: each_byte("%")(t).lower(),
    "percent, UTF-16": lambda t: "".join(f"%u{unit}" for unit in utf16(t)),
    "form": lambda t: "q=" + quote_plus(t),
    "nested URL": lambda t: f"https://x.example/r?u={quote(t, safe='')}&v=1",
    "base64": b64,
    "base64, unpadded": lambda t: b64(t).rstrip("="),
    "base64url": lambda t: base64.urlsafe_b64encode(t.encode()).decode(),
    "base64url, unpadded": b64url,
    "base64, folded": lambda t: base64.encodebytes(t.encode()).decode(),
    "base64, folded with CRLF": lambda t: base64.encodebytes(t.encode()).decode().replace("\n", "\r\n"),
    "data URL": lambda t: f"data:text/plain;base64,{b64(t)}",
    "hex": lambda t: t.encode().hex(),
    "hex, upper case": lambda t: t.encode().hex().upper(),
    "JWT": lambda t: jwt(json.dumps({"sub": t})),
    "entities": html.escape,
    "entities, named": named,
    "entities, decimal": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "entities, hex": lambda t: "".join(f"&#x{ord(c):x};" for c in t),
    "entities, no semicolon": lambda t: "".join(f"&#{ord(c)}" for c in t),
    "JSON": json.dumps,
    "JSON, UTF-8": lambda t: json.dumps(t, ensure_ascii=False),
    "JSON, slashes too": lambda t: json.dumps({"t": t}).replace("/", "\\/"),
    "\\u": lambda t: "".join(f"\\u{unit}" for unit in utf16(t)),
    "\\u{}": lambda t: "".join(f"\\u{{{ord(c):x}}}" for c in t),
    "\\U": lambda t: "".join(f"\\U{ord(c):08x}" for c in t),
    "\\x": each_byte("\\x"),
    "quoted-printable": lambda t: quopri.encodestring(t.encode()).decode(),
    "quoted-printable, everything": each_byte("="),
    "encoded word, Q": lambda t: f"=?utf-8?q?{each_byte('=')(t)}?=",
    "encoded word, B": lambda t: f"=?utf-8?B?{b64(t)}?=",
    "full-width": fullwidth,
    "full-width @": lambda t: t.replace("@", "\uff20"),
    "ideographic full stop": lambda t: t.replace(".", "。"),
    "[at]": spelled(" [at] ", " [dot] "),
    "(at)": spelled("(at)", "(dot)"),
    "zero-width space": lambda t: t.replace("@", "@\u200b"),
    "punycode": punycode,
}
ORIGINALS = st.one_of(
    st.from_regex(r"[a-z]{4,9}[.+_-]?[a-z]{1,5}@[a-z]{3,8}\.example", fullmatch=True),
    st.sampled_from(
        [
            "jane.doe@mail.example",
            "Jane Doe <jane@mail.example>",
            '{"email": "jane+tag@mail.example", "n": [1]}',
            "jané@möbel.example",
            "https://x.example/a?e=jane@mail.example&b=c",
            "😀 jane@mail.example",
        ]
    ),
)


@given(
    ORIGINALS,
    st.lists(st.sampled_from(sorted(ENCODERS)), min_size=1, max_size=3),
    st.sampled_from([("", ""), ("/x?q=", "&y=1"), ('{"a":"', '"}'), ("see ", " there"), ("/u/", "")]),
)
@settings(deadline=None, max_examples=1_500)
def test_what_was_encoded_comes_back_from_where_it_stands(original, names, around):
    """However it was encoded, and up to three times; only three may hit a bound, by misreadings of misreadings."""
    encoded = original
    for name in names:
        encoded = ENCODERS[name](encoded)
    before, after = around
    found = views(before + encoded + after)
    spans = [
        view.span(view.text.index(original), view.text.index(original) + len(original))
        for view in found.views
        if original in view.text
    ]
    assert not found.exceeded or len(names) == 3
    assert found.exceeded or any(len(before) <= start < end <= len(before) + len(encoded) for start, end in spans)


SCRAPS = st.sampled_from(
    [
        *"%&=+\\#;?.@[]()xu-_/ \n\r\tAa9éª\uff20。\u200b\ufdfa\ud800",
        *("%2540", "%25", "%u0041", "%C3%A9", "%E9", "&amp;", "&#64;", "&lt", "&notit;", "&#x", "\\u0041", "\\x41"),
        *(
            "\\ud83d",
            "\\ude00",
            "=40",
            "=C3=A9",
            "=\n",
            "=?utf-8?q?",
            "=?utf-8?b?",
            "?=",
            "xn--mbel-5qa",
            "[at]",
            "(dot)",
        ),
        *("YUBiLmV4YW1wbGU=", "w6nDqcOpw6nDqcOp", "616161616161", "c3a9c3a9c3a9", "eyJhbGciOiJIUzI1NiJ9."),
        *("XHg0MSU0MT00MSZsdDs=", "JTI1NDElMjU0MQ", "2534312534312534"),
    ]
)
SOUP = st.one_of(st.text(max_size=60), st.lists(SCRAPS, max_size=14).map("".join))


@given(SOUP)
@settings(deadline=None, max_examples=600)
def test_spans_are_within_the_text_never_empty_and_rise(text):
    for view in views(text).views:
        spans = [view.span(n, n + 1) for n in range(len(view.text))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[0] <= two[0] and one[1] <= two[1] for one, two in pairwise(spans))
        for end in range(1, len(spans)):
            assert view.span(0, end + 1) == (spans[0][0], spans[end][1])


class Counted:
    """A decoding that counts the characters it is given."""

    def __init__(self, decode, read):
        self.decode, self.read = decode, read

    def __call__(self, text):
        self.read.append(len(text))
        return self.decode(text)


@given(SOUP | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
@example("%25" * 3_000)
@example("&amp;" * 3_000)
@example("\ufdfa" * 3_000)
@example("=\n" * 5_000)
@example("YUBiLmV4YW1wbGU= " * 3_000)
@settings(deadline=None, max_examples=400)
def test_no_text_raises_and_all_work_is_bounded(text):
    """Each decoding reads each view once, or twice."""
    chain: list[int] = []
    branches: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_CHAIN", tuple(Counted(one, chain) for one in search._CHAIN))
        patch.setattr(search, "_BRANCHES", tuple(Counted(one, branches) for one in search._BRANCHES))
        found = views(text)
    decoded = sum(len(view.text) for view in found.views[1:])
    assert len(found.views) <= LIMITS.views
    assert decoded <= LIMITS.decoded(len(text))
    assert sum(branches) <= len(search._BRANCHES) * (len(text) + decoded)
    assert sum(chain) <= 2 * len(search._CHAIN) * (
        len(text) + decoded
    )  # as a chain's last view, and as the next's first


@given(SOUP)
@settings(deadline=None, max_examples=400)
def test_the_first_view_is_the_text_every_other_has_a_path_and_no_two_are_the_same(text):
    first, *others = views(text).views
    assert first == View(text)
    assert all(view.path and len(view.path) == len(view.places) for view in others)
    places = [(view.text, view.span(0, len(view.text))) for view in (first, *others)]
    assert len(set(places)) == len(places)


@given(SOUP)
@settings(deadline=None, max_examples=600)
@example("&lt" + "a" * 40 + "=")
@example(b64("x" * 57) + "\n" + b64("abc"))
@example("\ufffd=\n")
def test_the_gate_keeps_no_encoded_text_back(text):
    if plain(text):
        assert search._Search(View(text), LIMITS).run().views == (View(text),)
