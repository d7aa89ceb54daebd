"""The control plane as a process of its own, for tests that kill it: `python -m tests.control_process JSON`.

Composed of the real parts, on a policy and topics of the test. `crash_at` names a step of a release after
which the process kills itself with SIGKILL; `freeze_at` one after which it stops itself with SIGSTOP.
"""

import os
import signal
import sys
from pathlib import Path

import msgspec
import structlog

from pipeline.config import ROOT, Settings
from pipeline.control.run import Parts, run
from pipeline.kafka.codec import Codec
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.observe.health import Health
from pipeline.observe.logs import configure_logs
from pipeline.observe.metrics import Metrics
from pipeline.store.engine import open_store
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


class LoggedQuarantine:
    """Says what would be sealed; `topic` is any that exists."""

    def __init__(self, topic: str) -> None:
        self.topic = topic

    def __call__(self, record, rejected) -> None:
        log.info("quarantined", offset=record.offset, reason=rejected.reason)


def main(given: Given) -> None:
    configure_logs()

    def step(name: str) -> None:
        if name == given.crash_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if name == given.freeze_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    settings = Settings(kafka_servers=given.servers, slot=given.slot, state_dir=Path(given.state_dir))
    parts = Parts(
        policy=make_policy(make_dataset(topic=given.output)),
        engine=open_store(given.store_url),
        codec=Codec(Registry(given.registry_url), load_schemas(ROOT / "schemas")),
        quarantine=LoggedQuarantine(given.topic),
        schedules=lambda: log.info("schedules kept"),
    )
    run(
        settings,
        parts,
        metrics=Metrics("control"),
        health=Health(),
        group=given.group,
        topic=given.topic,
        step=step,
    )


if __name__ == "__main__":
    main(msgspec.json.decode(sys.argv[1], type=Given))
