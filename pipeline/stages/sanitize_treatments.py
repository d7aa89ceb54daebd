"""The compiled treatments of one site and day, with their memos: WebLogLine -> encoded event and visit."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from operator import getitem
from typing import Any, NamedTuple

from pipeline.detect.detector import Detector
from pipeline.policy.model import Policy, Site, Source
from pipeline.protect.client import Client, DeviceClass
from pipeline.protect.ports import VisitorKey
from pipeline.sources.weblog import WebLogLine
from pipeline.stages.sanitize_avro import Value
from pipeline.stages.sanitize_compile import SENDER_GROUP, Layout, Pieces, columns, layout, raw_fields
from pipeline.stages.sanitize_memo import Memo
from pipeline.stages.sanitize_values import Sender, Senders, values

_BOT = DeviceClass.BOT.value  # a plain string compares ten times faster
BUDGET = 4 << 20
"""Bytes of a memo; twice that for senders, of which there are most."""


class Person(NamedTuple):
    """What a sender adds to a record: its pieces, the token, and the partitions that the token chooses."""

    pieces: Pieces
    token: bytes
    event_partition: int
    visits_partition: int  # -1: no visit (a bot, or a day without key)

    def __repr__(self) -> str:
        return "Person(<redacted>)"


class Outputs(NamedTuple):
    """Schemas and sizes of what is emitted."""

    event_header: bytes  # wire format: magic byte and schema id
    event_schema: Mapping[str, Any]
    visit_schema: Mapping[str, Any]
    event_partitions: int
    visits_partitions: int


class SiteCompiler:
    """Compiles one site's treatments once; each day then gets memos and a key of its own."""

    def __init__(  # noqa: PLR0913, PLR0917  # all that a treatment may depend on
        self,
        policy: Policy,
        source: Source,
        site: Site,
        detector: Detector,
        senders: Senders,
        outputs: Outputs,
    ) -> None:
        self._senders = senders
        self._outputs = outputs
        self._source = source
        self._values = partial(values, policy, site, detector)
        self._own: dict[str, Callable[[Sender], Value] | Value] = {
            "site": site.id,
            "policy": policy.stamp,
            "bot": _is_bot,
            "prefix": _prefix,
        }
        self.open(None)  # what does not fit is told now

    def open(self, key: VisitorKey | None) -> "Treatments":
        """Return the treatments for a day, with empty memos; without a key, for late events."""
        raw, own = self._values(key), self._own | {"late": key is None}
        schemas = (self._outputs.event_schema, self._outputs.visit_schema)
        found = layout([columns(schema, self._source, raw, own) for schema in schemas])
        return Treatments(found, self._senders, self._outputs, key)


class Treatments:
    """One site, one day. Dropped with the day's key, and with it all raw values in the memos."""

    def __init__(self, layout: Layout, senders: Senders, outputs: Outputs, key: VisitorKey | None) -> None:
        self.key = key
        self._senders = senders
        self._outputs = outputs
        self._encode_sender = layout.encoders[SENDER_GROUP]
        groups = [group for group in layout.groups if group != SENDER_GROUP]
        self._pick = raw_fields(groups)
        self._memos = [Memo(layout.encoders[group], _weigh, BUDGET) for group in groups]
        self._event_order, self._visit_order = layout.orders
        self._header = outputs.event_header
        clients: Memo[bytes, Client] = Memo(
            senders.client, lambda raw, client: len(raw) + sum(map(len, client)), BUDGET
        )
        self._clients = clients
        self.persons: Memo[tuple[bytes, bytes], Person | None] = Memo(self._person, _weigh_person, 2 * BUDGET)

    def pieces(self, person: Person, line: WebLogLine) -> Pieces:
        """Return all pieces of a line's records."""
        found = map(getitem, self._memos, self._pick(line))
        return person.pieces + tuple(chain.from_iterable(found))

    def event(self, pieces: Pieces) -> bytes:
        """Return the event, in wire format."""
        return self._header + b"".join(self._event_order(pieces))

    def visit(self, pieces: Pieces) -> bytes:
        """Return the visit, as it stands in a container's block."""
        return b"".join(self._visit_order(pieces))

    def _person(self, raw: tuple[bytes, bytes]) -> Person | None:
        address, agent = raw
        sender = self._senders.sender(address, agent, self._clients[agent], self.key)
        if sender is None:
            return None
        token = sender.visitor
        visits = -1
        if token and not _is_bot(sender):
            visits = token[-1] % self._outputs.visits_partitions
        return Person(
            self._encode_sender(sender),
            token,
            token[-1] % self._outputs.event_partitions if token else -1,
            visits,
        )


def _is_bot(sender: Sender) -> bool:
    return sender.client.device_class == _BOT


def _prefix(sender: Sender) -> bytes:
    return sender.prefix


def _weigh(raw: bytes, pieces: Pieces) -> int:
    return len(raw) + sum(map(len, pieces))


def _weigh_person(raw: tuple[bytes, bytes], person: Person | None) -> int:
    return len(raw[0]) + len(raw[1]) + (sum(map(len, person.pieces)) if person else 0)
