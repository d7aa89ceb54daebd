"""Payment card numbers: 13 to 19 digits of a payment industry's range, with check digit (ISO/IEC 7812-1)."""

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

PATTERNS = (r"(?<![0-9])[2-6](?:[ +._-]?[0-9]){12,18}(?![0-9])",)


def luhn(text: str) -> bool:
    """Check the last digit (ISO/IEC 7812-1, annex B); separators do not count."""
    digits = [int(character) for character in text if character.isdecimal()]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


RECOGNIZER = Recognizer(Kind.CARD, "CREDIT_CARD", PATTERNS, score=1.0, validate=luhn)
