"""A clean set of the project's topics on the session's broker, for tests of the whole pipeline."""

from pipeline.config import Settings
from pipeline.kafka import topic_plan
from pipeline.kafka.local import Stack
from pipeline.policy.load import load_policy


def fresh_topics(stack: Stack) -> Settings:
    """Delete and make anew all topics of deploy/topics.yaml and their groups' offsets; return the settings.

    Nobody may be in those groups any more. Schemas stay: they are for ever.
    """
    settings = Settings(kafka_servers=stack.kafka_servers, registry_url=stack.registry_url)
    wanted = topic_plan.deployment(settings, load_policy(settings.policy_dir).retention)
    groups = [group for topic in wanted.topics for group in topic.groups]
    wanted.admin.delete([topic.name for topic in wanted.topics], groups)
    topic_plan.apply(wanted)
    return settings
