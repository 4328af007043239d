"""The parts of an open house that are asked how they stand, and who sees the answers in full."""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from chains.endpoint.breaker import BreakerState
from channels.web.gates import came_through_proxy

if TYPE_CHECKING:
    from knowledge.knowledge import Knowledge
    from records.database import Database


@dataclass(frozen=True)
class QueueStanding:
    """The gate to the endpoint: calls under way, briefs that wait, how many may wait (0: no bound), and how many were sent away."""

    running: int = 0
    waiting: int = 0
    most_waiting: int = 0
    shed: int = 0


@dataclass(frozen=True)
class WatchedHouse:
    """Handed to readiness and metrics once the house is open; nothing here waits for the endpoint."""

    database: "Database"
    knowledge: "Knowledge"
    breaker: Callable[[], BreakerState]
    queue: Callable[[], QueueStanding] = QueueStanding


def is_at_this_machine(connection: HTTPConnection) -> bool:
    """Tell whether the caller is a program of this machine: it came over loopback, and no proxy says that it passes somebody on."""
    passed_on = any(name == "forwarded" or name.startswith("x-forwarded-") or name == "x-real-ip" for name in connection.headers)
    return not passed_on and is_within(connection, ("127.0.0.0/8", "::1/128"))


def is_within(connection: HTTPConnection, networks: Sequence[str]) -> bool:
    """Tell whether the caller came by itself, through no proxy, from one of these networks."""
    if came_through_proxy(connection.scope):
        return False
    try:
        address = ipaddress.ip_address(connection.client.host if connection.client else "")
    except ValueError:
        return False
    # A socket that listens on IPv6 tells of an IPv4 caller by a mapped address.
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ipaddress.ip_network(network, strict=False) for network in networks)
