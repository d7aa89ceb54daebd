"""The header of a `visits` record, an Avro object container file: its metadata carries time."""

import msgspec


class ContainerHeader(msgspec.Struct, frozen=True):
    """Event-time progress of the raw partitions that one sanitize worker reads, as of this container.

    `partitions` is the number of raw partitions in all, by topic. `watermarks` maps "topic/number" to
    ms since the epoch, or to None for a partition that never had a record (it holds nothing back).
    `policy` is the policy's stamp. Carried as JSON in the file metadata under `pipeline.header`.
    """

    partitions: dict[str, int]
    watermarks: dict[str, int | None]
    policy: str


VISITS = "visits"
"""The topic."""
CONTAINER_HEADER_KEY = "pipeline.header"
