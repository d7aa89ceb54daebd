"""value -> the one form of it that a token is made of, so that one person's value is one token however it is written.

The forms are for tokens only: nobody is written to at a normalized address.
"""

import unicodedata

import phonenumbers

_DOTS_DO_NOT_COUNT = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}  # Google's help, "Dots don't matter"
_LONGEST_LABEL = 63  # RFC 1035, 2.3.4


def normalized(entity: str, value: str) -> str:
    """Return the normal form of a value of an entity; total."""
    folded = unicodedata.normalize("NFKC", value).casefold().strip()
    match entity:
        case "EMAIL_ADDRESS":
            return _email(folded)
        case "PHONE_NUMBER":
            return _phone(folded)
        case _:
            return folded


def _email(folded: str) -> str:
    """Compare without case (as mail providers do), the domain as it is registered (RFC 5891, IDNA)."""
    local, _, domain = folded.rpartition("@")
    labels = [_label(label) for label in domain.rstrip(".").split(".")]
    domain = ".".join(labels)
    if domain in _DOTS_DO_NOT_COUNT:
        local = local.partition("+")[0].replace(".", "")
        domain = _DOTS_DO_NOT_COUNT[domain]
    return f"{local}@{domain}"


def _label(label: str) -> str:
    if label.isascii() or len(label) > _LONGEST_LABEL:  # the encoding is quadratic in the length
        return label
    try:
        return "xn--" + label.encode("punycode").decode()
    except UnicodeError:
        return label


def _phone(folded: str) -> str:
    """Return E.164 (ITU-T) where the country is known, else the digits."""
    text = "+" + folded[2:] if folded.startswith("00") else folded
    try:
        number = phonenumbers.parse(text, "US" if not text.startswith("+") else None)
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, folded))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
