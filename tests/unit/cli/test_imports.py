"""What a process does not need it does not load: workers are many, and memory is theirs."""

import subprocess
import sys

import pytest

HEAVY = ("presidio_analyzer", "spacy", "numpy", "polars", "faust")


def loaded(code: str) -> set[str]:
    """Run code in a process of its own, and return which of the heavy packages it has loaded."""
    told = f"{code}; import sys; print(*(name for name in {HEAVY} if name in sys.modules))"
    ran = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, timeout=120)
    return set(ran.stdout.split())


@pytest.mark.parametrize("module", ["compose", "run", "scrub", "detect", "demo", "ship", "topics"])
def test_a_command_loads_nothing_heavy_before_it_runs(module):
    assert loaded(f"import pipeline.cli.{module}") == set()


def test_the_fast_lane_has_presidio_without_language_models():
    opened = (
        "from pipeline.config import Settings; from pipeline.policy.load import load_policy; "
        "from pipeline.cli.detector import open_detector; "
        "open_detector(load_policy(Settings().policy_dir), Settings(), lambda *_: None).detect('x@mail.example')"
    )
    assert loaded(opened) == {"presidio_analyzer"}
