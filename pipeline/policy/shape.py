"""Nodes -> the structs of `model.py`, by their type hints: every key required, none besides.

Total: a malformed value becomes an empty one of the right type, and a problem; so all problems come at once.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import yaml
from msgspec import inspect

from pipeline.policy import scalars
from pipeline.policy.document import Entries, entries_of, kind_of, place_of
from pipeline.policy.problems import Item, Place, Problems, echo


class Shaped(NamedTuple):
    """A value, whether it was well-formed, and where its well-formed items stand."""

    value: Any
    good: bool
    items: Mapping[Item, Place] = {}


def shape_struct(
    cls: type[msgspec.Struct], entries: Entries, whole: Place, problems: Problems, **given: object
) -> Any:
    """Build a struct from the entries of a mapping at `whole`; `given` fields are not the author's."""
    values: dict[str, Any] = dict(given)
    shapes = {name: shape for name, shape in _shapes(cls).items() if name not in given}
    places: dict[tuple[str, Item], Place] = {}
    for key, place, node in entries:
        if key not in shapes:
            problems.add(place, f"unknown key {echo(key)}")
            continue
        shaped = _shape(shapes[key], node, problems)
        values[key] = shaped.value
        if shaped.good:
            places[key, None] = place
        places |= {(key, item): where for item, where in shaped.items.items()}
    for key in shapes.keys() - values.keys():
        problems.add(whole, f"missing key '{key}'")
        values[key] = _empty(shapes[key])
    built = cls(**values)
    problems.keep(built, places)
    return built


def _shape(shape: inspect.Type, node: yaml.Node, problems: Problems) -> Shaped:
    """Read one node as what the type hint says."""
    match shape:
        case inspect.StructType() if isinstance(node, yaml.MappingNode):
            entries = entries_of(node, problems)
            return Shaped(shape_struct(shape.cls, entries, place_of(node), problems), good=True)
        case inspect.VarTupleType() if isinstance(node, yaml.SequenceNode):
            return _tuple(shape.item_type, node, problems)
        case inspect.DictType() if isinstance(node, yaml.MappingNode):
            return _dict(shape.value_type, node, problems)
        case _:
            value = _scalar(shape, node)
    if value is None:
        problems.add(place_of(node), f"expected {_expected(shape)}, got {kind_of(node)}")
        return Shaped(_empty(shape), good=False)
    return Shaped(value, good=True)


def _tuple(shape: inspect.Type, node: yaml.SequenceNode, problems: Problems) -> Shaped:
    shaped = [_shape(shape, item, problems) for item in node.value]
    places: dict[Item, Place] = {index: place_of(node.value[index]) for index, item in enumerate(shaped) if item.good}
    return Shaped(tuple(item.value for item in shaped), good=True, items=places)


def _dict(shape: inspect.Type, node: yaml.MappingNode, problems: Problems) -> Shaped:
    entries = entries_of(node, problems)
    shaped = {key: _shape(shape, item, problems) for key, _, item in entries}
    places: dict[Item, Place] = {key: place for key, place, _ in entries if shaped[key].good}
    return Shaped({key: item.value for key, item in shaped.items()}, good=True, items=places)


def _scalar(shape: inspect.Type, node: yaml.Node) -> object:
    match shape:
        case inspect.StrType():
            return scalars.text(node)
        case inspect.IntType():
            return scalars.number(node)
        case inspect.EnumType():
            return scalars.choice(shape.cls, node)  # type: ignore[arg-type]  # the model's enums are StrEnums
        case _:
            return None  # a struct, list or mapping is asked for, and the node is another thing


def _expected(shape: inspect.Type) -> str:
    match shape:
        case inspect.StrType():
            return scalars.A_TEXT
        case inspect.IntType():
            return scalars.A_NUMBER
        case inspect.EnumType():
            return "one of " + ", ".join(shape.cls)
        case inspect.VarTupleType():
            return "a list"
        case _:
            return "a mapping"


def _empty(shape: inspect.Type) -> Any:
    """Return what stands in for a malformed value until the loading fails."""
    match shape:
        case inspect.StructType():
            return shape.cls(**{name: _empty(field) for name, field in _shapes(shape.cls).items()})
        case inspect.EnumType():
            return next(iter(shape.cls))
        case inspect.VarTupleType():
            return ()
        case inspect.DictType():
            return {}
        case inspect.IntType():
            return 0
        case _:
            return ""


def _shapes(cls: type[msgspec.Struct]) -> dict[str, inspect.Type]:
    described = inspect.type_info(cls)
    assert isinstance(described, inspect.StructType)
    return {field.name: field.type for field in described.fields}
