"""Trying again: what may be asked once more, and what ends the process."""

import pytest
from confluent_kafka import KafkaError, KafkaException
from structlog.testing import capture_logs

from pipeline.errors import TransientError
from pipeline.kafka.patience import AWAY, again, wait_for


class Away:
    """A broker that answers after some calls."""

    def __init__(self, code: int, failures: int) -> None:
        self.code = code
        self.failures = failures

    def __call__(self, question: str) -> str:
        if self.failures:
            self.failures -= 1
            raise KafkaException(KafkaError(self.code))
        return question


@pytest.mark.parametrize("code", sorted(AWAY))
def test_a_broker_that_is_away_is_asked_again_outside_of_transactions(code):
    """A worker that is assigned partitions while the broker dies must not die with it."""
    turns = []
    answer = again(Away(code, 2), "offsets?", turn=lambda: turns.append(1), also=AWAY)
    assert (answer, len(turns)) == ("offsets?", 3)


@pytest.mark.parametrize("code", sorted(AWAY))
def test_in_a_transaction_only_what_calls_itself_retriable_is_tried_again(code):
    """A loop around anything else would wind the watchdog for ever."""
    with pytest.raises(KafkaException):
        again(Away(code, 1), "", turn=lambda: None)


def test_who_waited_says_once_that_it_is_over():
    """An outage has an end in the log, too; where nothing was waited for, nothing is said."""
    answers = iter([False, False, True, True])

    def ask() -> None:
        if not next(answers):
            raise TransientError

    with capture_logs() as said:
        wait_for("a server of this test", ask, turn=lambda: None)
        wait_for("a server of this test", ask, turn=lambda: None)
    assert [(line["event"], line["server"]) for line in said] == [
        ("waiting", "a server of this test"),
        ("back", "a server of this test"),
    ]
