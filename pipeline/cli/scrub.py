"""`scrub`: what sanitize makes of a log, offline, under a throw-away key: what a newcomer tries first."""

import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, NamedTuple, cast

import fastavro
import typer
from rich.console import Console
from rich.table import Table

from pipeline.cli.detector import open_detector, show_progress
from pipeline.config import Settings, load_settings
from pipeline.detect.presidio import without_language_models
from pipeline.errors import ConfigError
from pipeline.model import Batch, Partition, Record
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy
from pipeline.protect.geo import open_geo
from pipeline.protect.keys import EphemeralVisitorKeys

if TYPE_CHECKING:
    from pipeline.stages.sanitize import Sanitize

BATCH = 1_000
UNDESCRIBED = "demo.example"
NEVER_MS = 1 << 62
"""Append time of a line that came from a file: no event is later than that, so none is "future"."""
_KIND = re.compile(r"\{[a-z]+\}")


class Line(NamedTuple):
    """A line of a file as a Kafka record; implements `pipeline.model.Record`."""

    text: bytes
    number: int

    def topic(self) -> str:
        """Return no topic's name."""
        return "file"

    def partition(self) -> int:
        """Return the only partition."""
        return 0

    def offset(self) -> int:
        """Return the line's number."""
        return self.number

    def key(self) -> bytes | None:
        """Return no key."""
        return None

    def value(self) -> bytes | None:
        """Return the line."""
        return self.text

    def headers(self) -> list[tuple[str, bytes]] | None:
        """Return no headers."""
        return None

    def timestamp(self) -> tuple[int, int]:
        """Return the append time."""
        return 2, NEVER_MS


class Shredder:
    """A sealer that keeps nothing; implements `pipeline.protect.ports.Sealer`."""

    def seal(self, content: bytes, associated_data: bytes) -> tuple[bytes, bytes]:  # noqa: ARG002  # a port
        """Return nothing."""
        return b"", b""

    def next_batch(self) -> None:
        """Do nothing."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(scrub)


def scrub(
    file: Annotated[Path, typer.Argument(help="An access log; - reads standard input.")],
    source: Annotated[str, typer.Option(help="Source of the policy that the lines come from.")] = "weblog",
    site: Annotated[
        str, typer.Option(help="Site of the policy; default: the one of the settings, else demo.example.")
    ] = "",
) -> None:
    """Print what becomes of each line as JSON, and a summary on stderr. Needs no Kafka, keeps no key.

    Lines of any date; a visitor's token means something within this run only.

    Example: pii-pipeline scrub --source weblog access.log > events.jsonl
    """
    if problems := list(unusable([file] if str(file) != "-" else [])):
        raise ConfigError(problems)
    settings = load_settings()
    policy = load_policy(settings.policy_dir)
    schema = json.loads((settings.schemas_dir / "events.page_view.avsc").read_text())
    stage = _stage(policy, settings, source, site or settings.site or _default_site(policy), schema)
    counts: Counter[tuple[str, str]] = Counter()
    pages: Counter[str] = Counter()
    with sys.stdin.buffer if str(file) == "-" else file.open("rb") as lines:
        for event in _events(stage, lines, fastavro.parse_schema(schema), counts):
            print(json.dumps(event, ensure_ascii=False, default=bytes.hex))
            pages[event["page"]] += 1
    _summarize(Console(stderr=True), counts, pages)


def unusable(files: Sequence[Path]) -> Iterator[str]:
    """Yield what is wrong with files that shall be read."""
    for file in files:
        if not file.is_file():
            yield f"{file}: {'not a file' if file.exists() else 'no such file'}"
        elif not file.stat().st_size:
            yield f"{file}: empty"


def _default_site(policy: Policy) -> str:
    """Prefer the site that stands for one that nobody has described yet."""
    declared = [site.id for site in policy.sites]
    return UNDESCRIBED if UNDESCRIBED in declared else declared[0]


def _stage(policy: Policy, settings: Settings, source: str, site: str, schema: Mapping[str, Any]) -> "Sanitize":
    without_language_models()
    from pipeline.stages.sanitize_build import build  # noqa: PLC0415  # other commands need no Presidio
    from pipeline.stages.sanitize_treatments import Outputs  # noqa: PLC0415

    declared = {found.id: found for found in policy.sources}
    if source not in declared:
        raise ConfigError([f"source {source}: the policy has {', '.join(declared)}"])
    visit = json.loads((settings.schemas_dir / "visits.avsc").read_text())
    stage = build(
        policy=policy,
        source=declared[source],
        site=site,
        keys=EphemeralVisitorKeys(),
        geo=open_geo(settings.geo_country, settings.geo_isp),
        detector=open_detector(policy, settings, show_progress),
        sealer=Shredder(),
        outputs=Outputs(b"", schema, visit, 1, 1),
        encode_quarantined=lambda _: b"",
        raw_partitions={declared[source].topic: 1},
    )
    stage.assigned({Partition(declared[source].topic, 0): None})
    return stage


def _events(
    stage: "Sanitize", lines: BinaryIO, schema: Any, counts: Counter[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    numbered: Iterator[Record] = (Line(line, number) for number, line in enumerate(lines, 1))
    event_topic = stage.outputs[0]
    while batch := list(islice(numbered, BATCH)):
        output = stage.process(Batch(batch, 0, frozenset()))
        counts.update(output.counts)
        for topic, value, _, _ in output.records:
            if topic == event_topic and value is not None:
                event = cast("dict[str, Any]", fastavro.schemaless_reader(io.BytesIO(value), schema, None))
                yield event | {"time": event["time"].isoformat()}


def _summarize(console: Console, counts: Mapping[tuple[str, str], int], pages: Counter[str]) -> None:
    """Show the account, the most frequent pages, and what paths held that did not come out."""
    account = Table("what became of the lines", "why", "lines", title="in = out + late + quarantined + denied")
    for (counter, label), number in counts.items():
        account.add_row(counter, label, f"{number:,}")
    top = Table("page", "views", title="most frequent pages")
    for page, views in pages.most_common(10):
        top.add_row(page, f"{views:,}")
    removed: Counter[str] = Counter()
    for page, views in pages.items():
        removed.update(dict.fromkeys(_KIND.findall(page), views))
    kinds = Table("segment", "lines", title="path segments that did not come out")
    for kind, number in removed.most_common():
        kinds.add_row(kind, f"{number:,}")
    for table in (account, top, kinds):
        console.print(table)
    console.print(
        "Never comes out: address, user, agent, exact size, undeclared parameters, referring pages.",
        "Declare pages and words of your site in deploy/policy/ to see more of it.",
    )
