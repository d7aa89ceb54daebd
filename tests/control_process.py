"""The control plane as a process of its own, for tests that kill it: `python -m tests.control_process JSON`.

Composed of the real parts, on a policy and topics of the test. `crash_at` names a step of a release after
which the process kills itself with SIGKILL; `freeze_at` one after which it stops itself with SIGSTOP.
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

import msgspec
import sqlalchemy as sa
import structlog

from pipeline.config import ROOT, Settings
from pipeline.control.app import make_app, run_app
from pipeline.control.control import Control
from pipeline.control.guards import Watchdog
from pipeline.control.intake import read_partial
from pipeline.control.publisher import KafkaPublisher
from pipeline.control.release import Releaser
from pipeline.kafka.codec import Codec
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.observe.health import Health
from pipeline.observe.logs import configure_logs
from pipeline.observe.metrics import Metrics
from tests.releases import make_dataset, make_policy

log = structlog.get_logger()


class Given(msgspec.Struct, kw_only=True):
    servers: str
    registry_url: str
    store_url: str
    state_dir: str
    topic: str  # partials
    output: str  # anon.*
    group: str
    slot: str = "0"
    crash_at: str = ""
    freeze_at: str = ""


def main(given: Given) -> None:
    configure_logs()

    def step(name: str) -> None:
        if name == given.crash_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == given.freeze_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    policy = make_policy(make_dataset(topic=given.output))
    wire = Codec(Registry(given.registry_url), load_schemas(ROOT / "schemas"))
    health, watchdog = Health(), Watchdog(60, reachable=lambda: True)
    control = Control(
        releaser=Releaser(
            engine=sa.create_engine(given.store_url),
            policy=policy,
            encoder=wire,
            publisher=KafkaPublisher(given.servers),
            patience_ms=3_600_000,
            step=step,
        ),
        read=partial(read_partial, decode=wire.decode, datasets={"page_views"}),
        quarantine=lambda record, rejected: log.info(
            "quarantined", offset=record.offset, reason=rejected.reason
        ),
        schedules=lambda: None,
        metrics=Metrics("control"),
        turn=watchdog.moved,
    )
    settings = Settings(kafka_servers=given.servers, slot=given.slot, state_dir=Path(given.state_dir))
    run_app(
        make_app(settings, control, watchdog=watchdog, health=health, group=given.group, topic=given.topic)
    )


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Given))
