"""The control plane on a real broker: one release a window through kills, freezes and aborted input."""

import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from confluent_kafka import Producer

from pipeline.config import ROOT
from pipeline.kafka.codec import Codec
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import load_schemas
from pipeline.model import HOUR_MS
from pipeline.store import releases
from tests.broker import Broker
from tests.control_process import Given
from tests.releases import WINDOW, make_cell, make_partial


class Scene:
    """Topics, a store and processes of one test."""

    def __init__(self, stack, codec, store_url, folder):
        self.broker = Broker(stack.kafka_servers)
        self.codec = codec
        self.given = Given(
            servers=stack.kafka_servers,
            registry_url=stack.registry_url,
            store_url=store_url,
            state_dir=str(folder),
            topic=self.broker.topic("partials"),
            output=self.broker.topic("anon.page_views", retention_ms="-1"),  # the windows are of 2024
            group=f"control-{uuid.uuid4().hex[:8]}",
        )
        self.processes = []
        self.log = folder / "control.log"

    def start(self, **given):
        arguments = msgspec.json.encode(msgspec.structs.replace(self.given, **given)).decode()
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.control_process", arguments],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def send(self, *values, abort=False):
        producer = Producer({"bootstrap.servers": self.given.servers, "transactional.id": self.given.topic})
        producer.init_transactions(30)
        producer.begin_transaction()
        for value in values:
            producer.produce(self.given.topic, value)
        if abort:
            producer.flush(30)
            producer.abort_transaction(30)
        else:
            producer.commit_transaction(30)

    def encode(self, partial):
        return self.codec.encode("partials", msgspec.to_builtins(partial, builtin_types=(bytes,)))

    def send_window(self, number=0):
        """Send a window of one partition in two chunks."""
        chunks = [
            make_partial(make_cell(page, 4), chunk=chunk, chunks=2, window=WINDOW + number * HOUR_MS)
            for chunk, page in enumerate(["/a", "/b"])
        ]
        self.send(*map(self.encode, chunks))

    def released(self):
        """Return (schema, content) of all that is published."""
        found = [self.codec.decode(value) for value in self.broker.committed(self.given.output)[0]]
        return [(record.schema, record.content) for record in found]

    def until(self, condition):
        """Wait; the test's timeout bounds it."""
        while not condition():
            time.sleep(0.1)

    def windows(self):
        """Return the windows of the manifests that are published."""
        manifests = [content for schema, content in self.released() if schema == "anon.manifest"]
        return [round(manifest["window_start"].timestamp() * 1000) for manifest in manifests]


@pytest.fixture(scope="module")
def codec(stack):
    registry = Registry(stack.registry_url)
    schemas = load_schemas(ROOT / "schemas")
    for schema in schemas.values():
        registry.register(schema)
    yield Codec(registry, schemas)
    registry._client.close()


@pytest.fixture
def scene(stack, codec, engine, tmp_path):
    scene = Scene(stack, codec, engine.url.render_as_string(hide_password=False), tmp_path)
    yield scene
    for process in scene.processes:
        process.kill()
        process.wait()


@pytest.mark.parametrize("step", ["draw", "fence", "look", "send", "mark"])
def test_a_kill_after_any_step_gives_the_release_once(scene, step, engine):
    scene.send_window()
    assert scene.start(crash_at=step).wait() == -signal.SIGKILL
    stored = [one.records for one in releases.pending(engine)]
    scene.start()
    scene.until(lambda: not releases.pending(engine) and scene.windows())
    assert [schema for schema, _ in scene.released()] == ["anon.page_views"] * 2 + ["anon.manifest"]
    if stored:
        assert tuple(scene.broker.committed(scene.given.output)[0]) == stored[0]
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(releases.partials)).scalar() == 0


def test_aborted_and_unreadable_records_make_no_release_and_no_stop(scene):
    """What was aborted is not handled at all; what cannot be read is set aside; what follows is released."""
    aborted = make_partial(make_cell("/aborted", 9))
    scene.send(scene.encode(aborted), abort=True)
    scene.start()
    scene.send(b"\x00\x00\x00", b"", scene.codec.encode("partials", {**_fields(), "chunks": 0}))
    scene.send(scene.encode(aborted), abort=True)
    scene.send_window(1)
    scene.until(scene.windows)
    assert scene.windows() == [WINDOW + HOUR_MS]
    assert scene.log.read_text().count("quarantined") == 3


def test_a_frozen_releaser_is_refused_when_it_wakes_up(scene):
    """It froze between look and send, another one took over and published: its own send is fenced."""
    scene.send_window()
    frozen = scene.start(freeze_at="look", slot="a")
    scene.until(lambda: _stopped(frozen.pid))
    scene.start(slot="b")
    scene.until(scene.windows)
    frozen.send_signal(signal.SIGCONT)
    assert frozen.wait() == 70
    assert len(scene.released()) == 3


def test_it_stops_on_sigterm_and_goes_on_where_it_was(scene):
    first = scene.start()
    scene.send_window(0)
    scene.until(scene.windows)
    assert "schedules kept" in scene.log.read_text()
    first.terminate()
    assert first.wait() == 0
    scene.send_window(1)
    scene.start()
    scene.until(lambda: len(scene.windows()) > 1)
    assert scene.windows() == [WINDOW, WINDOW + HOUR_MS]


def _fields():
    return msgspec.to_builtins(make_partial(make_cell("/a", 3)), builtin_types=(bytes,))


def _stopped(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"
