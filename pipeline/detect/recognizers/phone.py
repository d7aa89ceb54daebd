"""Telephone numbers, by Google's libphonenumber: international ones, and North American ones with separators.

A bare run of digits may be anything; it is found as an id.
"""

import phonenumbers

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

PATTERNS = (
    r"(?<![\w+])(?:\+|00)[ ]?[1-9](?:[ ().\/-]{0,2}[0-9]){6,14}(?![0-9])",
    r"(?<![\w+])(?:1[ .-])?\(?[2-9][0-9]{2}(?:\)[ .-]?|[ .-])[2-9][0-9]{2}[ .-][0-9]{4}(?![\w])",
)
_NATIONAL = "US"  # the second pattern's plan (NANP)


def is_phone(text: str) -> bool:
    """Ask whether the plan of its country has such numbers."""
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, _NATIONAL)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and phonenumbers.is_valid_number(number)


RECOGNIZER = Recognizer(Kind.PHONE, "PHONE_NUMBER", PATTERNS, score=0.8, validate=is_phone)
