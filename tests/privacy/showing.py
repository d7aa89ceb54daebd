"""All that a stage lets anybody see: records, keys, notes on offsets, counts, gauges, reprs."""

import pickle
from collections.abc import Iterator

from pipeline.model import Output
from tests.sanitizing import Bench, containers, events


def shown(bench: Bench, output: Output) -> bytes:
    """Return everything visible as bytes; sealed contents aside, which are the officer's."""
    records = [part or b"" for _, value, key, _ in output.records for part in (value, key)]
    letters = [{name: letter[name] for name in letter if name != "ciphertext"} for letter in bench.letters]
    texts = (output, output.offsets, output.counts, bench.stage.gauges(), letters, events(output))
    visits = [(header, visits) for _, header, visits in containers(output)]
    return b"\0".join([*records, repr((texts, visits)).encode(), *reprs(bench)])


def reprs(bench: Bench) -> Iterator[bytes]:
    """Show the stage, its parts and what they hold, as a traceback with locals would."""
    public = (bench.stage._policy, bench.stage._source, bench.stage._compilers)  # made before any record
    parts: list[object] = [bench.stage, *(part for part in vars(bench.stage).values() if part not in public)]
    for treatments in (*bench.stage._live.values(), *bench.stage._late.values()):
        parts += [treatments, *vars(treatments).values(), *treatments.persons.values()]
    for part in parts:
        yield repr(part).encode()
        yield str(part).encode()


def refuses_pickle(part: object) -> bool:
    """Say whether a part refuses to be written to a file or a socket."""
    try:
        pickle.dumps(part)
    except (TypeError, AttributeError, pickle.PicklingError):
        return True
    return False
