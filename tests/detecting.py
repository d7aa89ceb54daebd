"""The compiled engine over the deployed recognizers, and the texts that others wrote."""

import csv
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipeline.config import ROOT, Settings
from pipeline.detect.compiled.engine import CompiledEngine
from pipeline.detect.detector import Detector, trust
from pipeline.detect.registry import load_recognizers

RECOGNIZERS = ROOT / "deploy" / "policy" / "recognizers.yaml"
DATA = ROOT.parent / "shared" / "data"
THRESHOLD = 0.4
KEPT = ("URL", "DATE_TIME")  # by detection.yaml


@cache
def recognizers():
    return load_recognizers(RECOGNIZERS)


@cache
def engine(threshold: float = THRESHOLD) -> CompiledEngine:
    return CompiledEngine(recognizers(), threshold, Settings().gate_dir, trust=trust(KEPT))


@cache
def detector() -> Detector:
    return Detector(engine(), budget_s=10.0)


def real_texts() -> Iterator[str]:
    """Return every text of the shared data: lines, and the strings in records; the longer parts of lines, too."""
    for path in sorted(path for path in DATA.rglob("*") if path.is_file()):
        if path.suffix in {".mmdb", ".msgpack"}:
            continue
        content = path.read_bytes().decode("utf-8", "replace")
        if path.suffix in {".json", ".ndjson", ".jsonl"}:
            yield from _strings_of(path, content)
        elif path.suffix == ".csv":
            yield from (cell for row in csv.reader(content.splitlines()) for cell in row if cell)
        else:
            for line in content.splitlines():
                yield line
                yield from (part for part in re.split(r'["\s]+', line) if len(part) > 8)


def _strings_of(path: Path, content: str) -> Iterator[str]:
    for document in [content] if path.suffix == ".json" else content.splitlines():
        try:
            yield from _strings(json.loads(document))
        except ValueError:
            yield document


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
