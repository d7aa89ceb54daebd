"""Sanitize, aggregate and control as real processes under kills, freezes and rebalances: exact all the same."""

import io
import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import fastavro
import pytest
from confluent_kafka import Producer

from pipeline.config import ROOT
from tests import truth
from tests.broker import Broker, decoded
from tests.deployment import Deployment, Supervisor, wait_until

SESSION_MS = 6_000
HOURS = 5
RAW_PARTITIONS = 4
WORKERS = ("sanitize-0", "sanitize-1", "aggregate-0", "aggregate-1", "control-0")
EXTRA = ("sanitize-2", "aggregate-2")


class Plan(NamedTuple):
    """How much of what; times in seconds."""

    lines: int
    seconds: int
    kills: int
    broker_kills: int
    freezes: int
    rebalances: int


SHORT = Plan(lines=50_000, seconds=75, kills=22, broker_kills=1, freezes=1, rebalances=1)
LONG = Plan(lines=400_000, seconds=480, kills=150, broker_kills=5, freezes=8, rebalances=8)


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    found = Deployment(tmp_path, session_timeout_ms=SESSION_MS, transaction_timeout_ms=14_000, site="www.atera.com")
    try:
        found.up()
        found.apply()
        yield found
    finally:
        found.down()


@pytest.mark.timeout(400)
def test_nothing_is_lost_or_doubled_whatever_dies(deployment):
    """At least 20 kill -9, the broker's among them, a worker frozen past its session, a rebalance up and down."""
    check(deployment, SHORT)


@pytest.mark.chaos
@pytest.mark.timeout(1_500)
def test_nothing_is_lost_or_doubled_for_long(deployment):
    """The same, for ten minutes."""
    check(deployment, LONG)


def check(deployment: Deployment, plan: Plan) -> None:
    site = next(site for site in deployment.policy.sites if site.id == "www.atera.com")
    pages = [page for page in site.pages if "{" not in page]
    start = int(time.time()) // truth.HOUR * truth.HOUR - HOURS * truth.HOUR
    lines = truth.lines(pages, plan.lines, start, HOURS * truth.HOUR)
    supervisor = Supervisor(deployment.environ, deployment.home)
    supervisor.start(*WORKERS)
    sent = threading.Thread(target=send, args=(deployment, lines, plan.seconds, start + HOURS * truth.HOUR))
    sent.start()
    done = wreck(deployment, supervisor, plan)
    sent.join()
    broker = Broker(deployment.settings.kafka_servers)
    manifests = lambda: len(released(broker)[1])  # noqa: E731  # one line that is used once
    finished = wait_until(lambda: manifests() >= len(windows(start)), 120)
    codes = supervisor.close()
    report = f"{dict(done)}; ended by themselves: {dict(supervisor.ends)}; at the end: {codes}"
    print(report)  # noqa: T201  # pytest shows it when the test fails, or with -s
    assert finished, f"{manifests()} of {len(windows(start))} windows released; {report}"
    assert done["kill"] >= 20
    assert_accounted(broker, lines)
    assert_partials_once(broker, windows(start))
    assert_released(broker, deployment, lines, windows(start))
    assert set(codes.values()) == {0}


def windows(start: int) -> list[int]:
    """Return the starts of all hours that must be released: from yesterday's first to the last with lines."""
    midnight = time.time() // (24 * truth.HOUR) * 24 * truth.HOUR
    return list(range(int(midnight) - 24 * truth.HOUR, start + HOURS * truth.HOUR, truth.HOUR))


def send(deployment: Deployment, lines: Sequence[truth.Line], seconds: int, end: int) -> None:
    """Produce at a steady rate, through the broker's death, then say that nothing more comes."""
    producer = Producer(
        {
            "bootstrap.servers": deployment.settings.kafka_servers,
            "enable.idempotence": True,
            "message.timeout.ms": 0,
            "message.max.bytes": 12_000_000,
            "reconnect.backoff.max.ms": 1_000,
            "log_level": 0,
        }
    )
    began = time.monotonic()
    for i, line in enumerate(lines):
        while (ahead := began + i * seconds / len(lines) - time.monotonic()) > 0:
            producer.poll(min(ahead, 0.02))
        producer.produce("raw.weblog", line.value, partition=i % RAW_PARTITIONS)
    for partition in range(RAW_PARTITIONS):
        producer.produce("raw.weblog", b"", partition=partition, headers=[("end-of-input", b"%d" % (end * 1_000))])
    while producer.flush(10):
        pass


