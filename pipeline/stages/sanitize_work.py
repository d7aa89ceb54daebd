"""What one batch comes to: collected while its records are read, then turned into an Output."""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.model import Emit, Record


@dataclass
class Work:
    """`visits` are encoded, by visits partition."""

    visits: list[list[bytes]]
    emits: list[Emit] = field(default_factory=list)
    letters: list[tuple[Record, str]] = field(default_factory=list)  # (record, reason)
    last: dict[int, Record] = field(default_factory=dict)  # by raw partition
    newest: dict[int, int] = field(default_factory=dict)  # by raw partition: largest event time, ms
    ends: list[tuple[Record, int]] = field(default_factory=list)  # end-of-input records and their times
    late: int = 0
    denied: Counter[str] = field(default_factory=Counter)

    def counts(self, records: int, event: str) -> dict[tuple[str, str], int]:
        """Account for every record: in = out + late + quarantined + denied; control records are apart."""
        reasons = Counter(reason for _, reason in self.letters)
        counts = {
            ("in", ""): records - len(self.ends),
            ("control", ""): len(self.ends),
            ("out", event): len(self.emits) - self.late,
            ("late", ""): self.late,
        }
        counts.update({("quarantined", reason): number for reason, number in reasons.items()})
        counts.update({("denied", reason): number for reason, number in self.denied.items()})
        return {name: number for name, number in counts.items() if number}
