"""Whether a text is in the model's language: a model finds little in another one, and says nothing about it.

py3langid, because it is small (4.5 MB, NumPy only), deterministic, kept, and best where it matters here. Tried: 100
labelled English sentences full of foreign names and addresses, 13,752 pieces of 2 to 6 English words, and 23
sentences in 15 other languages. It refused 1, 24 and 23 of them. lingua (96 MB) is sure of Czech where an English
sentence holds a Czech address; counting spaCy's stop words takes names for words of other languages.

It judges a text as a whole, and knows 140 languages. So letters count, too: the model reads no names in scripts that
its language does not use.
"""

import unicodedata
from collections.abc import Collection
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SURE = 0.5
"""Chance from which on another language is believed; short texts and bare names stay below."""
LONG = 200
"""Letters from which on the likeliest language is believed whatever its chance."""
FOREIGN = 0.2
"""Share of letters in other scripts that is too much: a name in a sentence of an address' length."""


class LanguageCheck:
    """Knows one language: by its ISO 639-1 code, and by words that show its scripts."""

    def __init__(self, language: str, words: Collection[str]) -> None:
        self._identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        if language not in self._identifier.labels:
            raise LookupError(f"no way to tell the language {language!r} from others")
        self._language = language
        self._scripts = {_script(letter) for word in words for letter in word if letter.isalpha()}

    def accepts(self, text: str) -> bool:
        """Say whether the model can read a text; one without letters it can."""
        letters = [letter for letter in text if letter.isalpha()]
        foreign = sum(_script(letter) not in self._scripts for letter in letters)
        if foreign > FOREIGN * len(letters):
            return False
        language, chance = self._identifier.classify(text)
        return language == self._language or (chance < SURE and len(letters) < LONG)


@cache  # as many as there are letters in Unicode
def _script(letter: str) -> str:
    """Return a letter's script, which is how its name begins: LATIN SMALL LETTER A."""
    return unicodedata.name(letter, "").partition(" ")[0]
