"""Page templates and parameters: what is not declared does not come out."""

import pytest

from pipeline.detect.decode import decode
from pipeline.detect.engine import Detector
from pipeline.protect.url import MAX_SEGMENTS, Pages, parameters, split_target

DETECTOR = Detector()
PAGES = Pages(
    ["/", "/pricing", "/user/{id}", "/user/{id}/settings", "/{lang}/pricing", "/blog/{slug}", "/blog/latest"],
    ["blog", "images", "docs", "index.html"],
    DETECTOR.kind,
)


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
        ("/docs/jane/doe/index.html", "/docs/{other}/index.html"),
        ("/images/jane-doe.PNG", "/images/{asset}"),
        ("/jane.png/docs", "/{other}/docs"),
        ("/docs/a.b/../../etc", "/docs/{other}"),
        ("/docs;jane=1/x", "/{other}"),
        ("/" + "docs/" * 50, "/" + "/".join(["docs"] * MAX_SEGMENTS)),
        ("/" + "j" * 5_000, "/{other}"),
    ],
)
def test_a_path_becomes_a_declared_template_or_words_and_kinds(path, page):
    assert PAGES.template(path) == page


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
