"""The fuzzer's seeds break no law of detection; what it finds and we mend becomes a seed."""

import pytest

from tests.fuzz.detect import CORPUS, Laws

pytestmark = pytest.mark.filterwarnings("ignore")  # Presidio's dependencies' own


@pytest.fixture(scope="module")
def laws():
    return Laws()


@pytest.mark.timeout(10)
@pytest.mark.parametrize("seed", sorted(CORPUS.iterdir()), ids=lambda seed: seed.name)
def test_a_seed_breaks_no_law(laws, seed):
    laws.hold(seed.read_bytes())
