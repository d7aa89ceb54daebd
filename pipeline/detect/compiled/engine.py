"""text -> the findings that Presidio's AnalyzerEngine has with the same recognizers and thresholds.

The gate says which patterns could match; each of these runs as Presidio runs it (`PatternRecognizer`'s loop:
match, validate, invalidate, remove duplicates), then context words, thresholds and duplicates as in
`AnalyzerEngine.analyze`. Left out is only what cannot change the result:

- a pattern that the gate does not name;
- a pattern too weak to pass its threshold by itself, without validation that could raise it, where none of its
  recognizer's context words is anywhere in the text;
- the search for context words, where the text has none of the recognizer's.

A law in the tests holds both engines equal, over generated texts and over all real ones.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import regex
from presidio_analyzer import EntityRecognizer, PatternRecognizer
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from pipeline.detect.compiled.context import Words, raised
from pipeline.detect.compiled.distinct import distinct
from pipeline.detect.compiled.gate import Gate, Progress, quiet
from pipeline.detect.compiled.phones import GATE as ANY_DIGIT
from pipeline.detect.compiled.phones import Phones
from pipeline.detect.found import Found
from pipeline.detect.labels import consuming
from pipeline.errors import ConfigError

MAX_FOUND = 512
"""Findings of one pattern in a web text; with more it is a dump, and all of it personal."""


class OutOfTimeError(Exception):
    """A text was not done within its time (of the processor: a busy machine makes no text personal)."""


class Trust(NamedTuple):
    """What `found` believes in texts that are no sentences."""

    by_context: Callable[[EntityRecognizer], bool]  # these only with a context word before a match
    ignored: frozenset[str]  # these entities never: nobody asks for them


@dataclass(frozen=True, eq=False, slots=True)  # an owner is itself only: hashing its fields would cost more
class _Owner:
    """A recognizer, and what the engine asks of it again and again."""

    recognizer: EntityRecognizer
    entity: str
    context: tuple[str, ...]  # in lower case
    threshold: float
    validates: bool
    invalidates: bool
    by_context: bool
    ignored: bool


class _Rule(NamedTuple):
    """What runs when the gate names it: a pattern of a recognizer, or all that it does."""

    name: str
    owner: _Owner
    run: Callable[[str, float], Iterator[tuple[int, int, float]]]  # (text, seconds left) -> (start, end, score)
    weak: bool  # passes the threshold only with the help of context words


class CompiledEngine:
    """Presidio's recognizers behind the gate."""

    def __init__(
        self,
        recognizers: Sequence[EntityRecognizer],
        threshold: float,
        folder: Path,
        progress: Progress = quiet,
        *,
        trust: Trust | None = None,
    ) -> None:
        """Take loaded recognizers, the default threshold of a finding's score, and the folder of the gate.

        `trust` says what `found` believes; `analyze` believes all that Presidio does.
        `ConfigError` names recognizers that need a language model.
        """
        _refuse(recognizers)
        self._phones: list[Phones] = []
        owners = [_owner(found, threshold, trust) for found in recognizers]
        gated = [pair for owner in owners for pair in self._rules_of(owner)]
        self._rules = [rule for _, rule in gated]
        self.entities = frozenset(entity for found in recognizers for entity in found.supported_entities)
        self.gate = Gate([pattern for pattern, _ in gated], folder, progress)

    def analyze(self, text: str, budget_s: float = 60.0) -> list[Found]:
        """Return Presidio's findings, in no order; `OutOfTimeError` after so many seconds."""
        return distinct(self._found(text, budget_s, web=False))

    def found(self, text: str, budget_s: float) -> list[Found]:
        """Return what each recognizer finds and is believed in; those of the same entity are not told apart yet."""
        return self._found(text, budget_s, web=True)

    def _found(self, text: str, budget_s: float, *, web: bool) -> list[Found]:
        candidates = self.gate.candidates(text)
        if not candidates:
            return []
        lowered, deadline = text.lower(), time.thread_time() + budget_s
        ascii_only = text.isascii()  # lower-casing a part is the part of the lower-cased only then
        found: dict[_Owner, list[Found]] = {}
        for number in candidates:
            _, owner, run, weak = self._rules[number]
            if web and owner.ignored:
                continue
            asks = weak or (web and owner.by_context)
            if asks and ascii_only and not any(map(lowered.__contains__, owner.context)):
                continue
            spans = run(text, deadline - time.thread_time())
            results = [Found(owner.entity, *span, owner.recognizer.name) for span in spans]
            if results:
                found.setdefault(owner, []).extend(results)
                if web and len(results) > MAX_FOUND:
                    raise OutOfTimeError
        kept: list[Found] = []
        words: Words | None = None
        for owner, results in found.items():
            single = distinct(results)
            if owner.context and (not ascii_only or any(map(lowered.__contains__, owner.context))):
                words = words or Words(text)
                single = _raised(single, words, owner, deadline)
            asks = web and owner.by_context
            kept += [one for one in single if one.score >= owner.threshold and (one.in_context or not asks)]
        return kept

    def explain(self, text: str, budget_s: float) -> Iterator[tuple[str, str, str]]:
        """Yield (recognizer, pattern, what came of it) for each pattern that the gate names."""
        for number in sorted(self.gate.candidates(text)):
            name, owner, run, weak = self._rules[number]
            try:
                spans = list(run(text, budget_s))
            except OutOfTimeError:
                yield owner.recognizer.name, name, "out of time: the whole text counts as personal"
                return
            found = [Found(owner.entity, *span, owner.recognizer.name) for span in spans]
            better = raised(found, Words(text), owner.context, math.inf) if owner.context else found
            enough = [one for one in better if one.score >= owner.threshold]
            match enough:
                case _ if owner.ignored:
                    outcome = "kept by the policy: not looked for"
                case _ if not spans:
                    outcome = "no match, or its check fails"
                case []:
                    outcome = f"score below {owner.threshold:g}" + (", and no context word before it" if weak else "")
                case _ if owner.by_context and not any(one.in_context for one in enough):
                    outcome = "matches; counts with a context word before it only"
                case _:
                    places = ", ".join(f"{one.start}-{one.end} score {one.score:g}" for one in enough)
                    outcome = f"found at {places}"
            yield owner.recognizer.name, name, outcome

    def forget(self) -> None:
        """Drop what is remembered of texts."""
        for phones in self._phones:
            phones.forget()

    def _rules_of(self, owner: _Owner) -> Iterator[tuple[str, _Rule]]:
        """Return the rules of a recognizer, each with the pattern that gates it."""
        recognizer = owner.recognizer
        if isinstance(recognizer, PhoneRecognizer):
            phones = Phones(recognizer.supported_regions, recognizer.leniency)
            self._phones.append(phones)
            yield ANY_DIGIT, _Rule("numbers", owner, _phones_of(phones, recognizer.SCORE), weak=False)
            return
        whole = type(recognizer).analyze is not PatternRecognizer.analyze
        for pattern in recognizer.patterns:
            if whole:
                yield pattern.regex, _Rule(pattern.name, owner, _whole(recognizer), weak=False)
                continue
            weak = pattern.score < owner.threshold and not owner.validates
            if weak and not owner.context:
                continue  # nothing can raise it
            compiled = regex.compile(pattern.regex, recognizer.global_regex_flags)
            yield consuming(pattern.regex), _Rule(pattern.name, owner, _matches(owner, compiled, pattern.score), weak)


