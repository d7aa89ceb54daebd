"""Faust on committed records only: subclasses of its transport, nothing patched (docs/adr: Faust in control).

Outside of `exactly_once`, which does not hold what it says, Faust 0.15.3 has no setting for the isolation
level and reads what aborted transactions wrote. It also takes the first record after a gap in the offsets
(each transaction leaves a marker there) for a part of the gap, and commits past it before it was handled.
"""

from typing import Any

import faust
from faust.transport.drivers import aiokafka as driver
from faust.types import TP


class CommittedConsumerThread(driver.AIOKafkaConsumerThread):
    """Makes the client's consumer; the isolation level is read when that is started."""

    def _create_worker_consumer(self, transport: driver.Transport) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"  # noqa: SLF001  # Faust passes no arguments on
        return consumer


class CommittedConsumer(driver.Consumer):
    """Reads committed records and knows the gaps between them."""

    def _new_consumer_thread(self) -> CommittedConsumerThread:
        return CommittedConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        # Faust passes the offset of the record that ends the gap as its last one.
        await super()._add_gap(tp, offset_from, offset_to - 1)


class CommittedTransport(driver.Transport):
    """Transport whose consumers read committed records."""

    Consumer = CommittedConsumer


class CommittedApp(faust.App):
    """App on that transport."""

    def _new_transport(self) -> CommittedTransport:
        return CommittedTransport(self.conf.broker_consumer, self)
