"""The form of our own recognizers: Presidio's PatternRecognizer, with its source, examples and near-misses beside it.

Adding a kind is adding a file to `kinds/` with one subclass and naming it there: Presidio's loader finds it by its
name, the table test and the reference page read its examples.
"""

from typing import ClassVar

from presidio_analyzer import Pattern, PatternRecognizer


class WebRecognizer(PatternRecognizer):
    r"""Finds one kind of personal data as the web writes it, with the exact span of the value.

    What leads to the value (a parameter's name, a JSON key, quotes) stands in a look-behind, not in the match: a
    token over the match is then the token of the value. Repetitions are bounded, so the work is linear in the text;
    classes are in ASCII or name what is excluded: `\w` depends on a Unicode version, and Hyperscan's is older than
    Python's.
    """

    ENTITY: ClassVar[str]  # Presidio's name where it has one
    PATTERNS: ClassVar[tuple[Pattern, ...]]
    SOURCE: ClassVar[str]  # standard or documentation that the patterns follow
    EXAMPLES: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]]  # (text, every value that is found in it)
    NEAR_MISSES: ClassVar[tuple[str, ...]]  # texts in which nothing is found
    WORDS: ClassVar[tuple[str, ...]] = ()  # context words that raise a weak pattern's score

    def __init__(
        self,
        supported_language: str = "en",
        supported_entity: str | None = None,
        context: list[str] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(
            supported_entity=supported_entity or self.ENTITY,
            name=name,
            supported_language=supported_language,
            patterns=list(self.PATTERNS),
            context=context or list(self.WORDS),
        )
