"""Presidio's own engine with the same recognizers: what the compiled engine is held to."""

from collections.abc import Iterator, Sequence
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from pipeline.detect.compiled.context import TOKEN
from pipeline.detect.found import Found

LANGUAGE = "en"
"""Nobody knows a URL's language: all recognizers are registered under this one."""


class Reference:
    """`AnalyzerEngine` over some recognizers, with the words of `context.py` in place of a language model."""

    def __init__(self, recognizers: Sequence[EntityRecognizer], threshold: float) -> None:
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=list(recognizers), supported_languages=[LANGUAGE]),
            nlp_engine=_Words(),
            supported_languages=[LANGUAGE],
            default_score_threshold=threshold,
        )

    def analyze(self, text: str) -> list[Found]:
        """Return Presidio's findings, without the names of their recognizers."""
        found = self._engine.analyze(text, LANGUAGE)
        return [Found(one.entity_type, one.start, one.end, one.score, "") for one in found]


class _Words(NlpEngine):
    """Presidio's port of a language model, without a model."""

    engine_name = "words"
    is_available = True

    def load(self) -> None:
        """Load nothing."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        matches = list(TOKEN.finditer(text))
        tokens = [match.group() for match in matches]
        return NlpArtifacts([], tokens, [match.start() for match in matches], tokens, self, language)

    def process_batch(self, texts: list[str], language: str, **_options: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002  # Presidio's port
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002  # Presidio's port
        return not any(map(str.isalnum, word))

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [LANGUAGE]
