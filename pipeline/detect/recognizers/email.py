"""E-mail addresses, international ones too (RFC 5321: local part up to 64, label up to 63 characters)."""

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

PATTERNS = (r"[\w.!#$%&'*+=?^`{|}~-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}",)

RECOGNIZER = Recognizer(Kind.EMAIL, "EMAIL_ADDRESS", PATTERNS, score=1.0)
