"""Sanitize on lists: what comes out, what does not, and that every record is accounted for."""

import json
from collections import Counter
from typing import Never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Committed, Output, Partition
from pipeline.policy.decide import SECTION_OF
from pipeline.sources.reasons import Reason
from pipeline.stages.sanitize_watermarks import BEGIN_MS
from tests.detecting import detector
from tests.records import FakeRecord
from tests.sanitizing import DATA, NOW, POLICY, RAW, SITE, TODAY, Bench, FakeKey, containers, events, line

DAY = 86_400_000
CANARY = "jane.doe-canary"


def accounted(output: Output) -> None:
    """Hold an output to the equation, and each denial to a section of the policy."""
    totals: Counter[str] = Counter()
    for (counter, label), number in output.counts.items():
        totals[counter] += number
        assert counter != "denied" or label in SECTION_OF
    assert totals["in"] == totals["out"] + totals["late"] + totals["quarantined"] + totals["denied"]


def watermarks(bench: Bench) -> dict[tuple[str, str], float]:
    return {gauge: value for gauge, value in bench.stage.gauges().items() if gauge[0] == "watermark_ms"}


def test_an_ordinary_line_becomes_one_event_and_one_visit_of_the_same_visitor():
    bench = Bench()
    output = bench.run([FakeRecord(line("/blog/tags/cats?lang=en&name=jane"))])
    (event,) = events(output)
    (visit,) = [visit for _, _, visits in containers(output) for visit in visits]
    assert event["page"] == "/blog/tags/{tag}"
    assert event["parameters"] == "lang=en"
    assert (event["browser"], event["device_class"], event["country"]) == ("Firefox", "desktop", "UT")
    assert (event["status"], event["size_class"], event["policy"]) == (200, 9, POLICY.stamp)
    assert len(event["visitor"]) == 20
    for shared in ("site", "visitor", "page", "country", "device_class", "time"):
        assert event[shared] == visit[shared]
    assert output.counts == {("in", ""): 1, ("out", "events.page_view"): 1}


def test_the_key_of_an_event_is_its_visitor_and_chooses_the_partitions():
    bench = Bench()
    output = bench.run([FakeRecord(line(address=f"192.0.2.{n}")) for n in range(50)])
    for topic, _, key, partition in output.records:
        if topic == "events.page_view":
            assert key is not None
            assert partition == key[-1] % 4
    for partition, _, visits in containers(output):
        assert all(visit["visitor"][-1] % 3 == partition for visit in visits)


def test_a_day_without_key_gives_a_late_event_without_visitor_and_without_visit():
    bench = Bench()
    output = bench.run([FakeRecord(line(time="01/Jul/2015:00:00:00 +0000"))])
    (event,) = events(output)
    assert (event["late"], event["visitor"]) == (True, b"")
    assert not [visit for _, _, visits in containers(output) for visit in visits]
    assert output.counts == {("in", ""): 1, ("late", ""): 1}
    assert watermarks(bench) == {}, "a late event moves no watermark"


def test_an_event_later_than_its_append_time_allows_is_quarantined_and_makes_no_key():
    bench = Bench()
    output = bench.run([FakeRecord(line(time="01/Jul/2016:00:06:00 +0000"))])
    assert output.counts == {("in", ""): 1, ("quarantined", Reason.FUTURE): 1}
    assert bench.keys.asked == []
    assert watermarks(bench) == {}


def test_a_bot_is_marked_and_makes_no_visit():
    bench = Bench()
    output = bench.run([FakeRecord(line(agent="Mozilla/5.0 (compatible; Googlebot/2.1)"))])
    (event,) = events(output)
    assert (event["bot"], event["device_class"]) == (True, "bot")
    assert not [visit for _, _, visits in containers(output) for visit in visits]


@pytest.mark.parametrize(
    ("headers", "site", "counts"),
    [
        ([("site", b"www.atera.com")], SITE, {("in", ""): 1, ("out", "events.page_view"): 1}),
        ([("site", b"jane.example")], SITE, {("in", ""): 1, ("denied", Reason.UNKNOWN_SITE): 1}),
        ([], "", {("in", ""): 1, ("denied", Reason.UNKNOWN_SITE): 1}),
        ([("other", b"x")], SITE, {("in", ""): 1, ("out", "events.page_view"): 1}),
        ([("end-of-input", b"soon")], SITE, {("in", ""): 1, ("quarantined", Reason.BAD_CONTROL): 1}),
        ([("end-of-input", b"1467331200000")], SITE, {("control", ""): 1}),
    ],
)
def test_headers_choose_a_declared_site_or_the_record_is_denied(headers, site, counts):
    record = FakeRecord(b"" if headers and headers[0][0] == "end-of-input" else line(), headers=headers)
    if not site:
        bench = Bench(site="")
        assert bench.run([record]).counts == counts
        return
    assert Bench(site).run([record]).counts == counts


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY),
        (b"", Reason.EMPTY),
        (b"  \n", Reason.EMPTY),
        (b"x" * 10_000_000, Reason.TOO_LONG),
        (b'{"message": 5}', Reason.BAD_JSON),
        (b"jane was here", Reason.NOT_A_LOG_LINE),
        (line(address="1.2.3"), Reason.BAD_ADDRESS),
        (line(time="31/Feb/2016:00:00:00 +0000"), Reason.BAD_TIME),
        (line(time="01/Jan/2099:00:00:00 +0000"), Reason.FUTURE),
    ],
)
def test_what_cannot_be_read_is_sealed_with_its_reason_place_and_size(value, reason):
    bench = Bench()
    output = bench.run([FakeRecord(value, offset=41)])
    (letter,) = bench.letters
    size = len(value or b"")
    assert (letter["reason"], letter["topic"], letter["offset"]) == (reason, RAW, 41)
    assert (letter["size"], letter["kept"]) == (size, min(size, 900_000))
    assert bytes(letter["ciphertext"]).endswith(f"{reason}|{RAW}|0|41".encode())
    assert output.counts == {("in", ""): 1, ("quarantined", reason): 1}


