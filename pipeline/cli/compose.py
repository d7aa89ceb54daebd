"""The composition root of the long-running processes: settings -> the parts that a stage works with.

Two steps. `Checked` reads what lies on this machine and names every problem at once. Then the servers are
asked, patiently: broker, registry and store may be away when a process starts.

What only one process needs is imported where it is made: Polars and Faust would cost each sanitize worker 40 MB.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from pipeline.config import Settings
from pipeline.control.quarantine import KafkaQuarantine
from pipeline.control.schedules import keep_day_keys
from pipeline.errors import ConfigError
from pipeline.kafka.clients import Cluster
from pipeline.kafka.codec import Codec
from pipeline.kafka.patience import wait_for
from pipeline.kafka.registry import Registry
from pipeline.kafka.schemas import SchemaFile, load_schemas
from pipeline.model import Partial, Stage
from pipeline.policy.load import load_policy
from pipeline.policy.model import Policy, Source
from pipeline.protect.geo import Geo, open_geo
from pipeline.protect.sealing import BatchSealer, load_public
from pipeline.stages.sanitize import VISITS
from pipeline.stages.sanitize_build import build
from pipeline.stages.sanitize_quarantine import TOPIC as SANITIZE_QUARANTINE
from pipeline.stages.sanitize_quarantine import Quarantine
from pipeline.stages.sanitize_treatments import Outputs
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

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        problems = [
            f"PII_PIPELINE_{name.upper()} is not set, and no local stack is up (`pii-pipeline local up`)"
            for name in ("kafka_servers", "registry_url", "store_url")
            if not getattr(settings, name)
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
    codec = checked.codec()
    partitions = _partitions(settings, (source.topic, source.event, VISITS, SANITIZE_QUARANTINE), turn)
    header = _header(codec, source.event, turn)
    _header(codec, "quarantine", turn)
    wait_for("store", lambda: migrate(checked.engine), turn=turn)
    return build(
        policy=policy,
        source=source,
        site=settings.site,
        keys=day_keys.StoredVisitorKeys(checked.engine, checked.kms, checked.sites, now_ms),
        geo=checked.geo,
        sealer=BatchSealer(checked.officer),
        outputs=Outputs(
            header,
            checked.definition(source.event),
            checked.definition(VISITS),
            partitions[source.event],
            partitions[VISITS],
        ),
        encode_quarantined=partial(codec.encode, "quarantine"),
        raw_partitions={source.topic: partitions[source.topic]},
    )


def aggregate(checked: Checked, turn: Turn) -> Stage:
    """Make the stage `aggregate`."""
    from pipeline.stages.aggregate import PARTIALS, QUARANTINE, Aggregate  # noqa: PLC0415  # memory, as said above

    codec = checked.codec()
    partitions = _partitions(checked.settings, (VISITS, PARTIALS, QUARANTINE), turn)
    for name in (PARTIALS, "quarantine"):
        _header(codec, name, turn)
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
    for name in ("quarantine", "anon.manifest", *(dataset.topic for dataset in checked.policy.datasets)):
        _header(codec, name, turn)
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


def _source(policy: Policy) -> Source:
    """Return the source whose records are web log lines; so far the only kind that sanitize reads."""
    for source in policy.sources:
        if source.id == "weblog":
            return source
    raise ConfigError(["sources.yaml: no source weblog"])


def _partitions(settings: Settings, topics: Sequence[str], turn: Turn) -> dict[str, int]:
    return wait_for("kafka", lambda: Cluster(settings).partitions(topics), turn=turn)


def _header(codec: Codec, schema: str, turn: Turn) -> bytes:
    return wait_for("registry", lambda: codec.header(schema), turn=turn)


def _plain(partial: Partial) -> Mapping[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(partial, builtin_types=(bytes,))
    return plain
