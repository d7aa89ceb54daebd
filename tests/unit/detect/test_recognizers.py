"""Kinds of personal data: what is one, what is nearly one, and what Presidio says."""

import random
import re
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.detect.engine import Detector
from pipeline.detect.finding import Finding, Kind
from pipeline.detect.gate import Gate
from pipeline.detect.recognizers import RECOGNIZERS

DETECTOR = Detector()
GATE = Gate(RECOGNIZERS)
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jane.doe@mail.example", Kind.EMAIL),
        ("jane+tag@sub.mail.example", Kind.EMAIL),
        ("jané@möbel.example", Kind.EMAIL),
        ("to=jane@mail.example;x", Kind.EMAIL),
        ("jane@mail", None),
        ("@mail.example", None),
        ("4111111111111111", Kind.CARD),
        ("4111-1111-1111-1111", Kind.CARD),
        ("378282246310005", Kind.CARD),
        ("4111111111111112", Kind.TOKEN),
        ("+442079460958", Kind.PHONE),
        ("00442079460958", Kind.PHONE),
        ("+1 (650) 253-0000", Kind.PHONE),
        ("650-253-0000", Kind.PHONE),
        ("+999123456789", None),
        (JWT, Kind.TOKEN),
        ("d41d8cd98f00b204e9800998ecf8427e", Kind.TOKEN),
        ("550e8400-e29b-41d4-a716-446655440000", Kind.TOKEN),
        ("AKIAIOSFODNN7EXAMPLE", Kind.TOKEN),
        ("aGVsbG8gd29ybGQgMTIzNDU2", Kind.TOKEN),
        ("installing-windows-preview-in-a-virtual-machine", None),
        ("12345", Kind.ID),
        ("12345.html", Kind.ID),
        ("puppet-3", None),
        ("pricing", None),
        ("", None),
    ],
)
def test_a_text_has_the_kind_of_what_it_holds(text, kind):
    assert DETECTOR.kind(text) == kind


def test_a_finding_says_where_and_never_what():
    (finding,) = [f for f in DETECTOR.findings("to jane@mail.example!") if f.kind is Kind.EMAIL]
    assert finding == Finding(Kind.EMAIL, 3, 20, 1.0)
    assert "jane" not in repr(finding)


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text("0123456789+-. ()@aeyJ_\u017f\u212a\u0663\uff13", max_size=80),
    st.from_regex(re.compile("|".join(f"(?:{p})" for r in RECOGNIZERS[:3] for p in r.patterns)), fullmatch=False),
)


@given(TEXTS)
@example("0@0.0\U00016fe0")  # a letter that Hyperscan's Unicode is too old to know
@settings(deadline=None, max_examples=400)
def test_the_gate_never_misses_what_a_pattern_matches(text):
    """Also with look-alikes: long s, Kelvin sign, digits of other scripts."""
    matching = {n for n, r in enumerate(RECOGNIZERS) if any(p.search(text) for p in r.compiled)}
    assert matching <= GATE.candidates(text)


def presidio(name: str):
    recognizers = pytest.importorskip("presidio_analyzer.predefined_recognizers")
    return getattr(recognizers, name)()


@pytest.mark.filterwarnings("ignore")  # its dependencies' own
def test_what_presidio_calls_an_email_or_a_card_we_find():
    """Presidio's recognizers are the oracle for ours; its top-level domains are real ones, so are these."""
    rng = random.Random(7)
    oracle = {Kind.EMAIL: presidio("EmailRecognizer"), Kind.CARD: presidio("CreditCardRecognizer")}
    names = ["".join(rng.choices(string.ascii_lowercase + "._-+", k=9)) for _ in range(150)]
    texts = [f"x {name}@mail-{n}.example.com y" for n, name in enumerate(names)]
    texts += [f"{rng.choice('3456')}{rng.randrange(10**14):014}{check}" for _ in range(60) for check in range(10)]
    for kind, recognizer in oracle.items():
        for text in texts:
            if recognizer.analyze(text, [recognizer.supported_entities[0]], None):
                assert kind in {finding.kind for finding in DETECTOR.findings(text)}, "missed one"
