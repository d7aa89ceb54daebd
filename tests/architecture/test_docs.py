"""What the documentation says and the code can tell is the same."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pytest
import typer
import yaml

from pipeline.cli import GROUPS
from pipeline.config import PREFIX, ROOT, Settings
from pipeline.observe.metrics import Metrics
from pipeline.protect.sealing import BatchSealer, create_key_pair, load_public
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize import QUARANTINE
from tests.records import FakeRecord
from tests.sanitizing import POLICY

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")
SHOWN_BY_STAGES = {
    "pipeline_open_windows",
    "pipeline_last_release_seconds",
    "pipeline_unsearched_texts",
}  # made when a stage shows it


def table(name: str) -> dict[str, list[str]]:
    """Return the rows of a reference page whose first cell is code: that -> the other cells."""
    text = (ROOT / "docs" / "reference" / f"{name}.md").read_text()
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", text, re.MULTILINE)
    return {first: [cell.strip() for cell in rest.split(" | ")] for first, rest in rows}


def commands() -> Iterator[str]:
    """Yield every command as one types it."""
    app = typer.Typer()
    for group in GROUPS:
        if (ROOT / "pipeline" / "cli" / f"{group}.py").exists():
            importlib.import_module(f"pipeline.cli.{group}").register(app)
    yield from _leaves(typer.main.get_command(app), "pii-pipeline")


def _leaves(command: click.Command, name: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name
        return
    for word, found in inner.items():
        yield from _leaves(found, f"{name} {word}")


def _as_one_writes_it(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else "~" / path.relative_to(Path.home())


def test_every_setting_is_described_with_its_default():
    described = table("settings")
    fields = {f"{PREFIX}{field.name.upper()}": field.default for field in msgspec.structs.fields(Settings)}
    assert set(described) == set(fields)
    for name, default in fields.items():
        plain = _as_one_writes_it(default) if isinstance(default, Path) else default
        assert described[name][0] == ("none" if plain in {"", None} else f"`{plain}`"), name


def test_every_topic_is_described_with_its_partitions_and_its_retention():
    described = {topic: cells for topic, cells in table("topics").items() if len(cells) > 1}
    defined = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text())["topics"]
    kept = {rule.topic: rule.seconds for rule in POLICY.retention}
    assert set(described) == set(defined)
    for topic, (partitions, period, *_) in described.items():
        number, unit = period.split()
        assert int(partitions) == defined[topic]["partitions"]
        assert int(number) * {"hours": 3_600, "days": 86_400}[unit] == kept[topic]


def test_every_command_is_listed():
    assert set(table("commands")) == set(commands())


def test_every_metric_is_described():
    kinds = {"counter": "_total"}
    collected = Metrics("sanitize").registry.collect()
    known = {f"{m.name}{kinds.get(m.type, '')}" for m in collected if m.name.startswith("pipeline_")}
    assert set(table("metrics")) == known | SHOWN_BY_STAGES


def test_no_page_names_a_command_that_is_not_there():
    known = {word for command in commands() for word in command.split()[1:2]}
    for page in PAGES:
        named = set(re.findall(r"(?:`|bin/|^ *)pii-pipeline ([a-z]+)", page.read_text(), re.MULTILINE))
        assert named <= known, page.name


def test_the_officers_way_into_the_quarantine_opens_what_a_stage_sealed(tmp_path):
    """And nothing that was moved to another place."""
    text = (ROOT / "docs" / "how-to" / "open-the-quarantine.md").read_text()
    shown: dict[str, Any] = {}
    exec(text.split("```python")[1].split("```")[0], shown)
    create_key_pair(tmp_path)
    letters: list[Any] = []
    sealer = BatchSealer(load_public(tmp_path / "public.json"))
    quarantine = Quarantine(sealer, lambda letter: letters.append(letter) or b"", "stamp", topic=QUARANTINE)
    quarantine.seal(FakeRecord(b"junk", offset=7), "empty")
    assert shown["content"](letters[0], tmp_path / "private.json") == b"junk"
    assert shown["content"](letters[0] | {"offset": 8}, tmp_path / "private.json") is None


def test_the_recognizer_of_the_how_to_finds_its_examples_and_none_of_its_near_misses():
    text = (ROOT / "docs" / "how-to" / "add-a-recognizer.md").read_text()
    shown: dict[str, Any] = {}
    exec(text.split("```python")[1].split("```")[0], shown)
    kind = shown["WebVehicleRecognizer"]

    def values(text):
        return tuple(text[one.start : one.end] for one in kind().analyze(text, [kind.ENTITY]))

    assert [values(text) for text, _ in kind.EXAMPLES] == [found for _, found in kind.EXAMPLES]
    assert [text for text in kind.NEAR_MISSES if values(text)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    targets = [target for target, _ in LINK.findall(page.read_text()) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("folder", ["docs", "docs/adr"])
def test_an_index_names_every_page_below_it(folder):
    index = (ROOT / folder / "README.md").read_text()
    own = "*/*.md" if folder == "docs" else "*.md"
    pages = [str(p.relative_to(ROOT / folder)) for p in (ROOT / folder).glob(own) if p.name != "README.md"]
    if folder == "docs":
        pages = [page for page in pages if not page.startswith("adr/")]
    assert [page for page in pages if f"({page})" not in index] == []
