"""`pii-pipeline detect`: what personal data texts hold, where, by which rule; values are shown on demand only."""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from pipeline.cli.detector import open_detector, show_progress
from pipeline.config import Settings, load_settings
from pipeline.detect.found import Found
from pipeline.errors import ConfigError
from pipeline.model import Rejected
from pipeline.policy.decide import method_of
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy
from pipeline.sources.weblog import read

if TYPE_CHECKING:
    from pipeline.detect.detector import Detector

SOURCES = ("text", "weblog", "free-text")
FREE = ("request_target", "referrer", "user_agent")
"""Fields of a log line that are searched; what the others mean is declared."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(detect)


def detect(
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="Texts, one a line; - reads standard input.")],
    source: Annotated[
        str,
        typer.Option(help="text: each line is one. weblog: its free fields are. free-text: with a language model."),
    ] = "text",
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
    rows = (
        _of_free_text(file, policy, settings, show=show)
        if source == "free-text"
        else _of_web(file, source, policy, settings, show=show, explain=explain)
    )
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007  # how many there were
        print(json.dumps(row, ensure_ascii=False) if as_json else _words(row))
    raise typer.Exit(0 if number else 1)


Row = dict[str, object]


def _of_web(
    file: str, source: str, policy: Policy, settings: Settings, *, show: bool, explain: bool
) -> Iterator[Row]:
    detector = open_detector(policy, settings, show_progress)
    for place, text in _texts(file, source):
        if explain:
            _explain(detector, place, text)
        detection = detector.detect(text)
        if detection.unsure:
            yield _whole(place, text, detection.unsure)
        for one in detection.found:
            yield _row(place, one, policy) | ({"value": detection.value(one)} if show else {})


def _of_free_text(file: str, policy: Policy, settings: Settings, *, show: bool) -> Iterator[Row]:
    from pipeline.detect.freetext.lane import FreeText  # noqa: PLC0415  # processes of its own, and seconds

    lane = FreeText(
        model=settings.free_text_model,
        workers=1,
        queue=1,  # one text after the other: the answers come in the order of the lines
        max_characters=settings.free_text_max_characters,
        timeout_s=settings.free_text_timeout_ms / 1_000,
        memory_mb=settings.free_text_memory_mb,
    )
    with lane:
        for place, text in _texts(file, "text"):
            answer = lane.submit(text)
            assert isinstance(answer, Future), "nothing is under way"
            result = answer.result()
            if result.unsure:
                yield _whole(place, text, result.unsure)
            for one in result.findings:
                yield _row(place, one, policy) | ({"value": text[one.start : one.end]} if show else {})


def _whole(place: str, text: str, why: str) -> Row:
    return {"line": place, "entity": "PERSONAL", "start": 0, "end": len(text), "why": str(why)}


def _row(place: str, one: Found, policy: Policy) -> Row:
    row: Row = {"line": place, "entity": one.entity, "start": one.start, "end": one.end}
    row |= {"score": round(one.score, 2), "recognizer": one.recognizer, "decodings": list(one.path)}
    return row | {"method": method_of(policy, one.entity).value}


def _texts(file: str, source: str) -> Iterator[tuple[str, str]]:
    """Yield (line and field, text)."""
    if file != "-" and not Path(file).is_file():
        raise ConfigError([f"{file}: no such file"])
    with sys.stdin.buffer if file == "-" else Path(file).open("rb") as lines:
        yield from _of(lines, source)


def _of(lines: BinaryIO, source: str) -> Iterator[tuple[str, str]]:
    for number, raw in enumerate(lines, 1):
        content = raw.rstrip(b"\r\n")
        if source != "weblog":
            yield str(number), content.decode("utf-8", "replace")
            continue
        line = read(content)
        if isinstance(line, Rejected):
            print(f"{number}: {line.reason}", file=sys.stderr)
            continue
        for field in FREE:
            yield f"{number}:{field}", getattr(line, field).decode("utf-8", "replace")


def _words(row: Row) -> str:
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
