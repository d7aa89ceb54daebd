"""Servers that are away when a process starts, or go while it works: it waits, says so, and goes on."""

import time
from collections import Counter
from pathlib import Path

import pytest
from confluent_kafka import Producer

from pipeline.kafka.runner import NOT_TAKEN
from pipeline.sources.rebase import clf
from tests.broker import Broker
from tests.deployment import Deployment, Supervisor, wait_until

PARTITIONS = 4
STAGES = ("sanitize", "aggregate", "control")


def send(deployment: Deployment, number: int) -> None:
    when = clf(time.time_ns() // 1_000_000).decode()
    producer = Producer({"bootstrap.servers": deployment.settings.kafka_servers})
    for i in range(number):
        line = f'192.0.2.{i} - - [{when}] "GET / HTTP/1.1" 200 1 "-" "curl/8"'
        producer.produce("raw.weblog", line.encode(), partition=i % PARTITIONS)
    assert producer.flush(60) == 0


@pytest.mark.timeout(300)
def test_processes_wait_for_servers_and_outlive_them(tmp_path: Path):
    """No process ends without a word, none before the broker's death, and each line is one event."""
    deployment = Deployment(tmp_path, site="www.atera.com")
    try:
        deployment.up()
        deployment.apply()
        deployment.down()
        supervisor = Supervisor({**deployment.environ, **places(deployment)}, tmp_path)
        supervisor.start(*(f"{stage}-0" for stage in STAGES))
        logs = [tmp_path / f"{stage}-0.log" for stage in STAGES]
        assert wait_until(lambda: all("waiting" in log.read_text() for log in logs), 60)
        deployment.up()
        broker = Broker(deployment.settings.kafka_servers)
        events = lambda: sum(map(len, broker.committed("events.page_view", PARTITIONS).values()))  # noqa: E731
        send(deployment, 50)
        assert wait_until(lambda: events() == 50, 60)
        deployment.kill_server("registry")
        send(deployment, 50)
        assert wait_until(lambda: events() == 100, 30), "what is known already needs no registry"
        assert supervisor.ends == Counter()
        deployment.kill_server("kafka")
        time.sleep(3)
        deployment.up()
        send(deployment, 50)
        assert wait_until(lambda: events() == 150, 90)
        codes = supervisor.close()
        said = "".join(log.read_text() for log in logs)
        told = said.count("Timeout (0:00:45)!") + said.count(NOT_TAKEN)
        ended = supervisor.ends.total() + sum(code != 0 for code in codes.values())
        assert ended == told, "librdkafka cannot go on after some deaths of a broker: whoever ended says so"
    finally:
        deployment.down()


def places(deployment: Deployment) -> dict[str, str]:
    """Return where the servers will be: a folder without a running stack does not say it."""
    settings = deployment.settings
    return {
        f"PII_PIPELINE_{name.upper()}": getattr(settings, name)
        for name in ("kafka_servers", "registry_url", "store_url")
    }
