"""What differs between a definition and a topic, without a broker."""

import pytest

from pipeline.kafka.admin import ActualTopic
from pipeline.kafka.topic_plan import _topic_differences
from pipeline.kafka.topics import Topic


@pytest.mark.parametrize(
    ("have", "told"), [({3}, []), ({1}, ["1"]), ({1, 3}, ["1, 3"])], ids=["same", "other", "reassigned in part"]
)
def test_a_topic_is_replicated_as_defined_only_if_all_its_partitions_are(have, told):
    """One partition with fewer replicas than defined is where data gets lost."""
    wanted = Topic(name="raw.x", partitions=2, replication=3, config={})
    assert [d.have for d in _topic_differences(wanted, ActualTopic(2, frozenset(have), {}))] == told
