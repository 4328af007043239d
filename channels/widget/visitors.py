"""Finds who is behind a request that the widget sends: by a session of its own, which opens what the widget needs and nothing else."""

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response

from chains.events import Person
from channels import house
from channels.people import note_again, person_if_open
from channels.signin.options import SignIn
from channels.widget.exchange import DOOR, Entered
from channels.widget.options import WidgetOptions
from errors import Language
from records.sessions import Sessions

if TYPE_CHECKING:
    from channels.web.identity import Find

SESSION = "stagecraft_widget"
_LANGUAGE = "stagecraft_widget_language"
_TAGS = {"en": "en-US", "zh": "zh-CN"}
# What the widget asks for, and no more: no page, no desk of an admin, no keys, no history of other chats.
_PREFIXES = ("/ws/", "/project/file", "/artifacts/", "/workspace/", "/turns/", "/avatars/")
_PATHS = frozenset(
    {"/user", "/auth/config", "/set-session-cookie", "/project/settings", "/project/translations", "/project/action", "/feedback"}
)
_ROLES = frozenset({"analyst"})


def with_widget(find: "Find", widget: WidgetOptions) -> "Find":
    """Return what finds people as `find` does, and those whom the widget brings besides.

    Who has a session of the page and one of the widget is found by the one that belongs to where the request comes from.
    """

    async def found(connection: HTTPConnection) -> Person | None:
        token = connection.cookies.get(SESSION)
        if not token or not _is_for_widget(connection.scope["path"]):
            return await find(connection)
        person = None if _comes_from_portal(connection, widget) else await find(connection)
        return person or await _visitor(connection, token)

    return found if widget.is_on else find


async def _visitor(connection: HTTPConnection, token: str) -> Person | None:
    """Return the person of a session of the widget; it is looked up each time, so that a revoked one ends at once."""

    async def again() -> Person | None:
        found = await Sessions(house.opened().database).find(token)
        person = person_if_open(found.person) if found is not None and found.door == DOOR else None
        return replace(person, roles=_ROLES) if person is not None else None

    note_again(connection.scope, again)
    person = await again()
    if person is not None:
        _speak_its_language(connection)
    return person


def _is_for_widget(path: str) -> bool:
    return path.startswith(_PREFIXES) or path in _PATHS


def _comes_from_portal(connection: HTTPConnection, widget: WidgetOptions) -> bool:
    """Tell whether a portal's page sent a request; a picture and a download name no origin, but come from the same site."""
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") == "same-site"
    return origin in widget.origins


def _speak_its_language(connection: HTTPConnection) -> None:
    """Put the language that the widget was opened in before the browser's own."""
    tag = _TAGS.get(connection.cookies.get(_LANGUAGE, ""))
    if tag is not None:
        MutableHeaders(scope=connection.scope)["accept-language"] = tag


def give_visit(response: Response, entered: Entered, language: Language | None, signin: SignIn) -> None:
    """Have the browser hold a session of the widget, and the language that it was opened in."""
    for name, value in ((SESSION, entered.token), (_LANGUAGE, language or "")):
        if value:
            response.set_cookie(
                name, value, max_age=entered.seconds, path="/", secure=signin.is_secure, httponly=True, samesite="lax"
            )
        else:
            response.delete_cookie(name, path="/", secure=signin.is_secure, httponly=True, samesite="lax")


def take_visit(response: Response, signin: SignIn) -> None:
    """Have the browser forget its session of the widget."""
    for name in (SESSION, _LANGUAGE):
        response.delete_cookie(name, path="/", secure=signin.is_secure, httponly=True, samesite="lax")
