"""Names people log in with: under a label, as a home folder, before the password of a URL."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import NO_VALUE, labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    "user(?:_name)?|login(?:_(?:name|id))?|uname|usr|uid|user_login|user_id|log_name|logon",
    "screen_name|nick(?:_name)?|handle|(?:member|remote|auth|display)_(?:user|name)",
    "benutzer(?:_name)?|utilisateur|usuario|utente|gebruikers_naam",
)
_INNER = r"[^\x00-,/:-@\[-^`{-\x7f]"  # letters of any script, digits, `.`, `_`, `-`
_OUTER = r"[^\x00-/:-@\[-^`{-\x7f]"
_END = r"(?![A-Za-z0-9_-])"
_FILE = "(?:html?|php[0-9]?|aspx?|jsp|cgi|xml|json|txt|pdf|png|jpe?g|gif|svg|ico|css|m?js|zip)"
_PAGES = "about account cart contact default help index login news page pages products search shared"
_FOLDERS = frozenset(_PAGES.split())


class WebUserNameRecognizer(WebRecognizer):
    """Finds user names with at least one letter; a number is an ID."""

    ENTITY: ClassVar = "USER_NAME"
    PATTERNS: ClassVar = (
        Pattern(
            "labelled",
            labelled(*_NAMES)
            + r"(?=[0-9]{0,16}[^\x00-@\[-^`{-\x7f])(?![^\s&;,\"'@/]{1,64}@)"
            + rf"{_OUTER}{_INNER}{{0,62}}{_OUTER}{_END}",
            0.7,
        ),
        Pattern("home folder", rf"(?<=/home/|(?-i:[/\\]Users[/\\]))[a-z_][a-z0-9_-]{{1,31}}{_END}(?!\.[a-z])", 0.6),
        Pattern(
            "home folder, dotted",
            rf"(?<=/home/|(?-i:[/\\]Users[/\\]))[a-z_][a-z0-9_-]{{0,20}}\.(?!{_FILE}(?![a-z0-9]))[a-z0-9_-]{{1,20}}"
            r"(?![A-Za-z0-9_.-])",
            0.6,
        ),
        Pattern("web folder", rf"(?<=/~)[a-z_][a-z0-9_.-]{{0,30}}[a-z0-9_]{_END}", 0.7),
        Pattern("URL", r"(?<=://)[^\s/:@?#]{1,64}(?=:[^\s/@?#]{1,64}@)", 0.8),
    )
    SOURCE: ClassVar = "RFC 3986, section 3.2.1 (userinfo); useradd(8) (characters); Apache mod_userdir (/~name)"
    EXAMPLES: ClassVar = (
        ("/login?user=jdoe&x=1", ("jdoe",)),
        ('{"username": "jane.doe"}', ("jane.doe",)),
        ("c=1; login_name=jdoe42; d", ("jdoe42",)),
        ("userName=jané", ("jané",)),
        ("file=/home/jdoe/cv.pdf", ("jdoe",)),
        ("file=/home/jane.doe/cv.pdf", ("jane.doe",)),
        ("file:///Users/jdoe/cv.pdf", ("jdoe",)),
        (r"C:\Users\jdoe\cv.pdf", ("jdoe",)),
        ("https://shop.example/~jdoe/", ("jdoe",)),
        ("https://jdoe:secret@shop.example/", ("jdoe",)),
        ("uid=jdoe", ("jdoe",)),
    )
    NEAR_MISSES: ClassVar = (
        "uid=12345",
        "user=null",
        "user=jane@mail.example",
        "/home/index.html",
        "/home/products/1",
        "/users/sign_in",
        "/user/list",
        "user-agent: Mozilla",
        "https://shop.example:8080/a@b",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop what a switch says, what every site's `/home/` holds, and numbers in digits of other scripts."""
        wrong = pattern_text.lower() in NO_VALUE | _FOLDERS or not any(map(str.isalpha, pattern_text))
        return False if wrong else None
