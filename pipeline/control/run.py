"""Runs the control plane of one process, composed of the parts that it is given, until it is told to stop."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import sqlalchemy as sa
from confluent_kafka import KafkaException

from pipeline.config import Settings
from pipeline.control.app import GROUP, INPUT, make_app, run_app
from pipeline.control.control import Control
from pipeline.control.guards import Reach, Watchdog
from pipeline.control.intake import read_partial
from pipeline.control.publisher import KafkaPublisher
from pipeline.control.quarantine import Quarantine
from pipeline.control.release import Releaser
from pipeline.errors import ConfigError, PipelineError
from pipeline.kafka.clients import Cluster
from pipeline.kafka.codec import Codec
from pipeline.kafka.patience import wait_for
from pipeline.observe.health import Health
from pipeline.observe.metrics import Metrics
from pipeline.policy.model import Policy

STILL_S = 120.0
"""Nothing moved for so long, though the broker is there: the process ends. A release takes seconds."""


class Parts(NamedTuple):
    """What the control plane works with."""

    policy: Policy
    engine: sa.Engine  # migrated
    codec: Codec
    quarantine: Quarantine
    schedules: Callable[[], None]


def run(  # noqa: PLR0913  # tests give a group and a topic of their own
    settings: Settings,
    parts: Parts,
    *,
    metrics: Metrics,
    health: Health,
    group: str = GROUP,
    topic: str = INPUT,
    step: Callable[[str], None] = lambda _step: None,
) -> None:
    """Work until SIGTERM or SIGINT; raises `SystemExit`. `ConfigError`: topics or retention are missing.

    Tests give a group and a topic of their own, and a `step` that ends the process there.
    """
    patience_ms = _patience_ms(parts.policy)
    cluster = Cluster(settings)
    outputs = [dataset.topic for dataset in parts.policy.datasets]
    topics = [topic, *outputs, parts.quarantine.topic]
    wait_for("kafka", lambda: cluster.partitions(topics), turn=health.turn)
    reachable = partial(_answers, cluster)
    watchdog = Watchdog(STILL_S, reachable=reachable)

    def stepped(name: str) -> None:
        watchdog.moved()
        step(name)

    releaser = Releaser(
        engine=parts.engine,
        policy=parts.policy,
        encoder=parts.codec,
        publisher=KafkaPublisher(settings.kafka_servers),
        patience_ms=patience_ms,
        step=stepped,
    )
    control = Control(
        releaser=releaser,
        read=partial(
            read_partial,
            decode=parts.codec.decode,
            datasets={dataset.id for dataset in parts.policy.datasets},
        ),
        quarantine=parts.quarantine,
        schedules=parts.schedules,
        metrics=metrics,
        turn=watchdog.moved,
        stepped=partial(health.step, name="work"),
    )
    watchdog.watch()
    Reach(reachable, health).watch()
    run_app(make_app(settings, control, watchdog=watchdog, health=health, group=group, topic=topic))


def _patience_ms(policy: Policy) -> int:
    """Return how long a window may be incomplete: as long as the missing partials are kept."""
    for retention in policy.retention:
        if retention.topic == INPUT:
            return retention.seconds * 1000
    raise ConfigError([f"retention.yaml: no retention for the topic {INPUT}"])


def _answers(cluster: Cluster) -> bool:
    try:
        cluster.partitions([])
    except (PipelineError, KafkaException):
        return False
    return True
