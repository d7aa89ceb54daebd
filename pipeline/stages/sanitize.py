"""Sanitize: raw access-log records -> events.page_view, visits, quarantine.sanitize (policy 4.4).

Each line is parsed; what the policy derives comes out, nothing else. The sender becomes a token under the
day key of the site; a day whose key is gone gives a late event, without visitor and without visit. Bad data
is never an exception here: it is counted, and sealed where it may be kept.
"""

from collections.abc import Mapping, Sequence

from pipeline.detect.detector import Detector
from pipeline.model import (
    DAY_MS,
    Batch,
    Committed,
    ContainerHeader,
    Emit,
    Output,
    Partition,
    Position,
    Record,
    Rejected,
)
from pipeline.model.visit import VISITS
from pipeline.policy.model import Policy, Source
from pipeline.protect.keys import live_days
from pipeline.protect.ports import VisitorKeys
from pipeline.sources.clf_time import parse_time
from pipeline.sources.reasons import Reason
from pipeline.sources.weblog import read
from pipeline.stages.quarantine import Quarantine
from pipeline.stages.sanitize_memo import Memo
from pipeline.stages.sanitize_treatments import SiteCompiler, Treatments
from pipeline.stages.sanitize_visits import ContainerWriter
from pipeline.stages.sanitize_watermarks import Watermarks
from pipeline.stages.sanitize_work import Work

QUARANTINE = "quarantine.sanitize"
SITE_HEADER = "site"
END_HEADER = "end-of-input"
QUIET_MS = 1_000
"""A visits partition that got nothing for so long gets an empty container."""
SEARCH_S = 5.0
"""Seconds of the processor that a batch may spend on the search for personal data; a usual one takes a tenth. What
comes then counts as personal unsearched: else a burst of hostile lines, each within its own time, would outlast the
transaction and the watchdog again and again."""
MAX_DAYS = len(live_days(0))
_TIMES_BUDGET = 4 << 20


