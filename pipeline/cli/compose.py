"""The composition root of the long-running processes: settings -> the parts that a stage works with.

Two steps. `Checked` reads what lies on this machine and names every problem at once. Then the servers are
asked, patiently: broker, registry and store may be away when a process starts.

What only one process needs is imported where it is made: Polars and Faust would cost each sanitize worker 40 MB, and
Presidio the others 40 MB.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec
import sqlalchemy as sa
import structlog

from pipeline.cli.detector import open_detector
from pipeline.config import PREFIX, Settings
from pipeline.control.quarantine import KafkaQuarantine
from pipeline.control.schedules import keep_day_keys
from pipeline.datasets.release import ROW_FIELDS
from pipeline.detect.presidio import without_language_models
from pipeline.errors import ConfigError
from pipeline.kafka.clients import Cluster
from pipeline.kafka.codec import Codec
from pipeline.kafka.patience import wait_for
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import SchemaFile, load_schemas
from pipeline.model import Partial, Stage
from pipeline.model.visit import VISITS
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy, Source
from pipeline.protect.geo import Geo, open_geo
from pipeline.protect.sealing import BatchSealer, load_public
from pipeline.stages.quarantine import Quarantine
from pipeline.store import day_keys
from pipeline.store.engine import migrate, open_store
from pipeline.store.local_kms import LocalKms

if TYPE_CHECKING:
    from pipeline.control.run import Parts

T = TypeVar("T")
Turn = Callable[[], None]


class Compose(Protocol):
    """Makes one stage; `turn` is called while a server is waited for."""

    def __call__(self, checked: "Checked", turn: Turn) -> Stage:
        """Make it; `ConfigError` names what is missing on the servers."""


class Checked:
    """What lies on this machine: read and checked. `ConfigError` names every problem at once."""

    def __init__(self, settings: Settings, problems: Sequence[str] = ()) -> None:
        """Take the settings, and what is wrong with them (`read_settings`)."""
        self.settings = settings
        wrong = " ".join(problems)  # a variable that is wrong is not called unset besides
        problems = list(problems)
        problems += [
            f"{variable} is not set, and no local stack is up (`pii-pipeline local up`)"
            for name in ("kafka_servers", "registry_url", "store_url")
            if not getattr(settings, name) and (variable := f"{PREFIX}{name.upper()}") not in wrong
        ]

        def read(call: Callable[[], T]) -> T | None:
            try:
                return call()
            except ConfigError as error:
                problems.extend(error.problems)
                return None

        policy = read(lambda: load_policy(settings.policy_dir))
        schemas = read(lambda: load_schemas(settings.schemas_dir))
        public = read(lambda: load_public(settings.officer_public_key))
        engine = read(lambda: open_store(settings.store_url)) if settings.store_url else None
        kms = read(lambda: LocalKms(settings.kms_dir))
        geo = read(lambda: open_geo(settings.geo_country, settings.geo_isp))
        if policy and settings.site and settings.site not in {site.id for site in policy.sites}:
            problems.append("PII_PIPELINE_SITE is not a site of the policy")
        if policy and f"{datetime.now(UTC):%Y-%m-%d}" < policy.effective:
            problems.append(f"the policy is effective from {policy.effective} on: section 3")
        if policy and schemas:
            problems += _unfit(policy, schemas)
        if problems:
            raise ConfigError(problems)
        assert policy and schemas and public and engine and kms and geo  # noqa: PT018  # else a problem
        self.policy: Policy = policy
        self.schemas: Mapping[str, SchemaFile] = schemas
        self.engine: sa.Engine = engine
        self.kms = kms
        self.geo: Geo = geo
        self.officer = public

    @property
    def sites(self) -> tuple[str, ...]:
        """The declared sites."""
        return tuple(site.id for site in self.policy.sites)

    def definition(self, schema: str) -> Mapping[str, Any]:
        """Return a schema as its file has it."""
        definition: dict[str, Any] = json.loads(self.schemas[schema].text)
        return definition

    def codec(self) -> Codec:
        """Return the codec of the registry."""
        return Codec(Registry(self.settings.registry_url), self.schemas)


def sanitize(checked: Checked, turn: Turn) -> Stage:
    """Make the stage `sanitize`."""
    policy, settings = checked.policy, checked.settings
    source = _source(policy)
    without_language_models()
    from pipeline.stages.sanitize import QUARANTINE  # noqa: PLC0415  # memory, as said above
    from pipeline.stages.sanitize_build import build  # noqa: PLC0415
    from pipeline.stages.sanitize_treatments import Outputs  # noqa: PLC0415

    detector = open_detector(policy, settings, _log_progress)
    detector.prepare()  # a first text that waits for it would keep its batch for longer than a transaction may take
    codec = checked.codec()
    topics = (source.topic, source.event, VISITS, QUARANTINE)
    partitions, headers = _on_servers(settings, codec, topics, (source.event, "quarantine"), turn)
    wait_for("store", lambda: migrate(checked.engine), turn=turn)
    return build(
        policy=policy,
        source=source,
        site=settings.site,
        keys=day_keys.StoredVisitorKeys(checked.engine, checked.kms, checked.sites, now_ms),
        geo=checked.geo,
        detector=detector,
        sealer=BatchSealer(checked.officer),
        outputs=Outputs(
            headers[source.event],
            checked.definition(source.event),
            checked.definition(VISITS),
            partitions[source.event],
            partitions[VISITS],
        ),
        encode_quarantined=partial(codec.encode, "quarantine"),
        raw_partitions={source.topic: partitions[source.topic]},
    )


def _log_progress(what: str, done: int, total: int) -> None:
    structlog.get_logger().info("preparing", what=what, done=done, total=total)


def aggregate(checked: Checked, turn: Turn) -> Stage:
    """Make the stage `aggregate`."""
    from pipeline.stages.aggregate import PARTIALS, QUARANTINE, Aggregate  # noqa: PLC0415  # memory, as said above

    codec = checked.codec()
    topics = (VISITS, PARTIALS, QUARANTINE)
    partitions, _ = _on_servers(checked.settings, codec, topics, (PARTIALS, "quarantine"), turn)
    return Aggregate(
        policy=checked.policy,
        visit_schema=checked.definition(VISITS),
        visits_partitions=partitions[VISITS],
        encode_partial=lambda partial: codec.encode(PARTIALS, _plain(partial)),
        quarantine=Quarantine(
            BatchSealer(checked.officer),
            partial(codec.encode, "quarantine"),
            checked.policy.stamp,
            topic=QUARANTINE,
        ),
    )


def control(checked: Checked, turn: Turn) -> "Parts":
    """Gather the parts of the control plane."""
    from pipeline.control.run import Parts  # noqa: PLC0415  # memory, as said above

    codec = checked.codec()
    released = [dataset.topic for dataset in checked.policy.datasets]
    topics = ("partials", "quarantine.control", *released)
    _on_servers(checked.settings, codec, topics, ("quarantine", "anon.manifest", *released), turn)
    wait_for("store", lambda: migrate(checked.engine), turn=turn)
    return Parts(
        policy=checked.policy,
        engine=checked.engine,
        codec=codec,
        quarantine=KafkaQuarantine(
            checked.settings.kafka_servers,
            sealer=BatchSealer(checked.officer),
            encoder=codec,
            policy=checked.policy.stamp,
        ),
        schedules=lambda: keep_keys(checked),
    )


def keep_keys(checked: Checked) -> None:
    """Make the day keys that are due and destroy those whose time is over."""
    now = now_ms()
    keep_day_keys(
        checked.sites,
        now,
        ensure=lambda site, day: day_keys.ensure(checked.engine, checked.kms, site, day, now_ms=now),
        destroy_expired=lambda at: day_keys.destroy_expired(checked.engine, checked.kms, at),
    )


def now_ms() -> int:
    """Return the wall clock in ms since the epoch."""
    return time.time_ns() // 1_000_000


def _unfit(policy: Policy, schemas: Mapping[str, SchemaFile]) -> Iterator[str]:
    """Yield the datasets whose rows their schema cannot hold: control would fail at each release."""
    for dataset in policy.datasets:
        if dataset.topic not in schemas:
            yield f"dataset {dataset.id}: no schema {dataset.topic}.avsc"
            continue
        fields = {field["name"] for field in json.loads(schemas[dataset.topic].text)["fields"]}
        wanted = {*dataset.dimensions, *ROW_FIELDS}
        if fields != wanted:
            names = ", ".join(sorted(fields ^ wanted))
            yield f"dataset {dataset.id}: its dimensions and the fields of {dataset.topic}.avsc differ: {names}"


def _source(policy: Policy) -> Source:
    """Return the source whose records are web log lines; so far the only kind that sanitize reads."""
    for source in policy.sources:
        if source.id == "weblog":
            return source
    raise ConfigError(["sources.yaml: no source weblog"])


def _on_servers(
    settings: Settings, codec: Codec, topics: Sequence[str], schemas: Sequence[str], turn: Turn
) -> tuple[dict[str, int], dict[str, bytes]]:
    """Return the partitions of topics and the headers of schemas; `ConfigError` names all that are missing."""
    problems: list[str] = []

    def ask(server: str, call: Callable[[], T]) -> T | None:
        try:
            return wait_for(server, call, turn=turn)
        except ConfigError as error:
            problems.extend(error.problems)
            return None

    partitions = ask("kafka", lambda: Cluster(settings).partitions(topics))
    headers = {name: ask("registry", partial(codec.header, name)) for name in schemas}
    if problems or partitions is None:
        raise ConfigError(problems)
    return partitions, {name: header for name, header in headers.items() if header is not None}


def _plain(partial: Partial) -> Mapping[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(partial, builtin_types=(bytes,))
    return plain
