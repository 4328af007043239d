"""Who asks: the person that the sign-in found behind a request. Without sign-in everybody at this machine is the one local analyst."""

from collections.abc import MutableMapping
from typing import Any

from starlette.requests import HTTPConnection

from chains.events import Person

LOCAL_ANALYST = Person(
    "local-analyst", "Local analyst", frozenset({"everyone"}), frozenset({"analyst", "curator", "steward", "admin"})
)
_KEY = "stagecraft.person"


class NotSignedIn(Exception):
    """Nobody is behind the request; the application answers 401."""


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
