"""A person planted in every field of the input is nowhere behind sanitize: no topic, log, metric or file."""

import base64
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from pipeline.config import load_settings
from pipeline.kafka import local
from pipeline.sources.rebase import clf

NAME = "Zebulon-Quartzmayer"
FORMS = (
    NAME,
    f"{NAME}@corp.example",
    quote(f"{NAME}@corp.example", safe="").replace("-", "%2D"),
    quote(quote(f"{NAME}@corp.example", safe=""), safe=""),
    base64.b64encode(NAME.encode()).decode(),
    NAME.encode().hex(),
)
NUMBERS = ("4929000000006078", "14155550177987")
ADDRESS = "203.0.113.77"
NEEDLES = [
    needle.encode()
    for form in (*FORMS, *NUMBERS, ADDRESS, NAME.replace("-", "%2D"), base64.b64encode(NAME[:18].encode()).decode())
    for needle in {form, form.lower(), form.upper()}
]


def line(
    now_ms, *, host=ADDRESS, ident="-", user="-", request="GET / HTTP/1.1", size="1", referrer="-", agent="curl/8"
):
    when = clf(now_ms).decode()
    return f'{host} {ident} {user} [{when}] "{request}" 200 {size} "{referrer}" "{agent}"'


def lines(now_ms):
    for form in (*FORMS, *NUMBERS):
        yield line(now_ms, ident=form)
        yield line(now_ms, user=form)
        yield line(now_ms, host=f"{form}.example")
        yield line(now_ms, request=f"{form} / HTTP/1.1")
        yield line(now_ms, request=f"GET /{form} HTTP/1.1")
        yield line(now_ms, request=f"GET /user/{form}/settings HTTP/1.1")
        yield line(now_ms, request=f"GET /?email={form}&{form}=1&utm_source={form} HTTP/1.1")
        yield line(now_ms, request=f"GET /#{form} HTTP/1.1")
        yield line(now_ms, request=f"GET / HTTP/{form}")
        yield line(now_ms, size=form)
        yield line(now_ms, referrer=f"https://{form}.example/{form}?q={form}#{form}")
        yield line(now_ms, referrer=f"https://{form}:{form}@mail.example/")
        yield line(now_ms, agent=form)
        yield line(now_ms, agent=f"{form}Bot/1.0 (+http://{form}.example)")
        yield line(now_ms) + f' "{form}, {ADDRESS}"'
        yield form
        yield f'{{"message": "{form}", "{form}": 1}}'
        yield f'{{"message": 1, "host": "{form}'


def found_in(content):
    """Return how many needles stand in the content; never which, a failure shows no value."""
    return sum(needle in content for needle in NEEDLES)


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canaries")
    file, state = folder / "canary.log", folder / "state"
    now_ms = time.time_ns() // 1_000_000
    file.write_text("\n".join(lines(now_ms)) + "\n")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PII_PIPELINE_")}
    command = [sys.executable, "-m", "pipeline.cli", "demo", "--json", "--state-dir", str(state), str(file)]
    try:
        done = subprocess.run(command, env=clean, capture_output=True, check=False)
        assert done.returncode == 0
        assert found_in(done.stdout + done.stderr) == 0
        yield state
    finally:
        local.down(state)


def records(state, *, raw=False):
    """Yield (topic, bytes) of all records of all raw topics, or of all others; aborted ones included."""
    settings = load_settings({"PII_PIPELINE_STATE_DIR": str(state)})
    topics = AdminClient({"bootstrap.servers": settings.kafka_servers}).list_topics(timeout=20).topics
    config = {
        "bootstrap.servers": settings.kafka_servers,
        "group.id": "none",
        "enable.partition.eof": True,
        "isolation.level": "read_uncommitted",
    }
    consumer = Consumer(config)
    try:
        for topic, about in topics.items():
            if topic.startswith("raw.") is not raw:
                continue
            consumer.assign([TopicPartition(topic, number, 0) for number in about.partitions])
            left = len(about.partitions)
            while left:
                message = consumer.poll(20)
                assert message is not None
                if message.error():
                    left -= 1
                    continue
                headers = b"".join(key.encode() + (value or b"") for key, value in message.headers() or ())
                yield topic, (message.key() or b"") + (message.value() or b"") + headers
    finally:
        consumer.close()


def test_the_needles_are_in_the_input(state):
    """The search finds them where they must be: in the raw topic's records."""
    assert sum(found_in(content) > 0 for _, content in records(state, raw=True)) > 100


def test_no_record_of_any_topic_behind_sanitize_holds_one(state):
    found = [(topic, found_in(content)) for topic, content in records(state)]
    assert {topic for topic, _ in found} >= {"events.page_view", "visits", "partials", "quarantine.sanitize"}
    assert [one for one in found if one[1]] == []


def test_no_file_but_the_raw_log_holds_one(state: Path):
    files = [path for path in state.rglob("*") if path.is_file() and "raw.weblog-" not in str(path.parent)]
    assert {"store.db", "sanitize.log", "control.log"} <= {path.name for path in files}
    assert [path.name for path in files if found_in(path.read_bytes())] == []
