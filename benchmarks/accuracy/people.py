"""What people type: addresses of `.example` domains, names of nobody in particular."""

from datetime import date, timedelta
from random import Random

FIRST = (
    "Jane",
    "John",
    "Maria",
    "Anna",
    "Peter",
    "Zoë",
    "Jörg",
    "Ines",
    "Omar",
    "Priya",
    "Kenji",
    "Łukasz",
    "Anne-Marie",
)
LAST = ("Doe", "Smith", "Müller", "Rossi", "O'Neil", "Groß-Weber", "García", "Kowalski", "Tanaka", "Nowak", "Okafor")
_ASCII = (
    "jane",
    "john",
    "maria",
    "anna",
    "peter",
    "ines",
    "omar",
    "priya",
    "kenji",
    "smith",
    "doe",
    "rossi",
    "tanaka",
)
_DOMAINS = ("mail.example", "post.example", "shop.example", "students.uni.example", "my-mail.example", "m4.example")
_WIDE_LOCALS = ("jörg", "zoë.müller", "josé_garcía", "łukasz", "用户", "пётр", "françois")
_WIDE_DOMAINS = ("bücher.example", "möbel.example", "例子.example", "почта.example", "mail.example")
_STREETS = ("Main Street", "Oak Avenue", "Hill Road", "Elm Street", "Park Lane", "Mill Road", "High Street")
_STREETS_ABROAD = ("Lange Straße {}", "Bahnhofstraße {}", "{} Rue du Port", "Calle Mayor {}", "{} rue des Écoles")


def email(rng: Random) -> str:
    """Return a plain address."""
    return f"{rng.choice(_ASCII)}{rng.randrange(1, 1000)}@{rng.choice(_DOMAINS)}"


def email_plus(rng: Random) -> str:
    """Return an address with a tag."""
    return f"{rng.choice(_ASCII)}+{rng.choice(('news', 'shop', 'x1', 'a-b'))}@{rng.choice(_DOMAINS)}"


def email_dots(rng: Random) -> str:
    """Return an address with dots, dashes or underscores before the @."""
    first, last = rng.sample(_ASCII, 2)
    return rng.choice(("{}.{}", "{}_{}", "{}-{}", "{}.m.{}")).format(first, last) + f"@{rng.choice(_DOMAINS)}"


def email_international(rng: Random) -> str:
    """Return an address of RFC 6531: letters beyond ASCII before or behind the @, or on both sides."""
    local, domain = rng.choice(_WIDE_LOCALS), rng.choice(_WIDE_DOMAINS)
    if domain.isascii() or rng.random() < 0.5:
        return f"{local}@{domain}"
    return f"{rng.choice(_ASCII)}@{domain}"


def email_idn(rng: Random) -> str:
    """Return an address whose domain is written in punycode."""
    label = rng.choice([domain for domain in _WIDE_DOMAINS if not domain.isascii()]).removesuffix(".example")
    return f"{rng.choice(_ASCII)}.{rng.choice(_ASCII)}@xn--{label.encode('punycode').decode()}.example"


def user_name(rng: Random) -> str:
    """Return a name to log in with."""
    form = rng.choice(("{0}{2}", "{0}.{1}", "{0}_{1}", "{0}-{2}", "{0}"))
    return form.format(rng.choice(_ASCII), rng.choice(_ASCII), rng.randrange(10, 2000))


def first_name(rng: Random) -> str:
    """Return a given name."""
    return rng.choice(FIRST)


def last_name(rng: Random) -> str:
    """Return a family name."""
    return rng.choice(LAST)


def full_name(rng: Random) -> str:
    """Return both."""
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"


def date_of_birth(rng: Random) -> str:
    """Return a day of 1930 to 2010, in one of the usual forms."""
    day = date(1930, 1, 1) + timedelta(days=rng.randrange(29_000))
    return day.strftime(rng.choice(("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d")))


def street(rng: Random) -> str:
    """Return street and number."""
    number = rng.randrange(1, 400)
    if rng.random() < 0.5:
        return f"{number} {rng.choice(_STREETS)}"
    return rng.choice(_STREETS_ABROAD).format(number)


def password(rng: Random) -> str:
    """Return a password of characters that need no encoding anywhere."""
    word = rng.choice(("hunter", "s3cr3t", "Tr0ub4dor", "correct-horse", "letmein", "Sommer"))
    return f"{word}{rng.choice(('', '!', '$', '*', '_'))}{rng.randrange(1, 100)}"