def _raised(results: Sequence[Found], words: Words, owner: _Owner, deadline: float) -> list[Found]:
    try:
        return raised(results, words, owner.context, deadline)
    except TimeoutError:
        raise OutOfTimeError from None


def _owner(recognizer: EntityRecognizer, threshold: float, trust: Trust | None) -> _Owner:
    kind, (entity, *_) = type(recognizer), recognizer.supported_entities
    own = recognizer.score_thresholds
    return _Owner(
        recognizer,
        entity,
        tuple(word.lower() for word in recognizer.context or ()),
        own.get(entity, own.get("default", threshold)),
        getattr(kind, "validate_result", None) is not PatternRecognizer.validate_result,
        getattr(kind, "invalidate_result", None) is not PatternRecognizer.invalidate_result,
        trust is not None and trust.by_context(recognizer),
        trust is not None and entity in trust.ignored,
    )


def _refuse(recognizers: Sequence[EntityRecognizer]) -> None:
    usual = EntityRecognizer.enhance_using_context
    wrong = [
        f"{found.name}: only pattern recognizers and PhoneRecognizer run in the fast lane"
        for found in recognizers
        if not isinstance(found, PatternRecognizer | PhoneRecognizer)
        or type(found).enhance_using_context is not usual
    ]
    if wrong:
        raise ConfigError(wrong)


def _matches(
    owner: _Owner, pattern: "regex.Pattern[str]", score: float
) -> Callable[[str, float], Iterator[tuple[int, int, float]]]:
    """Return `PatternRecognizer`'s loop over the matches of a pattern."""
    recognizer, validates, invalidates = owner.recognizer, owner.validates, owner.invalidates

    def run(text: str, seconds: float) -> Iterator[tuple[int, int, float]]:
        if seconds <= 0:
            raise OutOfTimeError
        try:
            deadline = time.thread_time() + seconds
            for match in pattern.finditer(text, timeout=seconds):
                if time.thread_time() > deadline:  # its own clock does not count what is done between matches
                    raise OutOfTimeError
                start, end = match.span()
                if start == end:
                    continue
                try:
                    valid = recognizer.validate_result(match.group()) if validates else None
                    if valid is False or (invalidates and recognizer.invalidate_result(match.group())):
                        continue
                except Exception:  # noqa: BLE001  # some know no digits but ASCII's: what nobody can clear is found
                    valid = True
                yield start, end, EntityRecognizer.MAX_SCORE if valid else score
        except TimeoutError:
            raise OutOfTimeError from None

    return run


def _whole(recognizer: EntityRecognizer) -> Callable[[str, float], Iterator[tuple[int, int, float]]]:
    def run(text: str, _seconds: float) -> Iterator[tuple[int, int, float]]:
        try:
            results = recognizer.analyze(text, recognizer.supported_entities, None)
        except Exception:  # noqa: BLE001  # as in `_matches`: what nobody can clear is found
            yield 0, len(text), EntityRecognizer.MAX_SCORE
            return
        for result in results:
            yield result.start, result.end, result.score

    return run


def _phones_of(phones: Phones, score: float) -> Callable[[str, float], Iterator[tuple[int, int, float]]]:
    def run(text: str, seconds: float) -> Iterator[tuple[int, int, float]]:
        try:
            for start, end in phones.spans(text, seconds):
                yield start, end, score
        except TimeoutError:
            raise OutOfTimeError from None

    return run
