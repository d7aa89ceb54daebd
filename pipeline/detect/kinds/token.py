"""Secrets and random identifiers: JSON web tokens, UUIDs, long hexadecimal, providers' keys, labelled ones."""

from typing import ClassVar

from presidio_analyzer import Pattern

from pipeline.detect.labels import labelled
from pipeline.detect.web import WebRecognizer

_ALONE, _END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
_FILE = "m?js|css|map|pdf|html?|png|jpe?g|gif|webp|svg|ico|avif|woff2?|ttf|mp4"
_NO_FILE = rf"(?!(?:[._-][A-Za-z0-9]{{1,12}}){{0,2}}\.(?:{_FILE})(?![A-Za-z0-9]))"
_PROVIDERS = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}",  # AWS access key
    r"gh[pousr]_[0-9A-Za-z]{20,255}|github_pat_[0-9A-Za-z_]{22,255}|glpat-[0-9A-Za-z_-]{20,64}",
    r"xox[abeoprs]-[0-9A-Za-z-]{10,255}|xapp-[0-9A-Za-z-]{10,255}",  # Slack
    r"(?:sk|pk|rk)_(?:live|test)_[0-9A-Za-z]{10,255}|whsec_[0-9A-Za-z]{20,64}",  # Stripe
    r"AIza[0-9A-Za-z_-]{35}|ya29\.[0-9A-Za-z_-]{20,512}",  # Google
    r"SG\.[0-9A-Za-z_-]{16,32}\.[0-9A-Za-z_-]{32,64}|key-[0-9a-f]{32}",  # SendGrid, Mailgun
    r"(?:SK|AC)[0-9a-f]{32}|npm_[0-9A-Za-z]{36}",  # Twilio, npm
    r"sk-(?:proj-|ant-|svcacct-)?(?=[A-Za-z_-]{0,64}[0-9])[0-9A-Za-z_-]{20,255}",  # OpenAI, Anthropic
    r"[0-9]{8,10}:AA[0-9A-Za-z_-]{33}",  # Telegram
)
_STRONG = (
    "(?:access|refresh|id|auth|api|bearer|session|remember|reset|verification|confirmation|invite|unsubscribe|push|csrf|"
    "xsrf|authenticity|device|login|form|request|crumb)?_token|api_?key|(?:client|app|shared|consumer)?_secret|"
    "(?:access|auth|private|consumer|secret|subscription)_key|jwt|x-amz-signature|bearer|authorization|signature|sig|hmac|nonce|csrf|xsrf|"
    "PHPSESSID|JSESSIONID|ASP\\.NET_SessionId|connect\\.sid|sid|session(?:_id)?|sess(?:_id)?|laravel_session|_?csrf|"
    "wordpress_logged_in_[0-9a-f]{32}|ASPSESSIONID[A-Z]{8}|CFTOKEN|auth|ticket_granting"
)
_WEAK = "code|state|key|hash|otp|pass_code|magic|(?:code_)?verifier|code_challenge|x-amz-credential"
_STEPS = (
    "(?:password_)?reset|reset_password|verify|verification|confirm|confirmation|token|invite|invitation|activate|"
    "unsubscribe|magic|share"
)
_VALUE = r"[A-Za-z0-9._~+/=:|-]"  # decoded: a percent sign would take the next parameter along
_STOP = r"(?![^\s&;,\"'<>)\]}\\])"
_DIGIT, _LETTER = r"(?=[A-Za-z._~+/=:|-]{0,64}[0-9])", r"(?=[0-9._~+/=:|-]{0,64}[A-Za-z])"
_LOWER, _UPPER = r"(?=[0-9A-Z._~+/=:|-]{0,64}[a-z])", r"(?=[0-9a-z._~+/=:|-]{0,64}[A-Z])"


