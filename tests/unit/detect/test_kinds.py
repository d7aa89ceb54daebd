"""Our own kinds in Presidio's `analyze`: exact values in the examples, nothing in near-misses, no gate missed."""

from time import process_time

import hyperscan
import pytest
import regex

from pipeline.detect.kinds import RECOGNIZERS
from pipeline.detect.labels import consuming, labelled

pytestmark = pytest.mark.filterwarnings("ignore")  # Presidio's dependencies' own
PATTERNS = [(recognizer, pattern) for recognizer in RECOGNIZERS for pattern in recognizer.PATTERNS]
ASCII = (
    hyperscan.HS_FLAG_CASELESS
    | hyperscan.HS_FLAG_DOTALL
    | hyperscan.HS_FLAG_MULTILINE
    | hyperscan.HS_FLAG_SINGLEMATCH
    | hyperscan.HS_FLAG_PREFILTER
    | hyperscan.HS_FLAG_ALLOWEMPTY
)
UNICODE = ASCII | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
TEXTS = [text for kind in RECOGNIZERS for text in (*(text for text, _ in kind.EXAMPLES), *kind.NEAR_MISSES)]


def table():
    for kind in RECOGNIZERS:
        for text, values in (*kind.EXAMPLES, *((text, ()) for text in kind.NEAR_MISSES)):
            yield pytest.param(kind, text, values, id=f"{kind.__name__}-{text}")


@pytest.mark.parametrize(("kind", "text", "values"), list(table()))
def test_a_kind_finds_the_exact_values_of_its_examples_and_nothing_in_its_near_misses(kind, text, values):
    found = [one for one in kind().analyze(text, [kind.ENTITY]) if one.score > 0.4]
    assert tuple(text[one.start : one.end] for one in sorted(found, key=lambda one: one.start)) == values


@pytest.mark.parametrize("kind", RECOGNIZERS)
def test_a_kind_shows_what_it_finds_and_what_it_does_not(kind):
    assert len(kind.EXAMPLES) >= 5
    assert len(kind.NEAR_MISSES) >= 4
    assert kind.SOURCE


@pytest.mark.parametrize(("kind", "pattern"), PATTERNS, ids=lambda value: getattr(value, "name", ""))
@pytest.mark.parametrize("flags", [ASCII, UNICODE], ids=["ascii", "unicode"])
@pytest.mark.parametrize("form", [str, consuming])
def test_hyperscan_compiles_every_pattern_fast_and_misses_nothing_that_it_matches(kind, pattern, flags, form):
    database = hyperscan.Database()

    def seconds():
        begun = process_time()
        database.compile(expressions=[form(pattern.regex).encode()], ids=[0], flags=[flags])
        return process_time() - begun

    assert any(seconds() < 1 for _ in range(3)), "the machine may be busy once"
    compiled = regex.compile(pattern.regex, regex.DOTALL | regex.MULTILINE | regex.IGNORECASE)
    for text in (text for text in TEXTS if compiled.search(text) and (flags == UNICODE or text.isascii())):
        hits = []
        database.scan(text.encode(), match_event_handler=lambda *hit, hits=hits: hits.append(hit))
        assert hits, f"{kind.__name__} found something in {text!r}"


@pytest.mark.parametrize("kind", RECOGNIZERS)
def test_the_work_is_linear_in_the_text(kind):
    """Long runs of what patterns repeat: eight times the text takes about eight times as long, not 64."""
    recognizer = kind()
    seeds = [
        "a",
        "1",
        "f1",
        "a.",
        "a@",
        "1.",
        "1-",
        "1:",
        "+1",
        "a=",
        "/~a",
        "://a:",
        "a ",
        "é",
        "key=1a",
        '":"',
        "eyJ.",
    ]

    def seconds(length):
        texts = [(seed * length)[:length] for seed in seeds]
        best = []
        for _ in range(2):
            begun = process_time()
            for text in texts:
                recognizer.analyze(text, [kind.ENTITY])
            best.append(process_time() - begun)
        return min(best)

    assert seconds(8000) < 25 * seconds(1000) + 0.05


@pytest.mark.parametrize(
    "text",
    [
        "email=V",
        "/u?a=1&email=V",
        "user_email=V",
        "userEmail=V",
        "useremail=V",
        "user-email: V",
        "customer[email]=V",
        "email[]=V",
        "email2=V",
        "email%3DV",
        '{"email":"V"}',
        '{"email": V}',
        '{\\"email\\":\\"V\\"}',
        "{'email' => 'V'}",
        "#E-Mail=V",
        "/email/V",
        "/emails/V",
    ],
)
def test_a_label_is_found_however_it_is_written(text):
    assert regex.search(labelled("e_mail", path=True) + "V", text, regex.IGNORECASE)


@pytest.mark.parametrize("text", ["female=V", "x-email/V", "emailed=V", "email V", "email_x=V", "webemail=V"])
def test_a_part_of_a_word_is_no_label(text):
    assert not regex.search(labelled("e_mail", path=True) + "V", text, regex.IGNORECASE)
