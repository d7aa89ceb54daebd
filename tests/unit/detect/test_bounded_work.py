"""However hostile a text is, detection takes about its budget, and twice the text about twice the time."""

from time import process_time

import pytest

from pipeline.detect.compiled.engine import OutOfTimeError
from pipeline.detect.compiled.phones import Phones
from tests.detecting import detector, engine

pytestmark = pytest.mark.filterwarnings("ignore")  # Presidio's dependencies' own
NUMBERS = "phone: " + "".join(f"020 7946 {number:04d}, " for number in range(2_000))


def test_the_search_for_telephone_numbers_ends_with_its_time():
    """A line of them took three seconds: each is parsed for each region."""
    begun = process_time()
    with pytest.raises(TimeoutError):
        Phones(("US", "GB", "DE"), 1).spans(NUMBERS, 0.02)
    assert process_time() - begun < 0.5


def test_a_text_full_of_telephone_numbers_under_a_label_is_out_of_time():
    engine().forget()
    begun = process_time()
    with pytest.raises(OutOfTimeError):
        engine().found(NUMBERS, 0.02)
    assert process_time() - begun < 0.5


@pytest.mark.parametrize("piece", ["first_name=Jane&", "street=12 Main Street&x=1 city=X "])
def test_many_findings_are_told_apart_and_put_in_context_in_linear_time(piece):
    def seconds(length):
        text = (piece * length)[:length]
        best = []
        for _ in range(2):
            begun = process_time()
            assert len(detector().detect(text).found) > length // 60
            best.append(process_time() - begun)
        return min(best)

    assert seconds(64_000) < 20 * seconds(8_000) + 0.05
