"""E-mail addresses, international and IDN ones too; in a query string without the parameter's name."""

import re
from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.web import WebRecognizer

# No part of an address, though beyond ASCII: C1 controls, quotation marks, general and CJK punctuation.
_PUNCTUATION = "\u0080-\u00a0\u00ab\u00bb\u2000-\u206f\u3000-\u303f\uff00-\uff0f\uff1a-\uff20"
_LOCAL = r"[^\x00-\x20\"#%&(),/:-@\[-\]{-}\x7f" + _PUNCTUATION + "]"  # RFC 5322 atext less what delimits in URLs
_FIRST = r"[^\x00-/:-@\[-^`{-\x7f" + _PUNCTUATION + "]"
_DOMAIN = r"[^\x00-,/:-@\[-`{-\x7f]"
_LETTER = r"[^\x00-@\[-`{-\x7f" + _PUNCTUATION + "]"
_FILE = r"(?:png|jpe?g|gif|webp|svg|avif|bmp|ico|css|m?js|json|html?|php|woff2?|ttf|map|min|pdf|txt|xml|csv)"
_NOT_A_HOST = re.compile(r"@(?:[0-9]+x\.|(?:[0-9]+\.){2}|.*\.\.)").search  # logo@2x.old, package@1.2.beta, a@b...c


class WebEmailRecognizer(WebRecognizer):
    """Finds addresses at any domain, reserved ones (`.example`) too: a list of public suffixes would lose them."""

    ENTITY: ClassVar = "EMAIL_ADDRESS"
    PATTERNS: ClassVar = (
        Pattern(
            "address",  # the look-ahead says which characters: Hyperscan drops it, and needs seconds for it elsewhere
            rf"(?<!{_FIRST})(?<!://[^\s/:?#]{{1,64}}:[^\s/:@?#]{{0,64}}){_FIRST}(?={_LOCAL}{{0,63}}@)[^@]{{0,63}}@"
            rf"(?!\.){_DOMAIN}{{1,190}}\."
            rf"(?:xn--[a-z0-9-]{{1,59}}|(?!{_FILE}(?![A-Za-z0-9-])){_LETTER}{{2,24}})(?![A-Za-z0-9])",
            0.95,
        ),
    )
    SOURCE: ClassVar = "RFC 5321, section 4.5.3.1 (lengths); RFC 6531 (international); RFC 3986 (delimiters)"
    EXAMPLES: ClassVar = (
        ("/u?email=jane.doe@mail.example", ("jane.doe@mail.example",)),
        ("GET /u?email=jane.doe@mail.example HTTP/1.1", ("jane.doe@mail.example",)),
        ("a=1&email=jane+tag@sub.mail.example&b=2", ("jane+tag@sub.mail.example",)),
        ("path=/reset/jane@mail.example", ("jane@mail.example",)),
        ("/export/jane@mail.example.csv", ("jane@mail.example",)),
        ("mailto:jane@mail.example?subject=x", ("jane@mail.example",)),
        ("Jane <jane@mail.example>, joe@mail.test.", ("jane@mail.example", "joe@mail.test")),
        ('{"email":"jane_d@mail.example"}', ("jane_d@mail.example",)),
        ("c=1; login='o'neil@mail.invalid'; d", ("o'neil@mail.invalid",)),
        ("shop.example/u?email=jane@mail.example#top", ("jane@mail.example",)),
        ("https://shop.example:8443/?m=jane@mail.example", ("jane@mail.example",)),
        ("https://jane@mail.example:secret@shop.example/", ("jane@mail.example",)),
        ("to=jané@möbel.example", ("jané@möbel.example",)),
        ("メール\uff1a用户@例子.测试", ("用户@例子.测试",)),  # a full-width colon
        ("x=jane@xn--mbel-5qa.xn--p1ai", ("jane@xn--mbel-5qa.xn--p1ai",)),
        ("q=how+to+reach+jane@mail.example", ("how+to+reach+jane@mail.example",)),  # tag or blank: nobody can tell
    )
    NEAR_MISSES: ClassVar = (
        "/img/logo@2x.png",
        "/img/logo@2x.min.webp",
        "/img/logo@2x.old",
        "/compare/v1@a...main",
        "/npm/pkg@1.2.3/dist/",
        "/npm/@scope/pkg@1.2.3-rc.min.js",
        "ssh jane@host",
        "@mail.example",
        "https://jane:secret@shop.example/",
        "/@48.8584,2.2945,17z",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop scaled images and versions of packages."""
        return False if _NOT_A_HOST(pattern_text) else None
