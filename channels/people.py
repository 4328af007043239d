"""Who asks: the person that the sign-in found behind a request. Without sign-in everybody at this machine is the one local analyst."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any

from starlette.requests import HTTPConnection

from chains.events import Person
from records.people import DirectoryPerson, People

if TYPE_CHECKING:
    from records.database import Database

LOCAL_ANALYST = Person(
    "local-analyst", "Local analyst", frozenset({"everyone"}), frozenset({"analyst", "curator", "steward", "admin"})
)
_KEY = "stagecraft.person"
_AGAIN = "stagecraft.person_again"
# Asks once more who is behind a connection that stays open; None where they may not go on.
Again = Callable[[], Awaitable[Person | None]]


async def local_person(person_id: str) -> Person | None:
    """Return the local analyst by their id; where nobody signs in there is nobody else."""
    return LOCAL_ANALYST if person_id == LOCAL_ANALYST.id else None


def person_of_directory(database: "Database") -> Callable[[str], Awaitable[Person | None]]:
    """Return what finds a person of the directory by their id, as long as they may come in."""
    people = People(database)

    async def person_of(person_id: str) -> Person | None:
        found = await people.person(person_id)
        return person_if_open(found)

    return person_of


class NotSignedIn(Exception):
    """Nobody is behind the request; the application answers 401."""


def as_person(found: DirectoryPerson) -> Person:
    """Return a person of the directory as the chain knows them. Raises NotSignedIn where they were deactivated or have no role."""
    if not (found.active and found.roles):
        raise NotSignedIn
    return Person(found.id, found.name, found.groups, found.roles)


def person_if_open(found: DirectoryPerson | None) -> Person | None:
    """Return a person of the directory as the chain knows them, or None where they may not come in."""
    return as_person(found) if found is not None and found.active and found.roles else None


def note_person(scope: MutableMapping[str, Any], person: Person | None) -> None:
    """Note on an ASGI scope who is behind it; done once, by the middleware that looked."""
    scope[_KEY] = person


def person_in_scope(scope: MutableMapping[str, Any]) -> Person | None:
    """Return who is behind an ASGI scope; None where nobody is signed in."""
    return scope.get(_KEY)


def person_in(connection: HTTPConnection) -> Person:
    """Return who is behind a request. Raises NotSignedIn."""
    person = person_in_scope(connection.scope)
    if person is None:
        raise NotSignedIn
    return person


def note_again(scope: MutableMapping[str, Any], again: Again) -> None:
    """Note on an ASGI scope how to ask later who is behind it: a websocket outlives the session that opened it."""
    scope[_AGAIN] = again


def again_in_scope(scope: MutableMapping[str, Any]) -> Again:
    """Return how to ask once more who is behind an ASGI scope; where nothing was noted, whoever it was stays."""
    return scope.get(_AGAIN) or _unchanged(person_in_scope(scope))


def _unchanged(person: Person | None) -> Again:
    async def again() -> Person | None:
        return person

    return again
