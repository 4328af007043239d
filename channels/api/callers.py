"""Who calls by a key: the person whose key it is, as far as the key opens what is asked for."""

import math
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from chains.events import Person
from channels import house
from channels.texts import language_of_reader, texts_in
from errors import Language
from records.keys import Key, Keys, Scope
from records.limits import Limits

_MINUTE = 60.0


@dataclass(frozen=True)
class Caller:
    """Somebody's tool: the person, and the key by which it came."""

    person: Person
    key: Key


class KeyRefused(Exception):
    """No key, none that is valid, or none for this; carries the status and what a person reads, with seconds to wait or none."""

    def __init__(self, status: int, code: str, sentence: str, wait_seconds: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.wait_seconds = wait_seconds

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with the refusal."""
        if self.status == 401:
            return {"WWW-Authenticate": "Bearer"}
        return {"Retry-After": str(self.wait_seconds)} if self.wait_seconds is not None else {}


async def key_caller(connection: HTTPConnection, scope: Scope) -> Caller:
    """Return who calls, by the key in the Authorization header. Raises KeyRefused, and RecordsError."""
    language = language_of(connection)
    texts = texts_in(language)
    if not _is_own(connection):
        raise KeyRefused(403, "foreign_origin", texts("api_foreign_origin"))
    scheme, _, text = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise KeyRefused(401, "missing_api_key", texts("api_no_key"))
    opened = house.opened()
    key = await Keys(opened.database).find(text.strip())
    person = await opened.person_of(key.person) if key is not None else None
    if key is None or person is None:
        raise KeyRefused(401, "invalid_api_key", texts("api_wrong_key"))
    if scope not in key.scopes:
        raise KeyRefused(403, "missing_scope", texts("api_no_scope", scope=scope))
    taken = await Limits(opened.database).take(f"key/{key.id}", opened.api.calls_a_minute, _MINUTE)
    if not taken.allowed:
        seconds = math.ceil(taken.retry_after)
        raise KeyRefused(
            429, "rate_limit_exceeded", texts("api_too_many", count=opened.api.calls_a_minute, seconds=seconds), seconds
        )
    return Caller(person, key)


async def key_person(connection: HTTPConnection, scope: Scope) -> Person:
    """Return the person who calls by a key. Raises KeyRefused, and RecordsError."""
    return (await key_caller(connection, scope)).person


def _is_own(connection: HTTPConnection) -> bool:
    """Tell whether no page of another site sent this: a program says no origin, and our own page says ours."""
    origin = connection.headers.get("origin")
    return origin is None or origin.partition("://")[2] == connection.headers.get("host")


def language_of(connection: HTTPConnection) -> Language:
    """Return the language in which a caller reads refusals: what its Accept-Language asks for first."""
    return language_of_reader(connection.headers.get("accept-language"))
