"""How often somebody may try to sign in: a few times a name, then ever more slowly, and so many times an address."""

import ipaddress
import time

from starlette.requests import HTTPConnection

from channels.signin.refusals import SignInRefused
from records.attempts import Attempts
from records.database import Database

_FREE_A_NAME = 5
# Many people share an office's address; whoever tries names one after the other is slowed down by it.
_FREE_AN_ADDRESS, _WINDOW_SECONDS = 100, 600


class SignInLimits:
    """Takes an attempt before it is looked at, and gives it back where it succeeded."""

    def __init__(self, database: Database, connection: HTTPConnection, name: str = "") -> None:
        self._attempts = Attempts(database)
        self._address = f"address {_network_of(connection)} {int(time.time() // _WINDOW_SECONDS)}"
        self._name = f"name {name.strip().lower()}" if name else ""

    async def take(self) -> None:
        """Take one attempt. Raises SignInRefused, with how long to wait, where none is left."""
        for who, free in ((self._address, _FREE_AN_ADDRESS), (self._name, _FREE_A_NAME)):
            wait = await self._attempts.reserve(who, free=free) if who else None
            if wait is not None:
                seconds = int(wait.total_seconds()) + 1
                raise SignInRefused("signin_wait", status=429, wait=wait, seconds=seconds)

    async def give_back(self) -> None:
        """Note that the attempt succeeded."""
        await self._attempts.forgive(self._address)
        if self._name:
            await self._attempts.forget(self._name)


def _network_of(connection: HTTPConnection) -> str:
    """Return the caller's address; of IPv6 the network, of which one caller has all addresses."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if address.version == 6 else str(address)
