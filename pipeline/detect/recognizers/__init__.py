"""One kind of personal data a file; adding a kind is adding a file, a test file and a line here."""

from pipeline.detect.recognizers import card, email, identifier, phone, token

RECOGNIZERS = (email.RECOGNIZER, card.RECOGNIZER, phone.RECOGNIZER, token.RECOGNIZER, identifier.RECOGNIZER)

__all__ = ["RECOGNIZERS"]
