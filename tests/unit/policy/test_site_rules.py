"""Sites and vocabulary: no rule lets a value of a person through.

A case replaces a text of the example by another, in which `#!` ends the line that the problem must name.
"""

import pytest

from tests.policies import problems_after

ID = "lower-case letters, digits, '.', '_', '-'"
VALUE = "letters, digits, '.', '_', '-' (values are listed one by one)"

CASES = [
    ("id: blog.example", "id: shop.example #!", "duplicate id 'shop.example', first in sites.yaml:2"),
    ("id: blog.example", "id: Blog #!", f"'Blog' is not {ID}"),
    ("hosts: [blog.example]", "hosts: [] #!", "a site has at least one host"),
    ("hosts: [blog.example]", "hosts: [Blog.example] #!", "'Blog.example' is not a host name in lower case"),
    ("hosts: [blog.example]", "hosts: [a.example, a.example] #!", "duplicate 'a.example'"),
    (
        "hosts: [blog.example]",
        "hosts:\n      - blog.example\n      - www.shop.example #!",
        "'www.shop.example' is another site's: 'shop.example'",
    ),
    (
        "hosts: [blog.example]",
        "hosts: [blog.example, shop.example] #!",
        "'shop.example' is another site's: 'shop.example'",
    ),
    ("- /user/{id}", "- user/{id} #!", "'user/{id}' is not a page template like /user/{id}"),
    ("- /user/{id}", "- /user/{id}/ #!", "'/user/{id}/' is not a page template like /user/{id}"),
    ("- /user/{id}", "- /user/a{id} #!", "'/user/a{id}' is not a page template like /user/{id}"),
    ("- /user/{id}", '- "/user?id={id}" #!', "'/user?id={id}' is not a page template like /user/{id}"),
    ("- /user/{id}", "- /user/{id}\n      - /user/{id} #!", "duplicate '/user/{id}'"),
    (
        "- /user/{id}",
        "- /user/{id}\n      - /user/{name} #!",
        "'/user/{name}' matches the same paths as '/user/{id}'",
    ),
    ("lang: [de, en]", 'lang: [de, "*"] #!', f"parameter 'lang': '*' is not {VALUE}"),
    ("lang: [de, en]", '"l&g": [de] #!', f"parameter 'l&g': 'l&g' is not {VALUE}"),
    ("lang: [de, en]", "lang: [] #!", "parameter 'lang' has no value: leave it out"),
    ("lang: [de, en]", "lang: [de, de] #!", "parameter 'lang' has a duplicate value"),
    ("lang: [de, en]", "lang: [de]\n      lang: [en] #!", "duplicate key 'lang', first in sites.yaml:9"),
    ("[blog, docs]", "[blog, docs, a/b] #!", "'a/b' is not a path segment that is no number"),
    ("[blog, docs]", '[blog, "2009"] #!', "'2009' is not a path segment that is no number"),
    ("[blog, docs]", '[blog, "{id}"] #!', "'{id}' is not a path segment that is no number"),
    (
        "[blog, docs]",
        "[blog, jo@shop.example] #!",
        "'jo@shop.example' is not a path segment that is no number",
    ),
    ("[blog, docs]", "[blog, blog] #!", "duplicate 'blog'"),
    ("[GET, POST]", "[GET, post] #!", "'post' is not an HTTP method"),
    ("Mobile Safari]", '"<b>"] #!', "'<b>' is not a browser family"),
    ("[Linux]", '["Linux\'s"] #!', '"Linux\'s" is not an operating system family'),
    ("google.*]", '"*"] #!', "'*' is not a domain like example.com or example.*"),
    ("google.*]", '"*.example"] #!', "'*.example' is not a domain like example.com or example.*"),
]


@pytest.mark.parametrize(("old", "new", "message"), CASES)
def test_a_broken_rule_is_one_problem_at_its_line(tmp_path, old, new, message):
    """What may be kept is named word by word."""
    (place,), problems = problems_after(tmp_path, old, new)
    assert [f"{place}: {message}"] == problems
