"""Presidio without its language models: the fast lane needs its recognizers, not spaCy (65 MB and most of the start).

Presidio imports its ports to language models, and with them spaCy and NumPy, whatever one asks of it. In a process
that only runs the fast lane an empty module stands in for them; the free-text lane has processes of its own.
"""

import sys
from types import ModuleType

_PORTS = "presidio_analyzer.nlp_engine"


class _NoLanguageModels(ModuleType):
    """Has every class that is asked for, and none of them can be made."""

    __path__: list[str] = []  # noqa: RUF012  # a package, as Python knows one

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__init__": _refuse})


def _refuse(*_: object, **__: object) -> None:
    raise RuntimeError("this process runs without language models")


def without_language_models() -> None:
    """Call before Presidio is imported; afterwards it does nothing."""
    if "presidio_analyzer" not in sys.modules:
        sys.modules[_PORTS] = _NoLanguageModels(_PORTS)
