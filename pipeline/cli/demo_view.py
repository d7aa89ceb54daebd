"""What the demo read back from the topics, and how it is shown."""

import re
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from typing import Any

import msgspec
from confluent_kafka import Message
from prometheus_client.parser import text_string_to_metric_families
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.config import Settings
from pipeline.kafka.codec import Codec, Decoded
from pipeline.kafka.reading import read_all
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.kafka.ship import END_HEADER
from pipeline.model import HOUR_MS
from pipeline.observe.server import run_file
from pipeline.sources.rebase import time_of

SAMPLES = 6
MASK = "(address)"
_ADDRESS = re.compile(r"(?:Chrome|Edg|OPR)/[\d.]+|[0-9A-Fa-f:.]{3,}")
"""What may be an address; versions of browsers look like one."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Input and what became of it, as the topics tell. `raw` holds samples for the screen only."""

    lines: int
    out: int
    late: int
    quarantined: Mapping[str, int]
    denied: int
    rows: list[dict[str, Any]]
    manifests: list[dict[str, Any]]
    found: Mapping[str, int]
    samples: list[tuple[bytes, dict[str, Any]]]
    windows: int  # that must be released

    @property
    def even(self) -> bool:
        """Whether in = out + late + quarantined + denied."""
        accounted = self.out + self.late + sum(self.quarantined.values()) + self.denied
        return self.lines > 0 and self.lines == accounted

    @property
    def came_out(self) -> bool:
        """Whether any line became an event."""
        return self.out + self.late > 0

    @property
    def complete(self) -> bool:
        """Whether every window has a manifest."""
        return self.windows > 0 and len({one["window_start"] for one in self.manifests}) == self.windows

    def figures(self) -> dict[str, Any]:
        """Return the counts, without samples."""
        return {
            "in": self.lines,
            "out": self.out,
            "late": self.late,
            "quarantined": dict(self.quarantined),
            "denied": self.denied,
            "even": self.even,
            "windows": self.windows,
            "manifests": len(self.manifests),
            "rows": len(self.rows),
        }


def account(settings: Settings, began_ms: int) -> Account:
    """Read the topics back. `began_ms`: start of the first window."""
    codec = Codec(Registry(settings.registry_url), load_schemas(settings.schemas_dir))
    raw, end_ms = _raw(settings)
    events = [content for _, content in _decoded(settings, codec, "events.page_view")]
    letters = [content for _, content in _decoded(settings, codec, "quarantine.sanitize")]
    released = list(_decoded(settings, codec, "anon.page_views"))
    found: Counter[str] = Counter()
    for event in events:
        found.update({f"{remark['entity']}, {remark['method']}" for remark in remarks(event)})
    return Account(
        lines=len(raw),
        out=sum(not event["late"] for event in events),
        late=sum(event["late"] for event in events),
        quarantined=Counter(letter["reason"] for letter in letters),
        denied=denied(settings),
        rows=[content for schema, content in released if schema == "anon.page_views"],
        manifests=[content for schema, content in released if schema == "anon.manifest"],
        found=found,
        samples=samples(raw, events),
        windows=max(0, end_ms - began_ms) // HOUR_MS,
    )


