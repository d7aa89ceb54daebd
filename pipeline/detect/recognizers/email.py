r"""E-mail addresses, international ones too (RFC 5321: local part up to 64, label up to 63 characters).

The classes name what is excluded, in ASCII: `\w` would depend on a Unicode version, and Hyperscan's is older
than Python's (it knows no U+16FE0), so that the gate would miss addresses.
"""

from pipeline.detect.finding import Kind
from pipeline.detect.recognizer import Recognizer

_LOCAL = r"[^\x00-\x20\"(),/:;<>@\[\\\]\x7f]"
_LABEL = r"[^\x00-,./:-@\[-`{-\x7f]"
PATTERNS = (rf"{_LOCAL}{{1,64}}@(?:{_LABEL}{{1,63}}\.){{1,8}}{_LABEL}{{2,63}}",)

RECOGNIZER = Recognizer(Kind.EMAIL, "EMAIL_ADDRESS", PATTERNS, score=1.0)
