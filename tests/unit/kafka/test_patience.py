"""Trying again: what may be asked once more, and what ends the process."""

import pytest
from confluent_kafka import KafkaError, KafkaException

from pipeline.kafka.patience import AWAY, again


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