class WebTokenRecognizer(WebRecognizer):
    """Finds tokens by their form where it tells, else under a label; the hash in a file's name is none."""

    ENTITY: ClassVar = "TOKEN"
    PATTERNS: ClassVar = (
        Pattern(
            "JWT",
            r"(?<![A-Za-z0-9_-])(?-i:eyJ[A-Za-z0-9_-]{5,4096}\.[A-Za-z0-9_-]{5,4096}(?:\.[A-Za-z0-9_-]{0,4096}){0,3})",
            0.95,
        ),
        Pattern("provider", rf"{_ALONE}(?-i:{'|'.join(_PROVIDERS)}){_END}", 0.95),
        Pattern(
            "PEM",
            r"(?-i:-----BEGIN [A-Z ]{0,24}PRIVATE KEY-----[A-Za-z0-9+/=\s\\]{0,4096}(?:-----END [A-Z ]{1,36}-----)?)",
            0.95,
        ),
        Pattern("UUID", rf"{_ALONE}[0-9a-f]{{8}}-(?:[0-9a-f]{{4}}-){{3}}[0-9a-f]{{12}}{_END}{_NO_FILE}", 0.7),
        Pattern(
            "hexadecimal",
            rf"{_ALONE}(?=[0-9]{{0,64}}[a-f])(?=[a-f]{{0,64}}[0-9])[0-9a-f]{{16,256}}{_END}{_NO_FILE}",
            0.6,
        ),
        Pattern(
            "mixed",
            rf"(?<![A-Za-z0-9_+-])(?-i:(?=[0-9a-z]{{0,40}}[A-Z])(?=[0-9A-Z]{{0,40}}[a-z]))"
            rf"(?=[A-Za-z]{{0,40}}[0-9]{{1,9}}[A-Za-z]{{1,40}}[0-9])[A-Za-z0-9]{{24,256}}(?![A-Za-z0-9_-]){_NO_FILE}",
            0.5,
        ),
        Pattern(
            "labelled",
            rf"{labelled(_STRONG)}(?:{_DIGIT}{_VALUE}{{6,900}}|{_VALUE}{{20,900}}){_STOP}",
            0.8,
        ),
        Pattern(
            "code",
            rf"{labelled(_WEAK)}{_DIGIT}(?:(?-i:{_LOWER}{_UPPER}){_VALUE}{{10,900}}|{_LETTER}[A-Za-z0-9]{{20,900}}){_STOP}",
            0.6,
        ),
        Pattern(
            "step",
            rf"(?<=/(?:{_STEPS.replace('_', '[_-]?')})/)(?=[A-Za-z_~=-]{{0,40}}[0-9])(?=[0-9_~=-]{{0,40}}[A-Za-z])"
            r"[A-Za-z0-9_~=-]{10,255}(?![A-Za-z0-9_.@-])",
            0.7,
        ),
        Pattern("bearer", r"(?<=(?:^|[^A-Za-z])Bearer )[A-Za-z0-9._~+/-]{12,900}={0,2}", 0.9),
    )
    SOURCE: ClassVar = (
        "RFC 7519 (JWT), RFC 9562 (UUID), RFC 6750 (Bearer), RFC 7468 (PEM); the providers' documentation"
    )
    EXAMPLES: ClassVar = (
        (
            "/cb?id_token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P&x=1",
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",),
        ),
        ("/doc/550e8400-e29b-41d4-a716-446655440000/edit", ("550e8400-e29b-41d4-a716-446655440000",)),
        ("/x/d41d8cd98f00b204e9800998ecf8427e", ("d41d8cd98f00b204e9800998ecf8427e",)),
        ("q=AKIAIOSFODNN7EXAMPLE", ("AKIAIOSFODNN7EXAMPLE",)),
        ('{"api_key": "s3cr3t-value", "a": 1}', ("s3cr3t-value",)),
        ("c=1; PHPSESSID=el4ukv0kqbvoirg7nkp4dncpk3; d", ("el4ukv0kqbvoirg7nkp4dncpk3",)),
        ("connect.sid=s:abc123DEF.sig/na+ture=; d", ("s:abc123DEF.sig/na+ture=",)),
        ("/account/reset/a8Kd92mQx1Zp?x=1", ("a8Kd92mQx1Zp",)),
        ("/cb#access_token=abc123.def&state=xyz", ("abc123.def",)),
        ("Authorization: Bearer abcDEF123456.xyz", ("abcDEF123456.xyz",)),
        ("/cb?code=4_0AX4XfWgXXXXXX&scope=a", ("4_0AX4XfWgXXXXXX",)),
        ("/f/aGVsbG8gd29ybGQgMTIzNDU2", ("aGVsbG8gd29ybGQgMTIzNDU2",)),
    )
    NEAR_MISSES: ClassVar = (
        "/static/main.d41d8cd98f00b204e980.css",
        "/static/d41d8cd98f00b204e9800998ecf8427e.min.js",
        "code=200",
        "state=California",
        "token=null",
        "key=blue-shirt-2024",
        "installing-windows-preview-in-a-virtual-machine",
        "/verify/",
        "ts=1612345678901234",
        "/reset/password",
        "sk-learn-documentation-of-pipelines",
        "InternationalizationOfApplications2024",
    )
