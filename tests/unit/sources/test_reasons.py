"""The reference page lists the reasons; nobody keeps it by hand."""

from pathlib import Path

import pytest

from pipeline.sources.reasons import Reason

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "quarantine.md"


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_stands_in_the_reference_with_its_sentence(reason):
    assert f"| `{reason}` | {reason.__doc__} |" in PAGE.read_text()
