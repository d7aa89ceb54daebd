"""Why a record was not turned into an event: constant words, listed in docs/reference/quarantine.md."""

from enum import StrEnum
from typing import Self


class Reason(StrEnum):
    """Reasons of `sanitize`. Never made from the data, so they may stand in metrics, logs and topics."""

    def __new__(cls, word: str, _doc: str) -> Self:
        """Make a member of its word; the sentence beside it becomes its docstring."""
        member = str.__new__(cls, word)
        member._value_ = word
        return member

    def __init__(self, _word: str, doc: str) -> None:
        self.__doc__ = doc

    EMPTY = "empty", "The record has no value, or only white space."
    TOO_LONG = "too-long", "The line is longer than 64 KB (a JSON envelope: 256 KB)."
    BAD_JSON = "bad-json", "The value begins like JSON but is not an object with a text in `message`."
    NOT_A_LOG_LINE = "not-a-log-line", "Neither the common nor the combined log format."
    BAD_ADDRESS = "bad-address", "The client's address is no IPv4 or IPv6 address."
    BAD_TIME = "bad-time", "The time is not one that a calendar and a clock know."
    FUTURE = "future", "The event is later than its append time by more than the policy allows."
    BAD_CONTROL = (
        "bad-control",
        "An end-of-input record whose time is no number of milliseconds, or a header whose name is no UTF-8.",
    )
    UNKNOWN_SITE = "unknown-site", "The record's site is not declared in the policy: denied, nothing is kept."
