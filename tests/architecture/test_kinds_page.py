"""The page of kinds is what the recognizers and the policy say."""

import pytest

from tests.architecture.kinds_page import page
from tests.sanitizing import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")  # Presidio's dependencies' own


def test_the_page_of_kinds_is_printed_from_the_code():
    """If not: python -m tests.architecture.kinds_page > docs/reference/kinds.md."""
    assert (ROOT / "docs" / "reference" / "kinds.md").read_text() == page()
