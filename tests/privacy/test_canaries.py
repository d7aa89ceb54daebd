"""Canary persons enter by every field, in every spelling; no byte of them is to be seen anywhere.

Failures print the names of field, canary and spelling, and never a value.
"""

import pytest

from tests.privacy.persons import CANARIES, ENCODINGS, FIELDS, NEEDLES, V4, V6, leaks
from tests.privacy.showing import refuses_pickle, shown
from tests.records import FakeRecord
from tests.sanitizing import Bench, line


@pytest.mark.parametrize("field", FIELDS)
def test_no_byte_of_a_person_is_shown_whichever_field_holds_it_and_however_it_is_written(field):
    """Records, keys, headers, notes on offsets, counts, gauges, reprs; a dead letter's clear fields, too."""
    leaking = []
    for spelling, encode in ENCODINGS.items():
        bench = Bench()
        for canary, text in CANARIES.items():
            output = bench.run([FIELDS[field](encode(text))])
            if leaks(shown(bench, output)):
                leaking.append((canary, spelling))
    assert leaking == []


@pytest.mark.parametrize("field", FIELDS)
def test_every_record_with_a_canary_is_accounted_for(field):
    """The test above would hold for a stage that drops everything: so each record has its count."""
    bench = Bench()
    output = bench.run([FIELDS[field](text) for text in CANARIES.values()])
    totals = dict.fromkeys(("in", "out", "late", "quarantined", "denied"), 0)
    for (counter, _), number in output.counts.items():
        totals[counter] = totals.get(counter, 0) + number
    assert totals["in"] == totals["out"] + totals["late"] + totals["quarantined"] + totals["denied"]
    assert totals["in"] == len(CANARIES)


def test_most_fields_let_the_rest_of_the_line_pass():
    """A canary costs a line its own field, not the event: else this folder would test the quarantine alone."""
    passed = [f for f, make in FIELDS.items() if ("out", "events.page_view") in Bench().run([make("Zebedee")]).counts]
    assert len(passed) > len(FIELDS) * 2 // 3


@pytest.mark.parametrize("day", ["01/Jul/2016", "01/Jul/2015"])
@pytest.mark.parametrize("address", [V4, V6])
def test_the_address_itself_is_in_nothing_live_or_late_neither_as_text_nor_packed(address, day):
    bench = Bench()
    record = FakeRecord(line(address=address, time=f"{day}:00:00:00 +0000", agent=CANARIES["name"]))
    assert leaks(shown(bench, bench.run([record]))) == 0


def test_what_a_worker_remembers_cannot_be_written_to_a_file():
    bench = Bench()
    bench.run([FakeRecord(line(f"/{CANARIES['name']}"))])
    (treatments,) = bench.stage._live.values()
    assert all(map(refuses_pickle, (treatments.persons, *treatments._memos)))


def test_headers_of_a_record_are_never_handed_on():
    """An emit has a topic, a value, a key and a partition: there is no place for a header."""
    output = Bench().run([FakeRecord(line(), key=b"key", headers=[("trace", b"zebedee")])])
    assert {len(emit) for emit in output.records} == {4}
    assert b"key" not in [key for _, _, key, _ in output.records]


@pytest.mark.parametrize("spelling", ENCODINGS)
def test_the_search_itself_finds_every_canary_in_every_spelling(spelling):
    for text in CANARIES.values():
        assert leaks(b"..." + ENCODINGS[spelling](text).encode() + b"...") > 0
    assert leaks(line(address="198.51.100.7")) == 0
    assert all(len(needle) > 6 for needle in NEEDLES)
