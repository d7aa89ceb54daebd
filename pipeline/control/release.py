"""Complete windows -> one release each, whatever crashes when.

    1 draw   one SQL transaction: drawn, shuffled, encoded, stored with the topic's end offset: pending
    2 fence  Kafka refuses every earlier releaser of the dataset from here on, and ends what it had begun
    3 look   from the stored offset: is the stored manifest, byte for byte, in the topic already?
    4 send   if not: rows and manifest in one Kafka transaction
    5 mark   one SQL transaction: published; the window's partials are deleted

A crash before 1 is done leaves partials that are complete: drawn again, since nobody has seen the first
draw. After 1 the bytes are fixed, and each later step may be repeated: 3 sees what 4 did. Between 3 and 4
nobody else can send, since 2 refused all others; who is refused ends. Releases of a dataset come in the
order in which their windows become complete. That is the windows' order as long as `partials` has one
partition, but nothing depends on it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from random import SystemRandom
from typing import Protocol

import msgspec
import sqlalchemy as sa

from pipeline.control.publisher import Publisher
from pipeline.datasets.release import AvroRecord, release
from pipeline.model import Partial
from pipeline.policy.model import Policy
from pipeline.store import releases
from pipeline.store.releases import Drawn, Window

_RANDOM = SystemRandom()


class Encoder(Protocol):
    """What the releaser needs of the codec."""

    def encode(self, schema: str, record: Mapping[str, object]) -> bytes:
        """Return the record in wire format under the newest registered schema of that name."""


class Released(msgspec.Struct, frozen=True):
    """A release that was published, for the log and the metrics."""

    dataset: str
    window_start: int
    window_end: int
    rows: int
    withheld: bool


class Releaser:
    """Makes and publishes releases; all state is in the store, so a new one goes on where the last one ended.

    `step` is called after each numbered step: it winds the watchdog, and tests stop the process there.
    """

    def __init__(  # noqa: PLR0913  # what it composes, each under its name
        self,
        *,
        engine: sa.Engine,
        policy: Policy,
        encoder: Encoder,
        publisher: Publisher,
        patience_ms: int,
        shuffle: Callable[[list[AvroRecord]], None] = _RANDOM.shuffle,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        step: Callable[[str], None] = lambda _step: None,
    ) -> None:
        """`patience_ms`: after a window's first partial, how long the missing ones may take to come."""
        self._engine = engine
        self._policy = policy
        self._datasets = {dataset.id: dataset for dataset in policy.datasets}
        self._encoder = encoder
        self._publisher = publisher
        self._patience_ms = patience_ms
        self._shuffle = shuffle
        self._now_ms = now_ms
        self._step = step

    def add(self, partial: Partial) -> releases.Added:
        """Keep a partial; delivered again it changes nothing."""
        return releases.add_partial(self._engine, partial, now_ms=self._now_ms())

    def release_due(self) -> list[Released]:
        """Draw what is complete or given up, publish all that is drawn; may be called at any time.

        A dataset that the policy no longer names has no topic: its releases are left alone, its partials go.
        """
        for window in releases.complete(self._engine):
            if window.dataset in self._datasets:
                self._draw(window, complete=True)
        for window in releases.overdue(self._engine, self._now_ms() - self._patience_ms):
            if window.dataset in self._datasets:
                self._draw(window, complete=False)
            else:
                releases.forget(self._engine, window)
        drawn = releases.pending(self._engine)
        return [self._publish(one) for one in drawn if one.window.dataset in self._datasets]

    def _draw(self, window: Window, *, complete: bool) -> None:
        dataset = self._datasets[window.dataset]
        end_offset = self._publisher.end_offset(dataset.topic)

        def make(partials: Sequence[Partial]) -> Drawn:
            made = release(partials, dataset, self._policy, shuffle=self._shuffle, complete=complete)
            rows = [self._encoder.encode(f"anon.{dataset.id}", row) for row in made.rows]
            manifest = self._encoder.encode("anon.manifest", made.manifest)
            return Drawn(
                window=window,
                window_end=made.window_end,
                withheld=made.withheld,
                records=(*rows, manifest),
                end_offset=end_offset,
            )

        releases.draw(self._engine, window, make, now_ms=self._now_ms())
        self._step("draw")

    def _publish(self, drawn: Drawn) -> Released:
        topic = self._datasets[drawn.window.dataset].topic
        self._publisher.fence(drawn.window.dataset)
        self._step("fence")
        manifest = drawn.records[-1]
        there = any(record == manifest for record in self._publisher.read(topic, drawn.end_offset))
        self._step("look")
        if not there:
            # The window's end as timestamp: retention of the topic runs in the time of its content.
            self._publisher.send(topic, drawn.records, drawn.window_end)
        self._step("send")
        releases.mark_published(self._engine, drawn.window, now_ms=self._now_ms())
        self._step("mark")
        return Released(
            drawn.window.dataset,
            drawn.window.start,
            drawn.window_end,
            len(drawn.records) - 1,
            drawn.withheld,
        )
