"""recognizers.yaml -> recognizers, by Presidio's own loader: the file is in its format, ours are known by name."""

from pathlib import Path

from presidio_analyzer import EntityRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from pipeline.detect.kinds import RECOGNIZERS  # their classes must exist before the loader looks for them
from pipeline.errors import ConfigError

OURS = frozenset(recognizer.__name__ for recognizer in RECOGNIZERS)
"""Names of our own recognizers."""


def load_recognizers(file: Path) -> tuple[EntityRecognizer, ...]:
    """Return the enabled recognizers; `ConfigError` with Presidio's reason where the file is not what it reads."""
    try:
        registry = RecognizerRegistryProvider(conf_file=file).create_recognizer_registry()
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError([f"{file.name}: {error}"]) from error
    return tuple(registry.recognizers)
