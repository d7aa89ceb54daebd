"""Presidio's engine over a spaCy pipeline: the reference for what is personal in free text. Loads in seconds.

Of what the model names only persons, places, groups and organizations count. Presidio leaves organizations out for
their false positives; here they stay, for what the model takes for a company is often a person. Dates are left to
Presidio's pattern: the model calls card numbers and house numbers dates, and "last month" is nobody's. All patterns
that Presidio has on by default run, too, and ours: forms are filled in with labels and addresses of any domain.
"""

import re
from collections.abc import Callable
from pathlib import Path

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
from spacy.language import Language

from pipeline.detect.found import Found
from pipeline.detect.freetext.language import LanguageCheck
from pipeline.detect.freetext.result import FreeTextResult, Unsure
from pipeline.detect.kinds import RECOGNIZERS
from pipeline.detect.registry import stay_offline
from pipeline.errors import ConfigError

ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",  # names of labels differ between spaCy's pipelines
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "FAC": "LOCATION",
    "NORP": "NRP",  # nationality, religious or political group
    "ORG": "ORGANIZATION",
}
"""A model's label -> Presidio's entity, as in Presidio's own default configuration."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def make(model: str) -> Callable[[str], FreeTextResult]:
    """Load all that is needed; `ConfigError` if it is not there. Nothing is downloaded, now or later."""
    nlp = _load(model)
    code = str(nlp.lang)
    try:
        language = LanguageCheck(code, nlp.Defaults.stop_words)
    except LookupError as error:
        raise ConfigError([f"free-text model {model!r}: {error}"]) from error
    engine = _engine(model, code, nlp)

    def analyze(text: str) -> FreeTextResult:
        readable = _SURROGATE.sub("\ufffd", text)  # spaCy refuses half a character; as long as before
        if not language.accepts(readable):
            return FreeTextResult(unsure=Unsure.LANGUAGE)
        with nlp.memory_zone():  # else its vocabulary grows with every new word, and keeps it
            return FreeTextResult(tuple(sorted(map(_found, engine.analyze(readable, code)))))

    return analyze


def _load(model: str) -> Language:
    if not (spacy.util.is_package(model) or Path(model).is_dir()):
        raise ConfigError([f"free-text model {model!r} is not installed; nothing is downloaded at run time"])
    nlp = spacy.load(model)
    if "ner" not in nlp.pipe_names:
        raise ConfigError([f"free-text model {model!r} names no entities: it has no component 'ner'"])
    return nlp


def _engine(model: str, code: str, nlp: Language) -> AnalyzerEngine:
    stay_offline()
    configuration = NerModelConfiguration(
        model_to_presidio_entity_mapping=ENTITIES,
        labels_to_ignore=sorted(set(nlp.pipe_labels["ner"]) - ENTITIES.keys()),
    )
    loaded = SpacyNlpEngine([{"lang_code": code, "model_name": model}], configuration)
    loaded.nlp = {code: nlp}  # Presidio's way; its own would download what is not there
    engine = AnalyzerEngine(nlp_engine=loaded, supported_languages=[code])
    for recognizer in RECOGNIZERS:
        engine.registry.add_recognizer(recognizer(supported_language=code))
    return engine


def _found(result: RecognizerResult) -> Found:
    name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    return Found(result.entity_type, result.start, result.end, result.score, name)
