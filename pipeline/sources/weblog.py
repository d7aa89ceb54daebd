r"""An access-log line of Apache or nginx, common or combined format: bytes -> WebLogLine | Rejected.

Formats: Apache mod_log_config "%h %l %u %t \"%r\" %>s %b" with or without Referer and User-agent; nginx
`combined`, with or without a trailing quoted X-Forwarded-For. One expression reads the well-formed line;
`lenient` reads what real logs hold besides. Both are linear in the line's length.

Which address of a proxy list to trust is the deployment's business; here the peer of the server is the
client.
"""

import re
from typing import NamedTuple

from pipeline.model import Rejected
from pipeline.sources import filebeat
from pipeline.sources.reasons import Reason

Raw = bytes  # one of the fields is itself called bytes
MAX_LINE = 65_536
"""Bytes. Servers cut a request line at 8 KB by default; no honest line comes near."""


class WebLogLine(NamedTuple):
    """The raw fields of a line, as they stand: escapes unresolved, `-` where there is nothing."""

    remote_address: Raw
    identity: Raw
    user: Raw
    time: Raw  # 10/Oct/2000:13:55:36 -0700
    request_method: Raw
    request_target: Raw
    protocol: Raw
    status: Raw
    bytes: Raw
    referrer: Raw
    user_agent: Raw
    forwarded_for: Raw

    def __repr__(self) -> str:
        return "WebLogLine(<redacted>)"


ABSENT = b"-"
_QUOTED = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_WELL_FORMED = re.compile(
    rb"([0-9A-Fa-f.:]+) ([^\s]+) ([^\s]+) "
    rb"\[(\d\d/[A-Z][a-z][a-z]/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    rb'"([A-Z]+) ([^\s"\\]+) (HTTP/[0-9.]+)" (\d{3}) (\d+|-)'
    rb"(?: " + _QUOTED + rb" " + _QUOTED + rb"(?: " + _QUOTED + rb")?)?\r?\n?\Z",
    re.DOTALL,
).match
_new = tuple.__new__  # NamedTuple's own constructor is a Python call for each line


def read(value: bytes | None) -> WebLogLine | Rejected:
    """Read the value of a raw record: a bare line, or Filebeat's JSON around one."""
    if not value:
        return Rejected(Reason.EMPTY)
    if value[0] != filebeat.OPENING:
        return parse(value)
    line = filebeat.line(value)
    return line if isinstance(line, Rejected) else parse(line)


def parse(line: bytes) -> WebLogLine | Rejected:
    """Read one line."""
    if len(line) > MAX_LINE:
        return Rejected(Reason.TOO_LONG)
    match = _WELL_FORMED(line)
    if match is not None:
        return _new(WebLogLine, match.groups(ABSENT))
    fields = lenient(line)
    return fields if isinstance(fields, Rejected) else WebLogLine(*fields)


def lenient(line: bytes) -> tuple[bytes, ...] | Rejected:
    """Read a line that is not well formed, field by field; the expressions have no overlapping repeats."""
    line = line.strip()
    if not line:
        return Rejected(Reason.EMPTY)
    time = _TIME(line)
    if time is None or b"\n" in line:
        return Rejected(Reason.NOT_A_LOG_LINE)
    client = _CLIENT(line[: time.start()])
    answer = _ANSWER(line, time.end() - 1)  # an empty request's closing quote is the next byte
    if client is None or answer is None:
        return Rejected(Reason.NOT_A_LOG_LINE)
    quoted, listed, address, identity, user = client.groups()
    if b" " in user and (identity != ABSENT or any(map(_ADDRESS, user.split()))):
        return Rejected(Reason.NOT_A_LOG_LINE)  # a forged list may stand in front: whose address is it?
    forwarded = quoted or listed or ABSENT
    request = _request(line[time.end() : answer.start()])
    tail = _tail(line[answer.end() :])
    if tail[2] != ABSENT:
        forwarded = tail[2]
    return (address, identity, user, time[1], *request, answer[1], answer[2], tail[0], tail[1], forwarded)


_A = rb"[0-9A-Fa-f]*[.:][0-9A-Fa-f.:]*"  # an address; validated where it is used
_TIME = re.compile(rb' \[(\d\d/[A-Za-z]{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "').search
_ADDRESS = re.compile(_A).fullmatch
# An X-Forwarded-For list may stand in front, quoted or not, or `-` for none; the last address is the server's own
# peer. The list is the client's to write: what it says may not pass for the peer's address.
_CLIENT = re.compile(
    rb"(?:" + _QUOTED + rb" |((?:" + _A + rb",[ ]?)*(?:(?:" + _A + rb"|-) (?=" + _A + rb" ))?))"
    rb"(" + _A + rb") (\S+) (.+)\Z",
    re.DOTALL,
).match
_ANSWER = re.compile(rb'" (\d{3}) (\d+|-)(?=\s|\Z)').search


def _request(request: bytes) -> tuple[bytes, bytes, bytes]:
    """Split `METHOD target PROTOCOL`; a target may hold spaces and unescaped quotes, all may be missing."""
    method, _, rest = request.partition(b" ")
    target, separator, protocol = rest.rpartition(b" ")
    if not separator or not protocol.startswith(b"HTTP/"):
        target, protocol = rest, ABSENT
    return method or ABSENT, target or ABSENT, protocol


def _tail(tail: bytes) -> tuple[bytes, bytes, bytes]:
    """Split `"referrer" "agent" "forwarded"`; a quote may be missing at the end, other fields are dropped."""
    if not tail.startswith(b' "'):
        return ABSENT, ABSENT, ABSENT
    parts = tail[2:].split(b'" "', 2)
    parts[-1] = parts[-1].rpartition(b'"')[0] or parts[-1]
    referrer, agent, forwarded = [*parts, ABSENT, ABSENT][:3]
    return referrer, agent, forwarded
