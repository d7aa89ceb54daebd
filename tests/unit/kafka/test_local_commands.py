"""Ports: those of last time where free, below the range of outgoing connections, never two the same."""

import socket
from uuid import UUID

import msgspec

from pipeline.kafka import local
from pipeline.kafka.local_commands import LOOPBACK, Ports, choose_ports


def test_fresh_ports_are_distinct_and_below_the_range_of_outgoing_connections():
    ports = msgspec.structs.astuple(choose_ports(None))
    assert len(set(ports)) == 4
    assert all(20_000 <= port < 32_000 for port in ports)


def test_the_ports_of_last_time_are_kept():
    before = choose_ports(None)
    assert choose_ports(before) == before


def test_a_port_that_someone_else_took_is_replaced_and_the_others_are_kept():
    before = choose_ports(None)
    with socket.socket() as other:
        other.bind((LOOPBACK, before.registry))
        other.listen()
        after = choose_ports(before)
    assert after.registry != before.registry
    assert after == msgspec.structs.replace(before, registry=after.registry)


def test_a_port_that_was_asked_for_is_taken_as_it_is():
    asked = choose_ports(Ports(1, 0, 2, 0), kafka=29_092, registry=28_081)
    assert (asked.kafka, asked.registry) == (29_092, 28_081)


def test_no_cluster_id_looks_like_an_option():
    """One of 64 random ones would, and Kafka's tool refuses it."""
    drawn = iter([UUID(bytes=b"\xfb" + bytes(15)), UUID(bytes=b"\x04" + bytes(15))])
    assert local.new_cluster_id(lambda: next(drawn)) == "BAAAAAAAAAAAAAAAAAAAAA"
