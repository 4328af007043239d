"""Finds who is behind a request: by the session that a browser holds, or by what a listed proxy says of them."""

from time import monotonic
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from chains.events import Person
from channels import house
from channels.people import LOCAL_ANALYST, note_again, person_if_open
from channels.signin.claims import identity_of
from channels.signin.cookies import session_token
from channels.signin.options import SignIn
from channels.web.gates import came_through_proxy
from records.people import Identity, People
from records.sessions import Sessions

if TYPE_CHECKING:
    from channels.web.identity import Find

HEADER_ISSUER = "header"
# A session of another door opens less, and does not become one of the page in another cookie.
_DOOR = "page"
# What a proxy says is written down anew after so long, or when it changes.
_WRITTEN_SECONDS, _MOST_REMEMBERED = 300.0, 10_000


def finder(signin: SignIn) -> "Find":
    """Return what finds people the way they sign in here."""
    if signin.method == "none":
        return _local
    return _ProxyFinder(signin) if signin.method == "header" else _by_session


async def _local(_connection: HTTPConnection) -> Person | None:
    """Return the local analyst, whoever calls: the hardening lets nobody in but this machine."""
    return LOCAL_ANALYST


async def _by_session(connection: HTTPConnection) -> Person | None:
    """Return the person whose session the browser holds; it is looked up each time, so that a revoked one ends at once."""
    token = session_token(connection)
    if token is None:
        return None

    async def again() -> Person | None:
        found = await Sessions(house.opened().database).find(token)
        return person_if_open(found.person) if found is not None and found.door == _DOOR else None

    note_again(connection.scope, again)
    return await again()


class _ProxyFinder:
    """Takes a listed proxy's word for who asks."""

    def __init__(self, signin: SignIn) -> None:
        self._signin = signin
        self._written: dict[str, tuple[Identity, float]] = {}

    async def __call__(self, connection: HTTPConnection) -> Person | None:
        """Return the person whom the proxy names, put into the directory where they are new."""
        identity = self._named(connection) if came_through_proxy(connection.scope) else None
        if identity is None:
            return None
        subject = identity.subject

        async def again() -> Person | None:
            return person_if_open(await People(house.opened().database).by_identity(HEADER_ISSUER, subject))

        note_again(connection.scope, again)
        person = await again()
        if person is not None and self._is_written(identity):
            return person
        return await self._put(identity)

    def _named(self, connection: HTTPConnection) -> Identity | None:
        names = self._signin.headers
        user, email = _header(connection, names.user), _header(connection, names.email)
        groups = _header(connection, names.groups) if names.groups else None
        try:
            return identity_of(
                self._signin,
                HEADER_ISSUER,
                user,
                name=_header(connection, names.name) or user,
                email=email or user,
                email_verified=True,
                groups=None if groups is None else _listed(groups),
            )
        except ValueError:
            return None

    def _is_written(self, identity: Identity) -> bool:
        known, at = self._written.get(identity.subject, (None, 0.0))
        return known == identity and monotonic() - at < _WRITTEN_SECONDS

    async def _put(self, identity: Identity) -> Person | None:
        person = await People(house.opened().database).sign_in(identity, door="page")
        if len(self._written) >= _MOST_REMEMBERED:
            self._written.clear()
        self._written[identity.subject] = (identity, monotonic())
        return person_if_open(person)


def _header(connection: HTTPConnection, name: str) -> str:
    """Return a header as text; proxies send UTF-8, which the protocol reads as Latin-1.

    Of a header that comes twice nothing is believed: one of the two may be the caller's own.
    """
    found = connection.headers.getlist(name) if name else []
    value = found[0] if len(found) == 1 else ""
    try:
        return value.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return value.strip()


def _listed(groups: str) -> list[str]:
    """Return the groups of a header, parted by commas, semicolons or bars."""
    return [group.strip() for group in groups.replace(";", ",").replace("|", ",").split(",") if group.strip()]
