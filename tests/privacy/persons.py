"""Canary persons, the ways in which their data is written, and how to find any of it in what came out."""

import base64
import json
import socket
from collections.abc import Callable, Iterable
from urllib.parse import unquote_to_bytes

from tests.records import FakeRecord
from tests.sanitizing import line

V4, V6 = "203.0.113.77", "2001:db8:7a3c:91::e5"
CANARIES = {
    "name": "Zebedee-Quillfeather",
    "e-mail": "zebedee.quillfeather+news@mail.example",
    "phone": "+14155550123",
    "card": "4111111111111111",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6ZWJlZGVlIn0.c2lnbmF0dXJl",
    "IPv4 address": V4,
    "IPv6 address": V6,
}
PIECES = (
    *("zebedee", "quillfeather", "4155550123", "4111111111111111", "eyjhbgcioijiuzi1nij9"),
    *(V4, V6, "2001:db8:7a3c:", "203.0.113."),
)
"""Lower case; a piece that is long enough to be no accident."""

Encode = Callable[[str], str]


def percent(text: str) -> str:
    """Escape every byte."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


ENCODINGS: dict[str, Encode] = {
    "plain": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "percent": percent,
    "percent, lower-case digits": lambda text: percent(text).lower(),
    "percent twice": lambda text: percent(text).replace("%", "%25"),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hexadecimal": lambda text: text.encode().hex(),
    "hexadecimal, upper case": lambda text: text.encode().hex().upper(),
}


def _filebeat(fields: dict[str, object]) -> FakeRecord:
    return FakeRecord(json.dumps({"message": line().decode()} | fields).encode())


def _raw(old: bytes, new: str) -> FakeRecord:
    """Put a text where the ordinary line has another."""
    assert line().count(old) == 1
    return FakeRecord(line().replace(old, new.encode()))


FIELDS: dict[str, Callable[[str], FakeRecord]] = {
    "address": lambda text: FakeRecord(line(address=text)),
    "identity": lambda text: _raw(b" - - [", f" {text} - ["),
    "user": lambda text: FakeRecord(line(user=text)),
    "user with spaces": lambda text: FakeRecord(line(user=f"{text} {text}")),
    "time": lambda text: FakeRecord(line(time=text)),
    "method": lambda text: FakeRecord(line(method=text)),
    "path": lambda text: FakeRecord(line(f"/{text}")),
    "path, declared wildcard": lambda text: FakeRecord(line(f"/user/{text}")),
    "path, among declared words": lambda text: FakeRecord(line(f"/account/{text}/orders/{text}.html")),
    "path, file name": lambda text: FakeRecord(line(f"/static/{text}.png")),
    "query value": lambda text: FakeRecord(line(f"/?name={text}")),
    "query value, declared parameter": lambda text: FakeRecord(line(f"/?lang={text}&lang=en{text}")),
    "query name": lambda text: FakeRecord(line(f"/?{text}=1&{text}")),
    "fragment": lambda text: FakeRecord(line(f"/#{text}")),
    "target's host": lambda text: FakeRecord(line(f"http://{text}@{text}.example:80/")),
    "protocol": lambda text: _raw(b"HTTP/1.1", f"HTTP/{text}"),
    "status": lambda text: FakeRecord(line(status=text)),
    "bytes": lambda text: _raw(b" 512 ", f" {text} "),
    "bytes, digits alone": lambda text: _raw(b" 512 ", f" {''.join(filter(str.isdigit, text)) or 0} "),
    "referrer": lambda text: FakeRecord(line(referrer=text)),
    "referrer's host": lambda text: FakeRecord(line(referrer=f"https://{text}/")),
    "referrer's domain": lambda text: FakeRecord(line(referrer=f"https://google.{text}.com/")),
    "referrer's suffix": lambda text: FakeRecord(line(referrer=f"https://google.{text}.ck/")),
    "referrer's subdomain": lambda text: FakeRecord(line(referrer=f"https://{text}.bing.com/")),
    "referrer's user": lambda text: FakeRecord(line(referrer=f"https://{text}:{text}@bing.com/")),
    "referrer's path": lambda text: FakeRecord(line(referrer=f"https://bing.com/{text}/a")),
    "referrer's query": lambda text: FakeRecord(line(referrer=f"https://bing.com/?q={text}")),
    "referrer's fragment": lambda text: FakeRecord(line(referrer=f"https://bing.com/#{text}")),
    "user agent": lambda text: FakeRecord(line(agent=text)),
    "user agent, browser": lambda text: FakeRecord(line(agent=f"{text}/5.0 (X11; Linux x86_64) {text}/1.2")),
    "user agent, device": lambda text: FakeRecord(line(agent=f"Mozilla/5.0 (Linux; Android 9; {text} Build/1)")),
    "user agent, bot": lambda text: FakeRecord(line(agent=f"{text}Bot/1.0 (+http://{text}.example)")),
    "X-Forwarded-For behind": lambda text: FakeRecord(line() + f' "{text}, 198.51.100.1"'.encode()),
    "X-Forwarded-For in front": lambda text: FakeRecord(f"{text}, 198.51.100.1 ".encode() + line()),
    "X-Forwarded-For, quoted": lambda text: FakeRecord(f'"{text}" '.encode() + line()),
    "no log line": lambda text: FakeRecord(text.encode()),
    "Filebeat's value": lambda text: _filebeat({"host": {"name": text}, "tags": [text]}),
    "Filebeat's key": lambda text: _filebeat({text: {text: text}}),
    "Filebeat's message": lambda text: _filebeat({"message": text}),
    "Filebeat, broken": lambda text: FakeRecord(f'{{"{text}": "{text}'.encode()),
    "record key": lambda text: FakeRecord(line(), key=text.encode()),
    "header's value": lambda text: FakeRecord(line(), headers=[("trace", text.encode())]),
    "header's name": lambda text: FakeRecord(line(), headers=[(text, b"1")]),
    "undeclared site": lambda text: FakeRecord(line(), headers=[("site", text.encode())]),
    "end of input": lambda text: FakeRecord(b"", headers=[("end-of-input", f"x{text}".encode())]),
}
"""Every place of the input where a text can stand; the rest of the record is ordinary."""


def _forms(piece: str) -> Iterable[bytes]:
    raw = piece.encode()
    yield from (raw, raw.hex().encode(), raw[::-1])
    yield from (percent(piece).lower().encode(), percent(piece).lower().replace("%", "%25").encode())


def _spellings(text: str) -> Iterable[bytes]:
    for encode in ENCODINGS.values():
        yield encode(text).lower().encode()


NEEDLES = {form for piece in PIECES for form in _forms(piece)} | {
    spelling for text in CANARIES.values() for spelling in _spellings(text)
}
PACKED = (socket.inet_pton(socket.AF_INET, V4), socket.inet_pton(socket.AF_INET6, V6))


def leaks(shown: bytes) -> int:
    """Count what is found of any canary, whatever its case; a number, so that no failure prints a value."""
    lower = shown.lower()
    once = unquote_to_bytes(lower)
    views = (lower, once, unquote_to_bytes(once))
    found = sum(needle in view for needle in NEEDLES for view in views)
    return found + sum(packed in shown for packed in PACKED)
