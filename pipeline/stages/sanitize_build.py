"""Puts a Sanitize stage together from the policy and what the shell hands in."""

from collections.abc import Mapping

from pipeline.detect.detector import Detector
from pipeline.errors import ConfigError
from pipeline.policy.model import Policy, Source
from pipeline.protect.client import Clients
from pipeline.protect.geo import Geo
from pipeline.protect.ports import Sealer, VisitorKeys
from pipeline.stages.quarantine import Encode, Quarantine
from pipeline.stages.sanitize import QUARANTINE, Sanitize
from pipeline.stages.sanitize_treatments import Outputs, SiteCompiler
from pipeline.stages.sanitize_values import Senders
from pipeline.stages.sanitize_visits import ContainerWriter


def build(  # noqa: PLR0913  # the composition root passes each part by name
    *,
    policy: Policy,
    source: Source,
    site: str,
    keys: VisitorKeys,
    geo: Geo,
    detector: Detector,
    sealer: Sealer,
    outputs: Outputs,
    encode_quarantined: Encode,
    raw_partitions: Mapping[str, int],
) -> Sanitize:
    """Compile the policy for every site; `ConfigError` if the policy and the schemas do not fit.

    `site` is that of records without a header, `raw_partitions` the number of partitions of each raw topic,
    `encode_quarantined` gives a dead letter its wire format.
    """
    if site and site not in {declared.id for declared in policy.sites}:
        raise ConfigError([f"site {site}: not declared in the policy"])
    return Sanitize(
        policy=policy,
        source=source,
        site=site,
        compilers=compile_sites(policy, source, geo, detector, outputs),
        detector=detector,
        keys=keys,
        quarantine=Quarantine(sealer, encode_quarantined, policy.stamp, topic=QUARANTINE),
        containers=ContainerWriter(outputs.visit_schema),
        raw_partitions=raw_partitions,
        visits_partitions=outputs.visits_partitions,
    )


def compile_sites(
    policy: Policy, source: Source, geo: Geo, detector: Detector, outputs: Outputs
) -> dict[str, SiteCompiler]:
    """Compile the treatments of every declared site."""
    senders = Senders(Clients(policy.vocabulary.browsers, policy.vocabulary.operating_systems), geo)
    return {site.id: SiteCompiler(policy, source, site, detector, senders, outputs) for site in policy.sites}
