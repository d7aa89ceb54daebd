"""Compiled records are Avro: what the reference treatments say, encoded as fastavro encodes it."""

import io

import fastavro
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.policy.model import Treatment
from pipeline.protect.client import Clients
from pipeline.protect.percent import decode
from pipeline.sources.weblog import WebLogLine
from pipeline.stages.sanitize_avro import ENCODERS
from pipeline.stages.sanitize_values import SENDER, Senders, values
from tests.detecting import detector
from tests.sanitizing import (
    HEADER,
    PARSED_EVENT,
    POLICY,
    SITE,
    SOURCE,
    VISIT,
    FakeGeo,
    FakeKey,
    compilers,
)

PARSED_VISIT = fastavro.parse_schema(VISIT)
DECLARED = next(site for site in POLICY.sites if site.id == SITE)
SENDERS = Senders(Clients(POLICY.vocabulary.browsers, POLICY.vocabulary.operating_systems), FakeGeo())
KEY = FakeKey(SITE, 1)
REFERENCE = {late: values(POLICY, DECLARED, detector(), None if late else KEY) for late in (True, False)}
OPEN = {True: compilers()[SITE].open(None), False: compilers()[SITE].open(KEY)}

TARGETS = st.one_of(
    st.binary(max_size=40).map(lambda raw: b"/" + raw),
    st.sampled_from([b"-", b"*", b"/", b"/user/5?lang=de&page=2;x=y", b"http://a.example/blog//x/", b"//"]),
)
LINES = st.builds(
    WebLogLine,
    st.sampled_from([b"192.0.2.1", b"10.0.0.9", b"2001:db8::5", b"::ffff:198.51.100.7"]),
    st.just(b"-"),
    st.binary(max_size=5),
    st.sampled_from([b"01/Jul/2016:00:00:00 +0000", b"29/Feb/2016:23:59:60 -1130", b"01/Jan/0001:00:00:00 +0000"]),
    st.sampled_from([b"GET", b"-", b"BREW"]),
    TARGETS,
    st.just(b"-"),
    st.one_of(st.integers(0, 999).map(lambda n: b"%03d" % n), st.binary(max_size=4)),
    st.one_of(st.integers(0, 10**19).map(lambda n: b"%d" % n), st.just(b"-")),
    st.one_of(st.sampled_from([b"-", b"http://www.demo.example/x", b"http://192.0.2.1/"]), st.binary(max_size=20)),
    st.one_of(st.sampled_from([b"-", b"curl/7.1", b"Mozilla/5.0 (iPad; CPU OS 9_3)"]), st.binary(max_size=20)),
    st.just(b"-"),
)


def plain(line: WebLogLine, *, late: bool) -> dict:
    """Treat a line slowly, field by field, as the policy's table says."""
    client = SENDERS.client(line.user_agent)
    sender = SENDERS.sender(line.remote_address, line.user_agent, client, None if late else KEY)
    found: dict = {"site": SITE, "policy": POLICY.stamp, "late": late, "prefix": sender.prefix}
    found["bot"] = client.device_class == "bot"
    for field in SOURCE.fields:
        for derived in field.derive:
            if derived.treatment in SENDER:
                found[derived.field] = SENDER[derived.treatment](sender)
            else:
                found[derived.field] = REFERENCE[late][derived.treatment](getattr(line, field.name))
    for name, value in found.items():
        if isinstance(value, tuple):
            found[name] = [remark._asdict() for remark in value]
    return found


@given(LINES, st.booleans())
@settings(deadline=None)
def test_a_compiled_event_and_visit_are_the_reference_values_as_fastavro_writes_them(line, late):
    treatments = OPEN[late]
    person = treatments.persons[line.remote_address, line.user_agent]
    assert person is not None
    pieces = treatments.pieces(person, line)
    expected = plain(line, late=late)
    for schema, record in (
        (PARSED_EVENT, treatments.event(pieces).removeprefix(HEADER)),
        (PARSED_VISIT, treatments.visit(pieces)),
    ):
        out = io.BytesIO()
        names = [field["name"] for field in schema["fields"]]
        fastavro.schemaless_writer(out, schema, {name: expected[name] for name in names})
        assert out.getvalue() == record


@given(st.integers(-(2**63), 2**63 - 1), st.text(max_size=300), st.binary(max_size=300), st.booleans())
def test_the_encoders_write_what_fastavro_writes(number, text, content, truth):
    for kind, value in (("long", number), ("string", text), ("bytes", content), ("boolean", truth)):
        out = io.BytesIO()
        fastavro.schemaless_writer(out, {"type": kind}, value)
        assert out.getvalue() == ENCODERS[kind](value)


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_a_page_has_declared_words_and_kinds_only(raw):
    """Each segment of a page is a word of the policy, a kind, or part of a declared template."""
    words = set(POLICY.vocabulary.path_segments).union(*(page.split("/") for page in DECLARED.pages))
    kinds = {"{email}", "{phone}", "{card}", "{token}", "{id}", "{asset}", "{other}", ""}
    page = str(REFERENCE[True][Treatment.PAGE](b"/" + raw))
    assert set(page.split("/")) <= words | kinds
    assert page.count("/") <= 6
    assert decode(decode(page.encode()).encode()) == page