def test_a_batch_takes_one_sealing_key_and_none_if_nothing_is_sealed():
    bench = Bench()
    bench.run([FakeRecord(line())])
    assert bench.sealer.keys == 0
    bench.run([FakeRecord(b"junk")] * 10)
    assert bench.sealer.keys == 1


JUNK = st.one_of(
    st.binary(max_size=200),
    st.none(),
    st.just(line()),
    st.builds(line, st.text(max_size=50)),
    st.builds(lambda text: line(agent=text, referrer=text), st.text(max_size=50)),
    st.builds(lambda a: line(address=a), st.sampled_from(["::1", "192.0.2.1", "0", "2001:db8::g", "fe80::1%0"])),
    st.builds(
        lambda y, m: line(time=f"29/{m}/{y:04}:00:00:00 +0000"),
        st.integers(0, 9999),
        st.sampled_from(["Feb", "Jun"]),
    ),
    st.builds(lambda text: json.dumps({"message": text}).encode(), st.text(max_size=50)),
)
HEADERS = st.sampled_from(
    [(), (("site", b"www.atera.com"),), (("site", b"\xff"),), (("end-of-input", b"12"),), (("site", None),)]
)


@given(st.lists(st.tuples(JUNK, HEADERS), max_size=30))
@settings(deadline=None, max_examples=60)
def test_every_record_is_accounted_for_whatever_it_holds(mix):
    """In = out + late + quarantined + denied; nothing raises; offsets cover all that was given."""
    records = [FakeRecord(value, headers=headers, offset=n) for n, (value, headers) in enumerate(mix)]
    output = _BENCH.run(records)
    accounted(output)
    controls = sum(any(name == "end-of-input" for name, _ in headers) for _, headers in mix)
    assert output.counts.get(("in", ""), 0) + output.counts.get(("control", ""), 0) == len(records)
    assert output.counts.get(("control", ""), 0) == controls
    if records:
        assert (RAW, 0, len(records)) in [position[:3] for position in output.offsets]


_BENCH = Bench()


@pytest.mark.parametrize(
    "raw",
    [
        line(f"/{CANARY}/{CANARY}@mail.example/x?name={CANARY}&lang={CANARY}#{CANARY}"),
        line(f"http://{CANARY}.example/%25{CANARY.encode().hex()}"),
        line(user=CANARY),
        line(method=CANARY.upper()),
        line(referrer=f"https://{CANARY}.example/{CANARY}?q={CANARY}"),
        line(referrer=f"https://{CANARY}@www.google.com/"),
        line(agent=f"{CANARY}/1.0 ({CANARY}; Android 5.0; {CANARY} Build/X) {CANARY}"),
        line(agent=f"Mozilla/5.0 (Linux; U; Android 4; {CANARY}) {CANARY}Bot/2.0 (+http://{CANARY}.example)"),
        line(time="01/Jul/2015:00:00:00 +0000", target=f"/{CANARY}", agent=CANARY),
        line(status=CANARY),
        line(address=CANARY),
        CANARY.encode(),
        line() + f' "{CANARY}"'.encode(),
        json.dumps({"message": line(f"/{CANARY}").decode(), "host": CANARY, CANARY: CANARY}).encode(),
    ],
)
def test_no_byte_of_a_person_comes_out_whatever_field_holds_it(raw):
    """Nor in keys, notes, counts, gauges, nor the stage's own repr; nor the address and the agent."""
    bench = Bench()
    output = bench.run([FakeRecord(raw)])
    shown = repr((output, watermarks(bench), bench.letters, vars(bench.stage)))
    flat = b"".join(value or b"" for _, value, _, _ in output.records) + shown.encode()
    for secret in (b"jane", b"canary", CANARY.encode().hex().encode(), b"192.0.2.7", b"Win64"):
        assert secret not in flat.lower().replace(b"win64", b"Win64")


def test_a_header_that_the_client_cannot_decode_is_quarantined():
    """Raising for it would stop the partition for good."""

    class Undecodable(FakeRecord):
        def headers(self) -> Never:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")

    bench = Bench()
    output = bench.run([Undecodable(line()), FakeRecord(line(), offset=1)])
    assert output.counts[("quarantined", Reason.BAD_CONTROL)] == output.counts[("out", "events.page_view")] == 1


