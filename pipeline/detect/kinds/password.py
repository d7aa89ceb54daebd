"""Passwords: under a label, in the userinfo of a URL, in the Authorization header of HTTP Basic."""

from base64 import b64decode
from binascii import Error
from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import NO_VALUE, labelled
from pipeline.detect.web import WebRecognizer

_NAMES = (
    r"(?:pass_?word|passwd|passwort|pw|pwd|pass|psw|pass_?phrase|mot_de_passe|mdp|contrase[nñ]a|senha|clave|wachtwoord|"
    r"has[lł]o|kennwort|parola)(?:_?(?:confirmation|confirm|again|repeat|hash|old|new))?"
)


class WebPasswordRecognizer(WebRecognizer):
    """Finds whatever stands under the label, up to what ends a parameter, a cookie or a string."""

    ENTITY: ClassVar = "PASSWORD"
    PATTERNS: ClassVar = (
        Pattern("quoted", rf"{labelled(_NAMES)}(?<=\")[^\"\\\x00-\x1f]{{1,128}}", 0.9),
        Pattern("labelled", rf"{labelled(_NAMES)}(?<!\")[^\s&;\"'<>{{\[(]{{3,128}}", 0.8),
        Pattern("URL", r"(?<=://[^\s/:?#]{1,64}:)[^\s/@?#]{1,64}(?=@[A-Za-z0-9\[])", 0.9),
    )
    SOURCE: ClassVar = "RFC 3986, section 3.2.1 (userinfo); WHATWG HTML, autofill (current-password, new-password)"
    EXAMPLES: ClassVar = (
        ("/login?user=j&password=hunter2&x=1", ("hunter2",)),
        ('{"password": "h&nt;r 2", "a": 1}', ("h&nt;r 2",)),
        ("c=1; pwd=s3cr3t!; d", ("s3cr3t!",)),
        ("https://jane:s3cr3t@shop.example/", ("s3cr3t",)),
        ("user[newPassword]=abc$1", ("abc$1",)),
        ("GET /login?pw=hunter2 HTTP/1.1", ("hunter2",)),
    )
    NEAR_MISSES: ClassVar = (
        "/password/reset",
        "password=",
        '{"password": null}',
        "action=password",
        "bypass=hunter2",
        "https://shop.example:8080/x",
        "password: required",
        "compass=north",
    )

    def validate_result(self, pattern_text: str) -> bool | None:
        """Drop what a switch says."""
        return False if pattern_text.lower().rstrip(",}") in NO_VALUE else None


class WebBasicCredentialsRecognizer(WebRecognizer):
    """Finds user and password of HTTP Basic, which are only encoded."""

    ENTITY: ClassVar = "PASSWORD"
    PATTERNS: ClassVar = (Pattern("Basic", r"(?<=(?:^|[^A-Za-z])Basic )[A-Za-z0-9+/]{4,256}={0,2}", 0.5),)
    SOURCE: ClassVar = "RFC 7617"
    EXAMPLES: ClassVar = (
        ("Authorization: Basic amFuZTpzM2NyM3Q=", ("amFuZTpzM2NyM3Q=",)),
        ('{"authorization":"Basic YTpi"}', ("YTpi",)),
        ("authorization=Basic amFuZTpodW50ZXIy&x=1", ("amFuZTpodW50ZXIy",)),
        ("c=1; a=basic amFuZTpzM2NyM3Q=; d", ("amFuZTpzM2NyM3Q=",)),
        ("/x/Basic amFuZTpzM2NyM3Q=", ("amFuZTpzM2NyM3Q=",)),
    )
    NEAR_MISSES: ClassVar = ("Basic training", "basic information", "Visual Basic amFuZQ==", "Basic ", "BasicYTpi")

    def validate_result(self, pattern_text: str) -> bool | None:
        """Look for the colon between user and password."""
        try:
            return b":" in b64decode(pattern_text + "=" * (-len(pattern_text) % 4), validate=True)
        except Error:
            return False
