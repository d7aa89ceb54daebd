"""The search for telephone numbers finds what Presidio's finds, at any leniency."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from pipeline.detect.compiled.distinct import distinct
from pipeline.detect.compiled.phones import Phones
from pipeline.detect.found import Found

RECOGNIZERS = {leniency: PhoneRecognizer(leniency=leniency) for leniency in range(4)}
PHONES = {leniency: Phones(found.supported_regions, leniency) for leniency, found in RECOGNIZERS.items()}

SEPARATED = st.text("0123456789" * 3 + "+-. ()/x ~a#", min_size=4, max_size=24)
PREFIXED = st.tuples(
    st.sampled_from(["", "0", "00", "49", "+49", "1", "011", "55", "090", "9014", "+44 ", "(0)"]),
    st.text("0123456789", min_size=3, max_size=13),
    st.sampled_from(["", "x12", " ext. 5", "~7", ":30", "a", "%"]),
).map("".join)
TEXTS = st.lists(
    SEPARATED | PREFIXED | st.sampled_from(["tel ", "phone=", "\uff11\uff12\uff13", "/"]), max_size=4
).map("".join)


@pytest.mark.parametrize("leniency", PHONES)
@given(text=TEXTS)
@settings(deadline=None, max_examples=250)
def test_the_spans_are_presidios(leniency, text):
    """Numbers of no plan, prefixes before prefixes, extensions, what is glued to them."""
    theirs = {(one.start, one.end) for one in RECOGNIZERS[leniency].analyze(text, ["PHONE_NUMBER"])}
    ours = distinct([Found("PHONE_NUMBER", start, end, 0.4, "") for start, end in PHONES[leniency].spans(text, 60)])
    assert {(one.start, one.end) for one in ours} == theirs
