"""A deployment of its own for a benchmark: broker, registry, store and keys in a folder that goes with it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.config import PREFIX, Settings, load_settings
from pipeline.kafka import local, topic_plan
from pipeline.kafka.patience import wait_for
from pipeline.policy.load import load_policy
from pipeline.protect.sealing import create_key_pair


@contextmanager
def deployed() -> Iterator[Settings]:
    """Bring a deployment up, and its settings into the environment of this process and its children."""
    with tempfile.TemporaryDirectory(prefix="pii-pipeline-bench-") as folder:
        home = Path(folder)
        create_key_pair(home / "officer")
        policy = load_policy(Settings().policy_dir)
        os.environ |= {
            f"{PREFIX}STATE_DIR": folder,
            f"{PREFIX}KMS_DIR": str(home / "kms"),
            f"{PREFIX}OFFICER_PUBLIC_KEY": str(home / "officer" / "public.json"),
            f"{PREFIX}SITE": policy.sites[0].id,
        }
        try:
            local.up(home)
            settings = load_settings()
            wanted = topic_plan.deployment(settings, policy.retention)
            wait_for("kafka", lambda: topic_plan.apply(wanted), turn=lambda: None)
            yield settings
        finally:
            local.down(home)
