"""What cannot be read arrives sealed, with its reason and place in clear."""

import pytest

from pipeline.config import ROOT
from pipeline.control.intake import Received
from pipeline.control.quarantine import KafkaQuarantine
from pipeline.errors import TransientError
from pipeline.kafka.codec import Codec
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.model import Rejected
from tests.broker import Broker


class Envelope:
    """A sealer whose seals can be read: what went in, and for which place."""

    def __init__(self):
        self.batches = 0

    def seal(self, content, associated_data):
        return b"key %d" % self.batches, associated_data + b"/" + content

    def next_batch(self):
        self.batches += 1


@pytest.fixture
def codec(stack):
    registry = Registry(stack.registry_url)
    schemas = load_schemas(ROOT / "schemas")
    registry.register(schemas["quarantine"])
    yield Codec(registry, schemas)
    registry._client.close()


def test_a_record_is_sealed_for_its_place_and_acknowledged(stack, codec):
    broker = Broker(stack.kafka_servers)
    topic = broker.topic("quarantine.control")
    quarantine = KafkaQuarantine(
        stack.kafka_servers, sealer=Envelope(), encoder=codec, policy="2016-07+ab", topic=topic
    )
    quarantine(Received("partials", 0, 7, 1_000, b"\x00bad"), Rejected("truncated"))
    (value,) = broker.committed(topic)[0]
    content = codec.decode(value).content
    assert (content["reason"], content["topic"], content["offset"]) == ("truncated", "partials", 7)
    assert (content["size"], content["kept"], content["sealed_key"]) == (4, 4, b"key 1")
    assert content["ciphertext"] == b"truncated|partials|0|7/\x00bad"


def test_what_is_not_acknowledged_is_tried_again_later(stack, codec):
    """A topic that is missing must not swallow the record."""
    quarantine = KafkaQuarantine(
        stack.kafka_servers, sealer=Envelope(), encoder=codec, policy="2016-07+ab", topic="no.such.topic"
    )
    with pytest.raises(TransientError):
        quarantine(Received("partials", 0, 7, 1_000, b"bad"), Rejected("truncated"))