def test_a_log_of_many_days_holds_the_memos_of_a_few():
    """Where the keys of all days live, as in `scrub`."""
    bench = Bench()
    bench.keys.get = FakeKey
    records = [FakeRecord(line(time=f"{day:02}/Jun/2016:00:00:00 +0000"), offset=day) for day in range(1, 31)]
    assert bench.run(records).counts == {("in", ""): 30, ("out", "events.page_view"): 30}
    assert len(bench.stage._live) <= 3 * len(POLICY.sites)


def test_what_a_destroyed_key_had_made_is_dropped_on_the_next_tick():
    bench = Bench()
    bench.run([FakeRecord(line("/?phone=650-253-0000"))])
    assert [day for _, day in bench.stage._live] == [TODAY]
    (phones,) = detector()._engine._phones
    assert phones._judge.cache_info().currsize > 0, "candidates are remembered"
    bench.keys.destroyed.add(TODAY)
    bench.run([])
    assert bench.stage._live == {}
    assert phones._judge.cache_info().currsize == 0
    assert bench.run([FakeRecord(line())]).counts[("late", "")] == 1


def test_an_aborted_batch_gives_the_same_bytes_when_it_is_read_again():
    bench = Bench()
    committed = {Partition(RAW, 0): Committed(5, str(NOW - 1000)), Partition(RAW, 1): Committed(0, "")}
    bench.stage.assigned(committed)
    records = [FakeRecord(line(f"/user/{n}", address=f"192.0.2.{n}"), offset=n) for n in range(5, 30)]
    first = bench.run(records)
    bench.stage.assigned(committed)
    assert bench.run(records) == first


def test_a_quiet_visits_partition_gets_an_empty_container_with_the_offsets_again_each_second():
    bench = Bench()
    bench.stage.assigned({Partition(RAW, n): Committed(n, "") for n in (0, 1)})
    assert len(containers(bench.run([], now=NOW))) == 3
    assert bench.run([], now=NOW + 500) == Output((), (), {})
    output = bench.run([], now=NOW + 1000)
    assert [(partition, visits) for partition, _, visits in containers(output)] == [(0, []), (1, []), (2, [])]
    assert [position[:3] for position in output.offsets] == [(RAW, 0, 0), (RAW, 1, 1)]


def test_a_worker_without_partitions_vouches_for_nothing():
    bench = Bench()
    bench.stage.assigned({Partition(RAW, 0): Committed(0, "")})
    bench.stage.revoked([Partition(RAW, 0), Partition(RAW, 1)])
    assert bench.run([], now=NOW + 9000) == Output((), (), {})


def test_containers_carry_time_and_offsets_carry_it_over_a_restart():
    bench = Bench()
    record = FakeRecord(line(time="01/Jul/2016:00:03:00 +0000"))
    bench.run([], caught_up=[0, 1])
    first = bench.run([record], caught_up=[1])
    assert containers(first)[0][1]["watermarks"] == {f"{RAW}/0": None, f"{RAW}/1": None}, "siblings may come, too"
    output = bench.run([record], now=NOW + BEGIN_MS, caught_up=[1])
    lateness = 600_000
    _, header, _ = containers(output)[0]
    assert header == {
        "partitions": {RAW: 2},
        "watermarks": {f"{RAW}/0": NOW + 180_000 - lateness, f"{RAW}/1": None},
        "policy": POLICY.stamp,
    }
    successor = Bench()
    successor.stage.assigned(
        {Partition(p.topic, p.partition): Committed(p.offset, p.metadata) for p in output.offsets}
    )
    assert watermarks(successor) == {("watermark_ms", f"{RAW}/0"): NOW + 180_000 - lateness}


def test_end_of_input_closes_what_ends_by_its_time_but_no_later_than_25_hours_after_its_append():
    bench = Bench()
    for asked, granted in ((NOW + DAY, NOW + DAY), (NOW + 9 * DAY, NOW + 25 * 3_600_000)):
        bench.run([FakeRecord(b"", headers=[("end-of-input", str(asked).encode())])])
        assert watermarks(bench) == {("watermark_ms", f"{RAW}/0"): granted}


@pytest.mark.skipif(not DATA.exists(), reason="the folder of real data is absent")
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("apache_combined_10k.log", 10_000),
        ("nginx/shop_access.log", 1_000),
        ("nginx/access_variants.log", 7),
    ],
)
def test_every_line_of_a_real_log_is_accounted_for_and_read(name, lines):
    raw = (DATA / "weblogs" / name).read_bytes().splitlines()
    output = Bench().run([FakeRecord(text, time_ms=4_000_000_000_000) for text in raw])
    accounted(output)
    assert output.counts[("in", "")] == lines
    assert output.counts[("late", "")] == lines
    pages = {event["page"] for event in events(output)}
    assert not any("@" in page or "%" in page for page in pages)
    assert len(pages) < 400