def wreck(deployment: Deployment, supervisor: Supervisor, plan: Plan) -> Counter[str]:
    """Do to the processes what the plan says, spread over its time; return what was done."""
    rng = random.Random(11)
    acts = (
        ["kill"] * plan.kills
        + ["broker"] * plan.broker_kills
        + ["freeze"] * plan.freezes
        + ["rebalance"] * plan.rebalances
    )
    rng.shuffle(acts)
    began = time.monotonic()
    done: Counter[str] = Counter()
    later: list[threading.Thread] = []
    for number, act in enumerate(acts):
        time.sleep(max(0.0, began + 6 + number * (plan.seconds - 6) / len(acts) - time.monotonic()))
        match act:
            case "kill":
                supervisor.kill(WORKERS[number % len(WORKERS)])
            case "broker":
                deployment.kill_server("kafka")
                time.sleep(2)
                deployment.up()
            case "freeze":
                later.append(in_background(freeze, supervisor, rng.choice(WORKERS[:4])))
            case "rebalance":
                later.append(in_background(rebalance, supervisor))
        done[act] += 1
    for thread in later:
        thread.join()
    return done


def freeze(supervisor: Supervisor, slot: str) -> None:
    """Let a worker sleep past its session, while others take its partitions over; then it goes on: a zombie."""
    process = supervisor.freeze(slot)
    time.sleep(SESSION_MS / 1_000 + 4)
    if process.poll() is None:
        os.kill(process.pid, signal.SIGCONT)


def rebalance(supervisor: Supervisor) -> None:
    """Add workers, and take them away."""
    supervisor.start(*EXTRA)
    time.sleep(15)
    for slot in EXTRA:
        supervisor.end(slot)


def in_background(target: Any, *arguments: Any) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments)
    thread.start()
    return thread


def released(broker: Broker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows and the manifests of anon.page_views; the manifest's schema is told by its id."""
    row = fastavro.schema.load_schema(ROOT / "schemas" / "anon.page_views.avsc")
    manifest = fastavro.schema.load_schema(ROOT / "schemas" / "anon.manifest.avsc")
    rows, manifests = [], []
    for value in broker.committed("anon.page_views")[0]:
        body = io.BytesIO(value[5:])
        try:
            found = fastavro.schemaless_reader(body, row, None)
            assert body.tell() == len(value) - 5
            rows.append(found)
        except (AssertionError, EOFError, IndexError, UnicodeDecodeError):
            manifests.append(fastavro.schemaless_reader(io.BytesIO(value[5:]), manifest, None))
    return rows, manifests


def assert_accounted(broker: Broker, lines: Sequence[truth.Line]) -> None:
    """Each line is exactly one event, one late event, or one dead letter: in = out + late + quarantined."""
    expected = Counter((line.visit.second, line.visit.status, line.late) for line in lines if line.visit)
    events = decoded(broker, "events.page_view", "events.page_view", RAW_PARTITIONS)
    found = Counter((int(event["time"].timestamp()), event["status"], event["late"]) for event in events)
    assert found - expected == Counter()
    assert expected - found == Counter()
    letters = Counter(
        (letter["topic"], letter["partition"], letter["offset"])
        for letter in decoded(broker, "quarantine.sanitize", "quarantine")
    )
    assert set(letters.values()) == {1}
    assert len(letters) == sum(line.visit is None for line in lines)
    assert list(decoded(broker, "quarantine.aggregate", "quarantine")) == []
    assert list(decoded(broker, "quarantine.control", "quarantine")) == []


def assert_partials_once(broker: Broker, starts: Sequence[int]) -> None:
    """Each (window, partition) has each of its chunks once, also where it is empty, and nothing came late."""
    chunks: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for partial in decoded(broker, "partials", "partials"):
        chunks[partial["window_start"] // 1_000, partial["partition"]].append(partial["chunk"])
        assert (partial["late"], partial["gap"]) == (0, False)
    assert chunks == {(start, partition): [0] for start in starts for partition in range(RAW_PARTITIONS)}


def assert_released(
    broker: Broker, deployment: Deployment, lines: Sequence[truth.Line], starts: Sequence[int]
) -> None:
    """Each window is released once, with the rows that an independent program counts."""
    dataset = deployment.policy.datasets[0]
    rows, manifests = released(broker)
    assert Counter(int(found["window_start"].timestamp()) for found in manifests) == Counter(starts)
    assert not any(found["withheld"] or found["late"] for found in manifests)
    counted: defaultdict[int, Counter[Any]] = defaultdict(Counter)
    for row in rows:
        named = [row[name] for name in ("rest", "site", "page", "country", "device_class", "views", "visitors")]
        counted[int(row["window_start"].timestamp())][tuple(named)] += 1
    visits = [line.visit for line in lines if line.visit and not line.late]
    bounds = {"k": dataset.k, "max_cells": dataset.max_cells, "max_events": dataset.max_events}
    expected = truth.releases(visits, "www.atera.com", **bounds)
    assert counted == {start: found for start, found in expected.items() if found}
