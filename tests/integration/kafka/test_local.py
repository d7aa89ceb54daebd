"""The local stack: what was killed comes back at the same place with the same data."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import psutil
import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient

from pipeline.config import load_settings
from pipeline.kafka import local

SCHEMA = Schema('{"type": "record", "name": "Kept", "fields": []}', "AVRO")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("root")
    try:
        with ThreadPoolExecutor(2) as pool:  # two at once: the second waits and finds it running
            first, second = pool.map(lambda _: local.up(folder / ".local"), range(2))
        assert first == second
        yield folder
    finally:
        local.down(folder / ".local")


@pytest.fixture
def root(folder: Path) -> Path:
    """Give the folder of a stack that is up, whatever the test before left."""
    local.up(folder / ".local")
    return folder


def lives(pid: int) -> bool:
    """Tell whether a process runs; one that ended and is still to be reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def pids(root: Path) -> dict[str, int]:
    return {server.name: server.pid for server in local.status(root / ".local") if server.pid}


def test_what_runs_is_kept_and_the_settings_find_it(root: Path):
    before = pids(root)
    stack = local.up(root / ".local")
    assert pids(root) == before
    settings = load_settings({}, root)
    assert (settings.kafka_servers, settings.registry_url) == (stack.kafka_servers, stack.registry_url)


def test_all_that_listens_listens_on_loopback_only(root: Path):
    sockets = [found for pid in pids(root).values() for found in psutil.Process(pid).net_connections()]
    listening = {found.laddr.ip for found in sockets if found.status == psutil.CONN_LISTEN}
    assert {address.removeprefix("::ffff:") for address in listening} == {"127.0.0.1"}


@pytest.mark.parametrize("victims", [("kafka",), ("registry",), ("kafka", "registry")])
def test_what_was_killed_comes_back_at_the_same_place_with_the_same_data(root: Path, victims: tuple[str, ...]):
    """Also the ids of schemas: records on the broker refer to them for ever."""
    stack, before = local.up(root / ".local"), pids(root)
    topic = "kept." + ".".join(victims)
    admin = AdminClient({"bootstrap.servers": stack.kafka_servers})
    admin.create_topics([NewTopic(topic)])[topic].result(30)
    with SchemaRegistryClient({"url": stack.registry_url}) as registry:
        number = registry.register_schema(topic, SCHEMA)
    for name in victims:
        os.kill(before[name], signal.SIGKILL)
    assert local.up(root / ".local") == stack
    after = pids(root)
    assert {name for name in after if after[name] != before[name]} == set(victims)
    assert topic in AdminClient({"bootstrap.servers": stack.kafka_servers}).list_topics(timeout=30).topics
    with SchemaRegistryClient({"url": stack.registry_url}) as registry:
        assert registry.get_schema(number).schema_str is not None
        assert registry.get_latest_version(topic).schema_id == number


def test_a_stopped_stack_is_gone_from_the_settings_and_comes_back_where_it_was(root: Path):
    stack, before = local.up(root / ".local"), pids(root)
    local.down(root / ".local")
    assert [server.running for server in local.status(root / ".local")] == [False, False]
    assert not any(map(lives, before.values()))
    assert load_settings({}, root).kafka_servers == ""
    assert msgspec.structs.asdict(local.up(root / ".local")) == msgspec.structs.asdict(stack)
