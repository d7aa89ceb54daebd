"""Access-log lines as they really are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Rejected
from pipeline.sources.reasons import Reason
from pipeline.sources.weblog import MAX_LINE, WebLogLine, lenient, read

TIME = b"[10/Oct/2000:13:55:36 -0700]"
START = b"192.0.2.1 - - " + TIME


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (START + b' "GET / HTTP/1.0" 200 1', {"request_target": b"/", "bytes": b"1", "user_agent": b"-"}),
        (START + b' "GET / HTTP/1.0" 304 -', {"status": b"304", "bytes": b"-"}),
        (START + b' "GET / HTTP/1.0" 200 1 "-" "A"\r\n', {"referrer": b"-", "user_agent": b"A"}),
        (
            START + b' "GET / HTTP/1.0" 200 1 "-" "A" "192.0.2.9, 2001:db8::1"',
            {"forwarded_for": b"192.0.2.9, 2001:db8::1"},
        ),
        (START + b' "GET / HTTP/1.0" 200 1 "-" "say \\"hi\\""', {"user_agent": b'say \\"hi\\"'}),
        (START + b' "GET / HTTP/1.0" 200 1 "-" "cut off', {"user_agent": b"cut off"}),
        (START + b' "GET / HTTP/1.0" 200 1 "-" "an "odd" one"', {"user_agent": b'an "odd" one'}),
        (START + b' "GET / HTTP/1.0" 200 1 "-" "A" 0.003', {"user_agent": b"A"}),
        (START + b' "" 400 0 "-" "-"', {"request_method": b"-", "request_target": b"-"}),
        (START + b' "-" 408 - "-" "-"', {"request_method": b"-", "status": b"408"}),
        (START + b' "\\x16\\x03\\x01" 400 226', {"request_method": b"\\x16\\x03\\x01", "status": b"400"}),
        (START + b' "GET /a b|c HTTP/1.1" 200 5', {"request_target": b"/a b|c", "protocol": b"HTTP/1.1"}),
        (START + b' "GET /a"b HTTP/1.1" 200 5', {"request_target": b'/a"b'}),
        (START + b' "GET /\xff\xfe HTTP/1.1" 200 5', {"request_target": b"/\xff\xfe"}),
        (START + b' "GET /%D9%81?a|b HTTP/1.1" 200 5', {"request_target": b"/%D9%81?a|b"}),
        (
            b"2001:db8::7 - jane doe " + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"2001:db8::7", "user": b"jane doe"},
        ),
        (
            b"192.0.2.2, 198.51.100.3 - - " + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"198.51.100.3"},
        ),
        (
            b'"192.0.2.2, 192.0.2.3" 198.51.100.3 - - ' + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"198.51.100.3", "forwarded_for": b"192.0.2.2, 192.0.2.3"},
        ),
        (
            b"2001:db8::1, 192.0.2.3 198.51.100.3 - - " + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"198.51.100.3"},
        ),
        (
            b"2001:db8::1 198.51.100.3 - - " + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"198.51.100.3", "forwarded_for": b"2001:db8::1 "},
        ),
        (b"- 198.51.100.3 - - " + TIME + b' "GET / HTTP/1.1" 200 5', {"remote_address": b"198.51.100.3"}),
        (
            b'"192.0.2.2\\" 192.0.2.3 - x" 198.51.100.3 - - ' + TIME + b' "GET / HTTP/1.1" 200 5',
            {"remote_address": b"198.51.100.3"},
        ),
    ],
)
def test_a_line_gives_its_fields(line, expected):
    found = read(line)
    assert isinstance(found, WebLogLine)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found.time == b"10/Oct/2000:13:55:36 -0700"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY),
        (b"", Reason.EMPTY),
        (b" \r\n", Reason.EMPTY),
        (b"nothing", Reason.NOT_A_LOG_LINE),
        (START + b' "GET / HTTP/1.1" OK 5', Reason.NOT_A_LOG_LINE),
        (b"www.jane.example " + START + b' "GET / HTTP/1.1" 200 5', Reason.NOT_A_LOG_LINE),
        (START + b' "GET / HTTP/1.1" 200 5 x\n' + START + b' "GET / HTTP/1.1" 200 5', Reason.NOT_A_LOG_LINE),
        (b"x" * (MAX_LINE + 1), Reason.TOO_LONG),
        (b"{", Reason.BAD_JSON),
        (b'{"message": null}', Reason.BAD_JSON),
        (b'{"msg": "x"}', Reason.BAD_JSON),
        (b'{"message": "\xff"}', Reason.BAD_JSON),
        (b'{"a":' + b"[" * 200_000, Reason.BAD_JSON),
        (b'{"a":"' + b"x" * 300_000 + b'"}', Reason.TOO_LONG),
        (b'{"message": ""}', Reason.EMPTY),
    ],
)
def test_what_is_no_line_is_rejected_with_its_reason(value, reason):
    assert read(value) == Rejected(reason)


@pytest.mark.parametrize(
    "forged",
    [
        b"192.0.2.9",
        b"192.0.2.9, 192.0.2.8",
        b"192.0.2.9,192.0.2.8",
        b"192.0.2.9 192.0.2.8",
        b"192.0.2.9 -",
        b"192.0.2.9 - -",
        b"192.0.2.9 - x",
        b"192.0.2.9 - - " + TIME,
        b"192.0.2.9, 192.0.2.8 - x",
        b"192.0.2.9, 192.0.2.8 192.0.2.7 x",
        b'192.0.2.9\\" 192.0.2.8 - -',
        b"-, 192.0.2.9",
        b"- 192.0.2.9",
        b"x 192.0.2.9",
        b"",
    ],
)
@pytest.mark.parametrize("layout", [b'"%s" 198.51.100.3 - - ', b"%s 198.51.100.3 - - ", b"%s, 198.51.100.3 - - "])
def test_no_forwarded_header_passes_for_the_peers_address(layout, forged):
    """The header is the client's to write; one machine with many addresses would be a crowd."""
    line = read(layout % forged + TIME + b' "GET / HTTP/1.1" 200 5')
    assert line == Rejected(Reason.NOT_A_LOG_LINE) or line.remote_address == b"198.51.100.3"


def test_a_line_of_64_kb_is_read():
    line = START + b' "GET / HTTP/1.1" 200 5 "-" "%s"'
    line %= b"x" * (MAX_LINE - len(line) + 2)
    assert len(line) == MAX_LINE
    assert isinstance(read(line), WebLogLine)


def test_filebeat_carries_the_line_in_message():
    line = START + b' "GET /caf\xc3\xa9 HTTP/1.1" 200 5 "-" "A"'
    envelope = {"@timestamp": "2016-07-01T00:00:00Z", "message": line.decode(), "host": {"name": "web1"}}
    assert read(json.dumps(envelope).encode()) == read(line)


FIELD = st.binary(max_size=20).map(lambda raw: bytes(byte for byte in raw if byte not in b'"\\\r\n'))


@given(FIELD, FIELD)
def test_both_readers_agree_on_well_formed_lines(referrer, agent):
    line = START + b' "GET /x HTTP/1.1" 200 5 "%s" "%s" "-"' % (referrer, agent)
    found = lenient(line)
    assert not isinstance(found, Rejected)
    assert read(line) == WebLogLine(*found)


@given(st.binary())
def test_no_bytes_raise(value):
    assert isinstance(read(value), WebLogLine | Rejected)


def test_a_line_does_not_show_itself():
    assert "192.0.2.1" not in repr(read(START + b' "GET / HTTP/1.0" 200 1'))
