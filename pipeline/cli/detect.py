"""`pii-pipeline detect`: what personal data texts hold, where, by which rule; values are shown on demand only."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from pipeline.cli.detector import open_detector, show_progress
from pipeline.config import load_settings
from pipeline.errors import ConfigError
from pipeline.model import Rejected
from pipeline.policy.decide import method_of
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy
from pipeline.sources.weblog import read

if TYPE_CHECKING:
    from pipeline.detect.detector import Detector

SOURCES = ("text", "weblog")
FREE = ("request_target", "referrer", "user_agent")
"""Fields of a log line that are searched; what the others mean is declared."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)


def detect(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Texts, one a line; - reads standard input.")],
    source: Annotated[str, typer.Option(help="text: each line is a text. weblog: its free fields are.")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a finding.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the values, too: personal data!")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why something was found or was not.")] = False,
) -> None:
    """Print the findings, one a line: line, field, kind, start-end, score, recognizer, decodings, what becomes of it.

    Exit code 1 when nothing was found.

    Example: echo '/u?e=jane%2540mail.example' | pii-pipeline detect --explain -
    """
    if source not in SOURCES:
        raise ConfigError([f"source {source}: one of {', '.join(SOURCES)}"])
    settings = load_settings()
    policy = load_policy(settings.policy_dir)
    detector = open_detector(policy, settings, show_progress)
    number = 0
    for place, text in _texts(file, source):
        if explain:
            _explain(detector, place, text)
        for row in _rows(detector, policy, place, text, show=show):
            number += 1
            print(json.dumps(row, ensure_ascii=False) if as_json else _words(row))
    raise typer.Exit(0 if number else 1)


def _texts(file: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield (line and field, text)."""
    if file != "-" and not Path(file).is_file():
        raise ConfigError([f"{file}: no such file"])
    with sys.stdin.buffer if file == "-" else Path(file).open("rb") as lines:
        yield from _of(lines, source)


def _of(lines: BinaryIO, source: str) -> Iterator[tuple[str, str]]:
    for number, raw in enumerate(lines, 1):
        content = raw.rstrip(b"\r\n")
        if source == "text":
            yield str(number), content.decode("utf-8", "replace")
            continue
        line = read(content)
        if isinstance(line, Rejected):
            print(f"{number}: {line.reason}", file=sys.stderr)
            continue
        for field in FREE:
            yield f"{number}:{field}", getattr(line, field).decode("utf-8", "replace")


def _rows(detector: "Detector", policy: Policy, place: str, text: str, *, show: bool) -> Iterator[dict[str, object]]:
    detection = detector.detect(text)
    if detection.unsure:
        yield {"line": place, "entity": "PERSONAL", "start": 0, "end": len(text), "why": str(detection.unsure)}
    for one in detection.found:
        row: dict[str, object] = {"line": place, "entity": one.entity, "start": one.start, "end": one.end}
        row |= {"score": round(one.score, 2), "recognizer": one.recognizer, "decodings": list(one.path)}
        row["method"] = method_of(policy, one.entity).value
        yield row | ({"value": detection.value(one)} if show else {})


def _words(row: dict[str, object]) -> str:
    if "why" in row:
        return f"{row['line']}  PERSONAL  {row['start']}-{row['end']}  all of it: {row['why']}"
    decodings = "/".join(map(str, row["decodings"])) if isinstance(row["decodings"], list) else ""
    said = f"{row['line']}  {row['entity']}  {row['start']}-{row['end']}  {row['score']}  {row['recognizer']}"
    said += f"  {decodings or 'as it stands'}  {row['method']}"
    return said + (f"  {row['value']!r}" if "value" in row else "")


def _explain(detector: "Detector", place: str, text: str) -> None:
    for view, outcomes in detector.explain(text):
        reading = "/".join(view.path) or "as it stands"
        print(f"{place}  read {reading}: {len(view.text)} characters, {len(outcomes)} patterns could match")
        for recognizer, pattern, outcome in outcomes:
            print(f"{place}    {recognizer}, {pattern}: {outcome}")
