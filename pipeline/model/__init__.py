"""The nouns that flow: what a stage reads, emits and answers. Frozen, no I/O, imports nothing of ours."""

from pipeline.model.flow import Batch, Committed, Emit, Gauged, Output, Partition, Position, Record, Stage
from pipeline.model.outcome import Rejected
from pipeline.model.partial import Cell, Partial
from pipeline.model.time import DAY_MS, HOUR_MS, utc_day
from pipeline.model.visit import ContainerHeader

__all__ = [
    "DAY_MS",
    "HOUR_MS",
    "Batch",
    "Cell",
    "Committed",
    "ContainerHeader",
    "Emit",
    "Gauged",
    "Output",
    "Partial",
    "Partition",
    "Position",
    "Record",
    "Rejected",
    "Stage",
    "utc_day",
]
