"""Numbers that stand alone, of any length: an account, an order, a year. In a path none of them is needed."""

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

PATTERNS = (r"(?<![^\W_])[0-9]{1,64}(?![^\W_])",)

RECOGNIZER = Recognizer(Kind.ID, "ID", PATTERNS, score=0.3)
