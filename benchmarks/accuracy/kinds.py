"""The kinds of personal data: entity names that are right for each, the usual labels, and how a value is drawn.

Which names are right: Presidio's where it has one. A random identifier is right under every name of an identifier
(a UUID says not whether it is a device or a session); a date of birth is not right as DATE_TIME, nor an IMEI as a
card: what is done with these differs.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from . import machines, numbers, people


class Kind(NamedTuple):
    """One kind of personal data."""

    name: str
    draw: Callable[[Random], str]
    entities: frozenset[str]
    labels: tuple[str, ...]
    alone: bool = False  # its form tells, without a label
    folder: str = ""  # the segment before it in paths, where sites have it there
    prefix: str = ""  # what always stands before it


def _kind(draw: Callable[[Random], str], entities: str, labels: str, folder: str = "", **form: Any) -> Kind:
    return Kind(draw.__name__, draw, frozenset(entities.split()), tuple(labels.split()), folder=folder, **form)


_MAIL, _PHONE, _RANDOM = "EMAIL_ADDRESS", "PHONE_NUMBER", "TOKEN UUID ID DEVICE_ID"
_MAILS, _PHONES, _SESSIONS = "email user_email to", "phone tel mobile_number", "session_id sid PHPSESSID"
_DEVICES = "DEVICE_ID ADVERTISING_ID UUID TOKEN"

KINDS = (
    _kind(people.email, _MAIL, _MAILS, "reset", alone=True),
    _kind(people.email_plus, _MAIL, _MAILS, "reset", alone=True),
    _kind(people.email_dots, _MAIL, _MAILS, "reset", alone=True),
    _kind(people.email_international, _MAIL, _MAILS, "reset", alone=True),
    _kind(people.email_idn, _MAIL, _MAILS, "reset", alone=True),
    _kind(numbers.phone_e164, _PHONE, _PHONES, "call", alone=True),
    _kind(numbers.phone_grouped, _PHONE, _PHONES, alone=True),
    _kind(numbers.phone_american, _PHONE, _PHONES, "call", alone=True),
    _kind(numbers.phone_digits, _PHONE, _PHONES, "phone"),
    _kind(people.user_name, "USER_NAME", "user username login", "home"),
    _kind(people.first_name, "PERSON", "first_name fname firstName"),
    _kind(people.last_name, "PERSON", "last_name lname surname"),
    _kind(people.full_name, "PERSON", "full_name customer_name fullName"),
    _kind(people.date_of_birth, "DATE_OF_BIRTH", "dob birthdate date_of_birth"),
    _kind(people.street, "STREET_ADDRESS LOCATION", "street address address1"),
    _kind(people.password, "PASSWORD", "password pwd passwd"),
    _kind(numbers.numeric_id, "ID USER_ID", "user_id customer_id account", "orders"),
    _kind(numbers.mixed_id, "ID USER_ID", "customer_id order_id invoice", "orders"),
    _kind(numbers.coordinates, "LOCATION", "ll geo coords", "weather", alone=True),
    _kind(numbers.latitude, "LOCATION", "lat latitude"),
    _kind(numbers.card, "CREDIT_CARD", "card card_number pan", "cards", alone=True),
    _kind(numbers.card_grouped, "CREDIT_CARD", "card card_number pan", "cards", alone=True),
    _kind(numbers.iban, "IBAN_CODE", "iban account_number", "iban", alone=True),
    _kind(numbers.iban_grouped, "IBAN_CODE", "iban account_number", alone=True),
    _kind(numbers.ssn, "US_SSN NATIONAL_ID", "ssn social_security_number", "person", alone=True),
    _kind(machines.ipv4, "IP_ADDRESS", "ip client_ip remote_addr", "whois", alone=True),
    _kind(machines.ipv6, "IP_ADDRESS", "ip client_ip remote_addr", "whois", alone=True),
    _kind(machines.ipv6_mapped, "IP_ADDRESS", "ip client_ip remote_addr", "whois", alone=True),
    _kind(machines.mac, "MAC_ADDRESS", "mac mac_address bssid", "device", alone=True),
    _kind(numbers.imei, "DEVICE_ID", "imei", "imei"),
    _kind(machines.uuid, _RANDOM, "id device_id visitor", "doc", alone=True),
    _kind(machines.uuid_upper, _DEVICES, "idfa gaid advertising_id"),
    _kind(machines.session_hex, "TOKEN ID", _SESSIONS, "session", alone=True),
    _kind(machines.session, "TOKEN ID", _SESSIONS),
    _kind(machines.reset_token, "TOKEN", "reset_token token confirmation_token", "reset"),
    _kind(machines.jwt, "TOKEN", "id_token token jwt", "verify", alone=True),
    _kind(machines.api_key, "TOKEN", "api_key key apikey", "hooks", alone=True),
    _kind(machines.basic_auth, "PASSWORD TOKEN", "authorization", prefix="Basic "),
    _kind(machines.gclid, "ADVERTISING_ID", "gclid"),
    _kind(machines.fbclid, "ADVERTISING_ID", "fbclid"),
    _kind(machines.mc_eid, "ADVERTISING_ID", "mc_eid"),
    _kind(machines.ga_client, "GA_CLIENT_ID ADVERTISING_ID", "_ga _gid", prefix="GA1.2."),
)
EMAILS = frozenset(kind.name for kind in KINDS if _MAIL in kind.entities)
PHONES = frozenset(kind.name for kind in KINDS if _PHONE in kind.entities)
TYPED = (
    EMAILS
    | PHONES
    | {
        *("user_name", "first_name", "last_name", "full_name", "date_of_birth", "street", "password", "numeric_id"),
        *("mixed_id", "card", "card_grouped", "iban", "iban_grouped", "ssn"),
    }
)
"""Kinds that people type or paste themselves."""
