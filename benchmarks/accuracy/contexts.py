"""The literal contexts: texts of the web around a value that stands there as it is.

A context has the value with the usual label of its kind, or bare. What makes no sense is left out, each for a reason
of `RULES`; what a place cannot hold as it is (a blank in a path) is a matter of `encodings`.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from .kinds import EMAILS, PHONES, Kind
from .marked import Marked


class Context(NamedTuple):
    """A text with LABEL and VALUE in it."""

    name: str
    template: str
    place: str = "text"  # what can stand there: query, path, cookie, text, list
    only: frozenset[str] = frozenset()  # kinds; empty: all
    beside: frozenset[str] = frozenset()  # entities that are there, too


_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_LOG = '198.51.100.7 - - [10/Oct/2024:13:55:36 +0000] "GET {} HTTP/1.1" 200 2326 "{}" "{}"'

CONTEXTS = (
    Context("query", "/u?LABEL=VALUE", "query"),
    Context("request", "GET /u?LABEL=VALUE HTTP/1.1", "query"),
    Context("request, second", "GET /u?a=1&LABEL=VALUE&b=2 HTTP/1.1", "query"),
    Context("path", "path=/FOLDER/VALUE", "path"),
    Context("pair", "LABEL=VALUE", "query"),
    Context("url without scheme", "shop.example/u?LABEL=VALUE", "query"),
    Context("referrer", "https://www.shop.example/search?LABEL=VALUE&src=mail", "query"),
    Context("cookie", "a=b; LABEL=VALUE; c=d", "cookie"),
    Context("json value", '{"LABEL":"VALUE"}'),
    Context("json in a string", r'{"body":"{\"LABEL\":\"VALUE\"}"}'),
    Context("json key", '{"VALUE":1}'),
    Context("header", "LABEL: VALUE"),
    Context("mailto", "mailto:VALUE", "query", EMAILS),
    Context("angle brackets", "<VALUE>"),
    Context("quotes", '"VALUE"'),
    Context("parentheses", "(VALUE)"),
    Context("comma list", "first,VALUE,last", "list"),
    Context("fragment", "https://shop.example/cb#LABEL=VALUE", "query"),
    Context("matrix parameter", "/u;LABEL=VALUE;b=2", "path"),
    Context("sentence", "Please write to VALUE before Monday."),
    Context("log line", _LOG.format("/u?LABEL=VALUE", "-", _AGENT), "query", beside=frozenset({"IP_ADDRESS"})),
    Context("user agent", "Mozilla/5.0 (compatible; ExampleBot/1.0; contact: VALUE)", only=EMAILS | PHONES),
    Context(
        "userinfo, user",
        "https://VALUE:s3cr3t@shop.example/",
        "path",
        frozenset({"user_name"}),
        frozenset({"PASSWORD"}),
    ),
    Context(
        "userinfo, password",
        "https://jane:VALUE@shop.example/",
        "path",
        frozenset({"password"}),
        frozenset({"USER_NAME"}),
    ),
)

_CANNOT = {"query": "&#\"'<>", "path": " /?#\"'<>;", "cookie": ' ,;"\\', "text": "", "list": ","}
Rule = tuple[str, Callable[[Context, Kind, str], bool]]
RULES: tuple[Rule, ...] = (
    ("the place is for other kinds", lambda context, kind, _: bool(context.only) and kind.name not in context.only),
    (
        "without a label nothing tells what it is",
        lambda context, kind, _: not (kind.alone or context.only or {"LABEL", "FOLDER"} & _words(context)),
    ),
    ("no site has it in a path", lambda context, kind, _: "FOLDER" in context.template and not kind.folder),
    (
        "a blank and a plus: a form's encoding tells them apart, see `form`",
        lambda context, kind, value: context.place == "query" and " " in kind.prefix + value and "+" in value,
    ),
    (
        "the place cannot hold one of its characters",
        lambda context, kind, value: any(sign in kind.prefix + value for sign in _CANNOT[context.place]),
    ),
)
"""Why a value is left out of a context."""


def reason(context: Context, kind: Kind, value: str) -> str:
    """Say why a value is left out; empty: it is not."""
    return next((reason for reason, holds in RULES if holds(context, kind, value)), "")


def written(context: Context, kind: Kind, value: str, rng: Random) -> Marked:
    """Write the context around a value; blanks in a query are pluses."""
    template = context.template.replace("LABEL", rng.choice(kind.labels)).replace("FOLDER", kind.folder)
    before, _, after = template.partition("VALUE")
    prefix = kind.prefix
    if context.place == "query":
        prefix, value = prefix.replace(" ", "+"), value.replace(" ", "+")
    before += prefix
    start, end = len(before), len(before) + len(value)
    return Marked(before + value + after, start, end, start, end)


def _words(context: Context) -> set[str]:
    return {word for word in ("LABEL", "FOLDER") if word in context.template}
