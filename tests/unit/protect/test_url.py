"""Page templates and parameters: what is not declared does not come out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.segments import Kind, Segments
from pipeline.protect.percent import decode
from pipeline.protect.url import MAX_WORDS, Pages, parameters, split_target
from tests.detecting import detector

DECLARED = ["/", "/pricing", "/user/{id}", "/user/{id}/settings", "/{lang}/pricing", "/blog/{slug}", "/blog/latest"]
WORDS = {"blog", "images", "docs", "index.html"}
KINDS = {f"{{{kind}}}" for kind in Kind} | {"{asset}", "{other}", ""}
PAGES = Pages(DECLARED, WORDS, Segments(detector()).kind, tuple(Kind))


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("", ""),
        ("/", "/"),
        ("//", "/"),
        ("/pricing", "/pricing"),
        ("/pricing/", "/pricing"),
        ("/Pricing", "/{other}"),
        ("/user/jane", "/user/{id}"),
        ("/user/jane/settings", "/user/{id}/settings"),
        ("/user/{id}", "/user/{id}"),
        ("/blog/latest", "/blog/latest"),
        ("/blog/jane-doe", "/blog/{slug}"),
        ("/user/pricing", "/user/{id}"),
        ("/de/pricing", "/{lang}/pricing"),
        ("/docs/jane@mail.example", "/docs/{email}"),
        ("/docs/4111111111111111/12", "/docs/{card}/{id}"),
        ("/docs/jane/doe/index.html", "/docs/{other}"),
        ("/images/jane-doe.PNG", "/images/{asset}"),
        ("/jane.png/docs", "/{other}/docs"),
        ("/docs/a.b/../../etc", "/docs/{other}"),
        ("/docs;jane=1/x", "/{other}"),
        ("/docs/images/blog/docs", "/docs/images/{other}"),
        ("/docs/images/jane/12/jane@mail.example/x.png", "/docs/images/{email}"),
        ("/docs/images/jane/x.png", "/docs/images/{asset}"),
        ("/jane/doe/x/y", "/{other}"),
        ("/jane/docs/doe", "/{other}/docs/{other}"),
        ("/" + "j" * 5_000, "/{other}"),
    ],
)
def test_a_path_becomes_a_declared_template_or_words_and_kinds(path, page):
    assert PAGES.template(path) == page


SEGMENT = st.one_of(st.sampled_from(["blog", "images", "docs", "7", "j@mail.example", "x.png", "jane"]), st.text())


@given(st.lists(SEGMENT, max_size=12))
def test_no_more_than_two_words_and_a_kind_stay_of_an_undeclared_path(segments):
    """Else a page could be an identifier, and visitors could make more pages than a worker holds."""
    page = PAGES.template("/" + "/".join(segments))
    if page not in DECLARED:
        words = page.split("/")[1:]
        assert len(words) <= MAX_WORDS + 1
        assert set(words) <= WORDS | KINDS
        assert not set(words[MAX_WORDS:]) & WORDS


@pytest.mark.parametrize(
    ("target", "split"),
    [
        (b"/a?b=c#d", (b"/a", b"b=c")),
        (b"/a?b=c?d", (b"/a", b"b=c?d")),
        (b"http://jane.example/a?b", (b"/a", b"b")),
        (b"http://jane.example", (b"/", b"")),
        (b"jane.example:443", (b"", b"")),
        (b"*", (b"", b"")),
        (b"-", (b"", b"")),
        (b"", (b"", b"")),
        (b"javascript://jane", (b"/", b"")),
    ],
)
def test_a_target_has_a_path_and_a_query_but_no_host(target, split):
    assert split_target(target) == split


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        (b"lang=de", "lang=de"),
        (b"lang=%64e", "lang=de"),
        (b"page=2&lang=de&lang=de", "lang=de&page=2"),
        (b"lang=de&lang=en&page=1&lang=de&page=2", "lang=de&page=1"),
        (b"lang=jane&lang=en", "lang=en"),
        (b"page=2;lang=de", "lang=de&page=2"),
        (b"lang=jane", ""),
        (b"name=jane", ""),
        (b"lang", ""),
        (b"LANG=de", ""),
        (b"lang=de%26name=jane", ""),
        (b"sort=most+read", "sort=most read"),
        (b"", ""),
    ],
)
def test_only_declared_parameters_with_declared_values_stay(query, kept):
    declared = {"lang": ("de", "en"), "page": ("1", "2"), "sort": ("most read",)}
    assert parameters(query, declared, decode) == kept
