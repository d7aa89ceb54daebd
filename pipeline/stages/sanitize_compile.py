"""(source, schemas) -> the functions raw bytes -> encoded bytes of a site, in the order of the schema.

Neighboring fields that come from the same raw field are encoded together, as one *piece*. A group is a raw
field (or the pair address and user agent) with its memo: raw -> its pieces. A record is the join of pieces
in order.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.errors import ConfigError
from pipeline.policy.events import EVENTS
from pipeline.policy.model import Source, Treatment
from pipeline.sources.weblog import ABSENT, WebLogLine
from pipeline.stages.sanitize_avro import ENCODERS, Value
from pipeline.stages.sanitize_values import NOBODY, SENDER

SENDER_GROUP = "sender"
Pieces = tuple[bytes, ...]


class Column(NamedTuple):
    """A field of an output schema: its group (None: constant), and how its value is made and encoded."""

    name: str
    group: str | None
    make: Callable[[Any], Value]  # of the group's raw value; SENDER_GROUP: of a Sender
    encode: Callable[..., bytes]


class Layout(NamedTuple):
    """Where the pieces of a record come from. Groups in the order in which their pieces are concatenated."""

    groups: tuple[str, ...]  # SENDER_GROUP first
    encoders: Mapping[str, Callable[[Any], Pieces]]  # group -> raw value -> pieces
    orders: tuple[Callable[[Pieces], Pieces], ...]  # one for each schema: all pieces -> its own, in schema order


def columns(
    schema: Mapping[str, Any],
    source: Source,
    raw: Mapping[Treatment, Callable[[bytes], Value]],
    own: Mapping[str, Callable[[Any], Value] | Value],
) -> list[Column]:
    """Say for each field of a schema how it is made. What the policy does not derive is empty: default-deny.

    `own` are the fields that the pipeline itself writes: constants, or functions of the sender.
    """
    derived = {d.field: (field.name, d.treatment) for field in source.fields for d in field.derive}
    result = []
    for field in schema["fields"]:
        name = field["name"]
        kind = field["type"]["type"] if isinstance(field["type"], dict) else field["type"]
        encode = ENCODERS[kind]
        if name in own:
            maker = own[name]
            if callable(maker):
                result.append(Column(name, SENDER_GROUP, maker, encode))
            else:
                result.append(Column(name, None, _always(maker), encode))
        elif name in derived:
            raw_field, treatment = derived[name]
            if treatment in SENDER:
                result.append(Column(name, SENDER_GROUP, SENDER[treatment], encode))
            else:
                result.append(Column(name, raw_field, raw[treatment], encode))
        else:
            result.append(Column(name, None, _always(_empty(name, source, raw)), encode))
    return result


def layout(schemas: Sequence[Sequence[Column]]) -> Layout:
    """Cut each schema's columns into pieces by group; a constant goes with its neighbor."""
    cut = [_cut(columns) for columns in schemas]
    found = dict.fromkeys(group for pieces in cut for group, _ in pieces if group != SENDER_GROUP)
    groups = (SENDER_GROUP, *found)
    numbered = [(number, group, piece) for number, pieces in enumerate(cut) for group, piece in pieces]
    arranged = [entry for group in groups for entry in numbered if entry[1] == group]
    position = {id(piece): index for index, (_, _, piece) in enumerate(arranged)}
    return Layout(
        groups,
        {group: _encoder([piece for _, g, piece in arranged if g == group]) for group in groups},
        tuple(pick([position[id(piece)] for _, piece in pieces]) for pieces in cut),
    )


def raw_fields(groups: Sequence[str]) -> Callable[[Sequence[bytes]], tuple[bytes, ...]]:
    """Return what takes the groups' raw fields out of a line; the sender's group is not among them."""
    unknown = [f"source field {name}: no such field in a log line" for name in groups if not _known(name)]
    if unknown:
        raise ConfigError(unknown)
    return pick([WebLogLine._fields.index(name) for name in groups])


def pick(positions: Sequence[int]) -> Callable[[Any], tuple[Any, ...]]:
    """Return `itemgetter`, but one that gives a tuple for one position, too."""
    if len(positions) == 1:
        (only,) = positions
        return lambda pieces: (pieces[only],)
    return itemgetter(*positions) if positions else lambda _: ()


def _known(name: str) -> bool:
    return name in WebLogLine._fields


def _always(value: Value) -> Callable[[Any], Value]:
    return lambda _: value


def _empty(name: str, source: Source, raw: Mapping[Treatment, Callable[[bytes], Value]]) -> Value:
    made = EVENTS[source.event].get(name)
    if made is None:
        raise ConfigError([f"field {name}: neither the pipeline nor a treatment of {source.event} makes it"])
    return SENDER[made.treatment](NOBODY) if made.treatment in SENDER else raw[made.treatment](ABSENT)


def _cut(columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    first = next(column.group for column in columns if column.group)
    pieces: list[tuple[str, list[Column]]] = [(first, [])]
    for column in columns:
        if column.group in {None, pieces[-1][0]}:
            pieces[-1][1].append(column)
        else:
            pieces.append((str(column.group), [column]))
    return pieces


def _encoder(pieces: Sequence[Sequence[Column]]) -> Callable[[Any], Pieces]:
    """Return raw value -> pieces; a column that stands in several is made once, a constant only here."""
    unique = {column.name: column for column in chain.from_iterable(pieces)}
    varying = [(column.make, column.encode) for column in unique.values() if column.group]
    constant = [column.encode(column.make(None)) for column in unique.values() if not column.group]
    order = [name for name, column in unique.items() if column.group]
    order += [name for name, column in unique.items() if not column.group]
    takes = [pick([order.index(column.name) for column in piece]) for piece in pieces]

    def encode(value: Any) -> Pieces:
        encoded = [encode(make(value)) for make, encode in varying] + constant
        return tuple([b"".join(take(encoded)) for take in takes])

    return encode