class Sanitize:
    """Implements `pipeline.model.Stage`."""

    def __init__(  # noqa: PLR0913  # the composition root passes each part by name
        self,
        *,
        policy: Policy,
        source: Source,
        site: str,  # of a record without a `site` header; empty: such a record is denied
        compilers: Mapping[str, SiteCompiler],
        detector: Detector,  # the one that the compilers use
        keys: VisitorKeys,
        quarantine: Quarantine,
        containers: ContainerWriter,
        raw_partitions: Mapping[str, int],
        visits_partitions: int,
    ) -> None:
        self.inputs: Sequence[str] = (source.topic,)
        self.outputs: Sequence[str] = (source.event, VISITS, QUARANTINE)
        self._policy = policy
        self._source = source
        self._site = site if site in compilers else ""
        self._sites = {name.encode(): name for name in compilers}
        self._compilers = compilers
        self._detector = detector
        self._keys = keys
        self._quarantine = quarantine
        self._writer = containers
        self._raw_partitions = dict(raw_partitions)
        self._watermarks = Watermarks(source.allowed_lateness_seconds * 1_000)
        self._ahead_ms = source.allowed_ahead_seconds * 1_000
        self._times: Memo[bytes, int | None] = Memo(parse_time, lambda raw, _: len(raw), _TIMES_BUDGET)
        self._live: dict[tuple[str, int], Treatments] = {}  # (site, UTC day)
        self._late: dict[str, Treatments] = {}  # by site; for one batch, as the next
        self._keyless: set[tuple[str, int]] = set()  # (site, UTC day) that were asked for in vain
        self._positions: dict[Partition, int] = {}
        self._silent = self._header({})
        self._previous = self._silent
        self._sent_ms = [0] * visits_partitions

    def assigned(self, partitions: Mapping[Partition, Committed | None]) -> None:
        """Go on from what was committed; what was seen after it will be seen again."""
        self._previous = self._silent  # what was said last may have been aborted, or of others' partitions
        for partition, committed in partitions.items():
            self._watermarks.assign(partition, committed.metadata if committed else "")
            self._positions.pop(partition, None)
            if committed:
                self._positions[partition] = committed.offset

    def revoked(self, partitions: Sequence[Partition]) -> None:
        """Forget partitions: no container speaks for them any more."""
        self._previous = self._silent
        for partition in partitions:
            self._watermarks.revoke(partition)
            self._positions.pop(partition, None)

    def gauges(self) -> Mapping[tuple[str, str], float]:
        """Show the watermarks, and how many texts were not searched to the end."""
        unsure = self._detector.unsure
        return {("unsearched_texts", reason): float(number) for reason, number in unsure.items()} | {
            ("watermark_ms", f"{partition.topic}/{partition.number}"): float(time)
            for partition, time in self._watermarks.report().items()
            if time is not None
        }

    def process(self, batch: Batch) -> Output:
        """Sanitize a batch; a tick lets time pass and drops what a destroyed key had made."""
        self._drop_ended_days()
        self._detector.allow(SEARCH_S)
        self._quarantine.next_batch()
        work = Work([[] for _ in self._sent_ms])
        self._watermarks.advance(batch.now_ms, batch.caught_up)
        self._read(batch.records, work)
        topic = self._source.topic
        for number, time in work.newest.items():
            self._watermarks.observe(Partition(topic, number), time)
        for record, time in work.ends:
            self._watermarks.end(Partition(topic, record.partition()), time, record.timestamp()[1])
        for number, record in work.last.items():
            self._positions[Partition(topic, number)] = record.offset() + 1
        counts = work.counts(len(batch.records), self._source.event)
        emits: list[Emit] = work.emits
        emits.extend([self._quarantine.seal(record, reason) for record, reason in work.letters])
        emits.extend(self._containers(work.visits, batch.now_ms))
        if not batch.records and not emits:
            return Output((), (), {})
        positions = [
            Position(*partition, offset, self._watermarks.metadata(partition))
            for partition, offset in self._positions.items()
        ]
        return Output(emits, positions, counts)

    # One loop without calls of our own: each would cost 0.1 us a record.
    def _read(self, records: Sequence[Record], work: Work) -> None:  # noqa: C901  # as said above
        event, last, newest, visits = self._source.event, work.last, work.newest, work.visits
        emit, times, live = work.emits.append, self._times, self._live
        for record in records:
            last[partition := record.partition()] = record
            try:
                headers = record.headers()
            except UnicodeDecodeError:  # the client's, for a name that is no UTF-8
                work.letters.append((record, Reason.BAD_CONTROL))
                continue
            site = self._headed(record, headers, work) if headers else self._site
            if not site:
                if not headers:
                    work.denied[Reason.UNKNOWN_SITE] += 1
                continue
            line = read(record.value())
            if isinstance(line, Rejected):
                work.letters.append((record, line.reason))
                continue
            time = times[line[3]]
            if time is None or time - self._ahead_ms > record.timestamp()[1]:
                work.letters.append((record, Reason.BAD_TIME if time is None else Reason.FUTURE))
                continue
            treatments = live.get((site, time // DAY_MS)) or self._open(site, time // DAY_MS)
            person = treatments.persons[line[0], line[10]]
            if person is None:
                work.letters.append((record, Reason.BAD_ADDRESS))
                continue
            pieces = treatments.pieces(person, line)
            if treatments.key is None:
                work.late += 1
                emit((event, treatments.event(pieces), None, -1))
                continue
            emit((event, treatments.event(pieces), person.token, person.event_partition))
            if person.visits_partition >= 0:
                visits[person.visits_partition].append(treatments.visit(pieces))
            if time > newest.get(partition, time - 1):
                newest[partition] = time

    def _headed(self, record: Record, headers: Sequence[tuple[str, bytes]], work: Work) -> str:
        """Return the site of a record with headers; empty if it is dealt with here."""
        named = dict(headers)
        if END_HEADER in named:
            end = named[END_HEADER] or b""
            if end.isdigit() and len(end) <= 15:
                work.ends.append((record, int(end)))
            else:
                work.letters.append((record, Reason.BAD_CONTROL))
            return ""
        site = self._sites.get(named[SITE_HEADER], "") if SITE_HEADER in named else self._site
        if not site:
            work.denied[Reason.UNKNOWN_SITE] += 1
        return site

    def _open(self, site: str, day: int) -> Treatments:
        """Return the treatments of a day that is not live yet: new ones, or those for late events."""
        if (site, day) not in self._keyless:
            key = self._keys.get(site, day)
            if key is not None:
                if len(self._live) >= MAX_DAYS * len(self._compilers):  # only where keys of all days live: `scrub`
                    del self._live[next(iter(self._live))]
                return self._live.setdefault((site, day), self._compilers[site].open(key))
            self._keyless.add((site, day))
        if site not in self._late:
            self._late[site] = self._compilers[site].open(None)
        return self._late[site]

    def _drop_ended_days(self) -> None:
        """Let go of treatments whose key was destroyed, and of all raw values in their memos."""
        self._late.clear()
        self._keyless.clear()
        for site, day in list(self._live):
            if self._keys.get(site, day) is None:
                del self._live[site, day]
                self._detector.forget()

    def _containers(self, visits: Sequence[Sequence[bytes]], now_ms: int) -> list[Emit]:
        """Pack the visits, and an empty container where nothing came for a second: it carries time."""
        quiet = [now_ms - sent >= QUIET_MS for sent in self._sent_ms]
        due = [partition for partition, found in enumerate(visits) if found or quiet[partition]]
        if not due or not self._positions:
            return []
        current = self._header(self._watermarks.report())
        emits: list[Emit] = []
        for partition in due:
            self._sent_ms[partition] = now_ms
            packed = self._writer.containers(visits[partition], self._previous, current)
            emits.extend((VISITS, container, None, partition) for container in packed)
        self._previous = current
        return emits

    def _header(self, watermarks: Mapping[Partition, int | None]) -> bytes:
        named = {f"{topic}/{number}": time for (topic, number), time in watermarks.items()}
        return self._writer.header(ContainerHeader(self._raw_partitions, named, self._policy.stamp))
