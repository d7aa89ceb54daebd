"""How exactly personal data is found: literal contexts, encodings, and what is found where nobody is.

    python -m benchmarks.accuracy [--values 5] [--seed 1] [--texts]

Presidio's own recognizers are measured on the same values. The last line is one JSON object: `literal_exact` is the
share of (kind, context) pairs of which every value was found exactly, `encoded_recall` the share of encoded values
that were found within their parameter or run, `clean_precision` the share of real log lines without a false finding.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from pipeline.config import Settings

from . import cases, clean, report
from .clean_paths import clean_paths
from .engines import ENGINES
from .scoring import RIGHT, Findings, Outcome, Scored, literal_exact, recall, score

Figures = dict[str, float | None]
EXACT = frozenset({Outcome.EXACT})
FREE_TEXT = Path(__file__).resolve().parent.parent / "free_text.py"
PRESIDIO = frozenset(
    {"EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "MAC_ADDRESS", "UUID"}
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--values", type=int, default=5, help="values of each kind in each context and encoding")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--texts", action="store_true", help="show every made text that was wrong")
    given = parser.parse_args()
    folder = Settings().gate_dir
    findings = ENGINES["detector"](folder)
    found = _recall(findings, given.seed, given.values, texts=given.texts)
    found |= _clean(findings, given.seed)
    found |= _presidio(ENGINES["presidio"](folder), given)
    print(json.dumps(found | _free_text()))


def _recall(findings: Findings, seed: int, number: int, *, texts: bool) -> Figures:
    literal, encoded = cases.literal(seed, number), cases.encoded(seed, number)
    found: Figures = {}
    for title, some, right in (("literal", literal, EXACT), ("encoded", encoded, RIGHT)):
        scored = [score(case, findings) for case in some.cases]
        _show(f"{title}: {len(scored):,} values", report.matrix(scored))
        _show(f"{title}, wrong", report.wrong(scored, right))
        if texts:
            _show(f"{title}, wrong texts", report.texts(scored, right))
        _show(f"{title}, found beside", report.stray(scored))
        _show(f"{title}, pairs left out", report.left_out(some.left_out))
        found |= _figures(title, scored)
    return found


def _presidio(findings: Findings, given: argparse.Namespace) -> Figures:
    """Measure the kinds that Presidio has a name for; it has none for those that only a label tells."""
    found: Figures = {}
    for title, some in (("literal", cases.literal), ("encoded", cases.encoded)):
        chosen = [case for case in some(given.seed, given.values).cases if case.entities & PRESIDIO]
        found |= _figures(title, [score(case, findings) for case in chosen])
    there = clean.shared(clean.LOG)
    found["clean_precision"] = clean.measured(clean.log_lines(), findings).precision if there else None
    return {f"presidio_{name}": figure for name, figure in found.items()}


def _figures(title: str, scored: list[Scored]) -> Figures:
    if title == "literal":
        return {"literal_exact": literal_exact(scored), "literal_values": recall(scored, EXACT)}
    return {"encoded_recall": recall(scored), "encoded_exact": recall(scored, EXACT)}


def _clean(findings: Findings, seed: int) -> Figures:
    made = clean.measured(({"target": path} for path in clean_paths(seed, 1_000)), findings, [clean.KEPT])
    _show("clean", report.dirty("made paths", made))
    found: Figures = {"clean_precision": None, "agents_precision": None, "paths_precision": made.precision}
    if not clean.shared(clean.LOG, clean.AGENTS):
        print(f"{clean.DATA} is absent: no real lines, no user agents")
        return found
    lines = clean.measured(clean.log_lines(), findings)
    agents = clean.measured(clean.user_agents(seed, 1_000), findings)
    _show("", report.dirty("real lines", lines))
    _show("", report.dirty("user agents", agents))
    return found | {"clean_precision": lines.precision, "agents_precision": agents.precision}


def _free_text() -> Figures:
    """Run the benchmark of free text, where it is there, in a process of its own: it loads a language model."""
    if not FREE_TEXT.exists():
        print(f"{FREE_TEXT.name} is absent: no score of free text")
        return {}
    done = subprocess.run([sys.executable, FREE_TEXT], capture_output=True, text=True, check=False)
    print("", "free text", done.stdout or done.stderr, sep="\n")
    if done.returncode:  # its data or its model is absent: it says which
        return {"free_text_f1": None, "presidio_free_text_f1": None}
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _show(title: str, lines: Iterable[str]) -> None:
    print(f"\n{title}" if title else "", *lines, sep="\n")


if __name__ == "__main__":
    main()
