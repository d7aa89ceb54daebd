"""However hostile a text is, detection stops at its budget: such a text is personal as a whole."""

import pytest

from pipeline.detect.compiled.context import Words, raised
from pipeline.detect.compiled.engine import MAX_FOUND, OutOfTimeError
from pipeline.detect.compiled.phones import Phones
from pipeline.detect.detector import Detector, Unsure
from pipeline.detect.found import Found
from pipeline.protect.normalize import normalized
from tests.detecting import detector, engine

pytestmark = pytest.mark.filterwarnings("ignore")  # Presidio's dependencies' own
NUMBERS = "phone: " + "".join(f"020 7946 {number:04d}, " for number in range(2_000))


def test_the_search_for_telephone_numbers_ends_with_its_time():
    """A line of them took three seconds: each is parsed for each region."""
    with pytest.raises(TimeoutError):
        Phones(("US", "GB", "DE"), 1).spans(NUMBERS, 0.02)


def test_a_text_full_of_telephone_numbers_under_a_label_is_out_of_time():
    engine().forget()
    with pytest.raises(OutOfTimeError):
        engine().found(NUMBERS, 0.02)


def test_the_search_for_context_words_ends_with_its_time():
    results = [Found("PHONE_NUMBER", start, start + 1, 0.4, "") for start in range(9)]
    with pytest.raises(TimeoutError):
        raised(results, Words("phone 1"), ["phone"], deadline=0)


@pytest.mark.parametrize("piece", ["first_name=Jane&", "street=12 Main Street&x=1 city=X "])
def test_a_text_with_more_findings_than_anybody_has_is_personal_as_a_whole(piece):
    assert detector().detect(piece * (MAX_FOUND + 1)).unsure is Unsure.TIME


def test_what_comes_when_the_time_of_a_batch_is_used_up_is_personal():
    """A burst of short texts, each within its budget, must not hold a worker until its watchdog ends it."""
    bounded = Detector(engine(), budget_s=10.0)
    bounded.allow(0.0)
    assert bounded.detect("nobody's").unsure is Unsure.TIME
    bounded.forget()
    bounded.allow(10.0)
    assert bounded.detect("nobody's").unsure is None


def test_a_label_too_long_for_a_name_is_not_encoded():
    """The encoding is quadratic: 33 kB took twelve seconds."""
    long = "".join(chr(0x4E00 + number) for number in range(20_000))
    assert normalized("EMAIL_ADDRESS", f"a@{long}.example") == f"a@{long}.example"
