"""recognizers.yaml -> recognizers, by Presidio's own loader: the file is in its format, ours are known by name."""

import logging
from pathlib import Path

import tldextract
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from pipeline.detect.kinds import RECOGNIZERS  # their classes must exist before the loader looks for them
from pipeline.errors import ConfigError

OURS = frozenset(recognizer.__name__ for recognizer in RECOGNIZERS)
"""Names of our own recognizers."""


def stay_offline() -> None:
    """Let Presidio neither fetch nor tell anything.

    Its e-mail recognizer gets the Public Suffix List that tldextract ships; it would fetch a newer one.
    """
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    logging.getLogger("presidio-analyzer").disabled = True  # it logs values that it could not check


def load_recognizers(file: Path) -> tuple[EntityRecognizer, ...]:
    """Return the enabled recognizers; `ConfigError` with Presidio's reason where the file is not what it reads."""
    stay_offline()
    try:
        registry = RecognizerRegistryProvider(conf_file=file).create_recognizer_registry()
    except (ValueError, TypeError, KeyError, AttributeError) as error:  # as Presidio meets it
        raise ConfigError([f"{file.name}: {error}"]) from error
    return tuple(registry.recognizers)