def remarks(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what was found in the line of an event."""
    for field in ("target_findings", "referrer_findings", "agent_findings"):
        yield from event[field]


def denied(settings: Settings) -> int:
    """Return how many lines sanitize says that it denied: nothing is kept of them, so no topic tells."""
    try:
        port = msgspec.json.decode(run_file(settings.state_dir, f"sanitize-{settings.slot}").read_bytes())[
            "http_port"
        ]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    except OSError:  # it does not serve yet
        return 0
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    counted = [one for one in samples if one.name == "pipeline_records_total" and one.labels["counter"] == "denied"]
    return int(sum(one.value for one in counted))


def summary(found: Account) -> str:
    """Say in words what became of lines that did not come out."""
    parts = [f"{number:,} {reason} (quarantined)" for reason, number in sorted(found.quarantined.items())]
    parts += [f"{found.denied:,} denied"] if found.denied else []
    return f"of {found.lines:,}, " + ", ".join(parts)


def show(console: Console, settings: Settings, found: Account, *, masked: bool) -> None:
    """Print samples, the account, the dataset, and how to look further; `masked`: samples without addresses."""
    if masked:
        console.print(f"Your own raw lines are shown with {MASK} for addresses; --show-raw shows all of them.")
    for line, event in found.samples:
        table = Table("", "", show_header=False, title="a raw line, and what became of it", title_justify="left")
        table.add_row("raw", Text(_printable(mask(line) if masked else line)))
        for name in ("site", "visitor", "page", "parameters", "referrer_host", "browser", "device_class", "country"):
            value = event[name].hex() if name == "visitor" else event[name]
            table.add_row(name, Text(str(value)))
        found_in = ", ".join(f"{one['entity']} ({one['method']})" for one in remarks(event))
        table.add_row("found, not kept", Text(found_in or "nothing"))
        console.print(table)
    counts = Table("in", "out", "late", "quarantined", "denied", title="in = out + late + quarantined + denied")
    quarantined = ", ".join(f"{number} {reason}" for reason, number in sorted(found.quarantined.items()))
    counts.add_row(f"{found.lines:,}", f"{found.out:,}", f"{found.late:,}", quarantined or "0", f"{found.denied:,}")
    console.print(counts)
    kinds = Table("kind, treatment", "events", title="personal data that stood in targets, referrers, agents")
    for kind, number in sorted(found.found.items(), key=lambda one: -one[1]):
        kinds.add_row(kind, f"{number:,}")
    console.print(kinds)
    # without the site, which is one: a terminal has 80 columns
    rows = Table("window", "page", "country", "device", title=f"anon.page_views: the first of {len(found.rows)} rows")
    for name in ("views", "visitors"):
        rows.add_column(name, justify="right", no_wrap=True)
    for row in sorted(found.rows, key=lambda one: (one["window_start"], one["page"]))[:12]:
        page = "(rest)" if row["rest"] else row["page"]
        shown = (f"{row['window_start']:%H:%M}", page, row["country"], row["device_class"], row["views"])
        rows.add_row(*(Text(str(cell)) for cell in (*shown, row["visitors"])))
    console.print(rows)
    withheld = sum(one["withheld"] for one in found.manifests)
    console.print(f"{len(found.manifests)} windows released, each with a manifest; {withheld} withheld whole.")
    console.print(
        "Look further (the broker is still up):\n"
        f"  PII_PIPELINE_STATE_DIR={settings.state_dir} .venv/bin/pii-pipeline topics show events.page_view\n"
        "or with a kcat that was built with Avro:\n"
        f"  kcat -b {settings.kafka_servers} -C -t events.page_view -o beginning -e"
        f" -r {settings.registry_url} -s value=avro | head\n"
        f"Stop it: PII_PIPELINE_STATE_DIR={settings.state_dir} .venv/bin/pii-pipeline local down",
        highlight=False,
        soft_wrap=True,
    )


def _printable(line: bytes) -> str:
    """Return a line as a terminal may show it: a log can hold control sequences."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1]
        for character in line.decode("utf-8", "replace")
    )


def _raw(settings: Settings) -> tuple[list[bytes], int]:
    """Return the lines, and when the windows were said to end (0: not yet)."""
    lines, end_ms = [], 0
    for message in read_all(settings, "raw.weblog"):
        headers = dict(message.headers() or ())
        if END_HEADER in headers:
            end_ms = max(end_ms, int(headers[END_HEADER] or 0))
        else:
            lines.append(message.value() or b"")
    return lines, end_ms


def _decoded(settings: Settings, codec: Codec, topic: str) -> list[tuple[str, dict[str, Any]]]:
    return [_decode(codec, message) for message in read_all(settings, topic)]


def _decode(codec: Codec, message: Message) -> tuple[str, dict[str, Any]]:
    decoded = codec.decode(message.value())
    return decoded if isinstance(decoded, Decoded) else ("unreadable", {"reason": decoded.reason})


def mask(line: bytes) -> bytes:
    """Return a line without its first word, where the address or the name of a host is, and without addresses."""

    def masked(found: re.Match[str]) -> str:
        try:
            ip_address(found[0].strip(".:") if "::" not in found[0] else found[0].strip("."))
        except ValueError:
            return found[0]
        return MASK

    _, space, rest = line.decode("utf-8", "surrogateescape").partition(" ")
    return (MASK + space + _ADDRESS.sub(masked, rest)).encode("utf-8", "surrogateescape")


def samples(raw: list[bytes], events: list[dict[str, Any]]) -> list[tuple[bytes, dict[str, Any]]]:
    """Pair lines with their events by the second, where only one line and one event have it; no file has ids."""
    by_time: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        by_time[int(event["time"].timestamp() * 1_000)].append(event)
    seconds = Counter(time_of(line) for line in raw)
    pairs = [
        (line, by_time[time][0])
        for line in raw
        if (time := time_of(line)) is not None and seconds[time] == 1 and len(by_time[time]) == 1
    ]
    telling = sorted(pairs, key=lambda pair: -len({one["entity"] for one in remarks(pair[1])}))
    chosen = telling[: SAMPLES // 2]
    others = [pair for pair in pairs if not any(pair is one for one in chosen)]
    return chosen + others[: SAMPLES - SAMPLES // 2]
