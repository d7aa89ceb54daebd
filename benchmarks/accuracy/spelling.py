"""Spellings: text -> the same text in other characters, each character by itself."""

import json
import quopri
from collections.abc import Callable
from html.entities import codepoint2name
from urllib.parse import quote, quote_plus

_NAMED = "@commat .period +plus _lowbar :colon /sol ,comma (lpar )rpar 'apos !excl $dollar *ast =equals"
_SIGNS = {word[0]: word[1:] for word in _NAMED.split()}
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


def percent_all(text: str) -> str:
    """Write every byte as %XX."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def percent(text: str) -> str:
    """Write what is reserved or beyond ASCII as %XX (RFC 3986, section 2)."""
    return quote(text, safe="")


def percent_lower(text: str) -> str:
    """Write the same with small digits."""
    return "".join(quoted.lower() if len(quoted := quote(sign, safe="")) > 1 else quoted for sign in text)


def form(text: str) -> str:
    """Write as a browser's form does: blanks as +."""
    return quote_plus(text)


def percent_u(text: str) -> str:
    """Write what is no letter or digit as %u0040, which some servers read."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"%u{ord(sign):04X}" for sign in text)


def html_named(text: str) -> str:
    """Write signs and letters with accents by their names in HTML."""
    names = (_SIGNS.get(sign) or codepoint2name.get(ord(sign)) for sign in text)
    return "".join(f"&{name};" if name else sign for name, sign in zip(names, text, strict=True))


def html_decimal(text: str) -> str:
    """Write every character as &#64;."""
    return "".join(f"&#{ord(sign)};" for sign in text)


def html_hex(text: str) -> str:
    """Write every character as &#x40;."""
    return "".join(f"&#x{ord(sign):x};" for sign in text)


def html_bare(text: str) -> str:
    """Write every character as &#64, which browsers read, too."""
    return "".join(f"&#{ord(sign)}" for sign in text)


def unicode_lower(text: str) -> str:
    r"""Write every character as \\u006a."""
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def unicode_upper(text: str) -> str:
    r"""Write every character as \\u006A."""
    return "".join(f"\\u{ord(sign):04X}" for sign in text)


def hex_bytes(text: str) -> str:
    r"""Write every byte as \\x6a, as access logs write those that are not printable."""
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def json_string(text: str) -> str:
    """Write as the inside of a JSON string."""
    return json.dumps(text)[1:-1]


def quoted_printable(text: str) -> str:
    """Write what is no letter or digit as =40 (RFC 2045, section 6.7)."""
    return "".join(sign if sign == " " or (sign.isascii() and sign.isalnum()) else _quoted(sign) for sign in text)


def encoded_word(text: str) -> str:
    """Write the same with _ for a blank (RFC 2047, section 4.2)."""
    return quoted_printable(text).replace(" ", "_")


def _quoted(sign: str) -> str:
    usual = quopri.encodestring(sign.encode(), quotetabs=True).decode()
    return usual if usual != sign else f"={ord(sign):02X}"


def full_width(text: str) -> str:
    """Write every character of ASCII in its full width."""
    return text.translate(_FULL_WIDTH)


def full_width_signs(text: str) -> str:
    """Write @ and . in full width."""
    return text.translate({ord(sign): _FULL_WIDTH[ord(sign)] for sign in "@."})


def homoglyph_dots(text: str) -> str:
    """Write the ideographic full stop for the dot, as browsers accept it in domains (RFC 3490, section 3.1)."""
    return text.replace(".", "\N{IDEOGRAPHIC FULL STOP}")


def zero_width(text: str) -> str:
    """Hide a zero-width space in the middle, as pasted texts have it."""
    return f"{text[: len(text) // 2]}\N{ZERO WIDTH SPACE}{text[len(text) // 2 :]}"


def punycode(text: str) -> str:
    """Write the labels of the domain that are beyond ASCII in punycode (RFC 3492)."""
    local, _, domain = text.partition("@")
    labels = (one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in domain.split("."))
    return f"{local}@{'.'.join(labels)}"


def at_dot(text: str) -> str:
    """Write (at) and (dot)."""
    local, _, domain = text.partition("@")
    return f"{local} (at) {domain.replace('.', ' (dot) ')}"


def at_dot_brackets(text: str) -> str:
    """Write [at] and [dot]."""
    return text.replace("@", "[at]").replace(".", "[dot]")


def twice(first: Callable[[str], str], second: Callable[[str], str]) -> Callable[[str], str]:
    """Spell what the first one spelled."""
    return lambda text: second(first(text))
