"""The widget's own addresses: the script and what it loads, a portal's word exchanged for a ticket, and a ticket for a session."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from channels import house
from channels.signin.limits import SignInLimits
from channels.signin.options import SignIn
from channels.signin.provider import Provider
from channels.signin.refusals import SignInRefused
from channels.texts import Texts, language_of_reader, texts_in
from channels.widget.exchange import Exchange
from channels.widget.files import Served, WidgetFiles
from channels.widget.options import WidgetOptions
from channels.widget.refusals import WidgetRefused
from channels.widget.visitors import SESSION, give_visit, take_visit
from errors import AssistantError, Language, failure_id_of
from records.assertions import TICKET_SECONDS
from records.sessions import Sessions

_log = logging.getLogger("stagecraft.widget")
_Name = Annotated[str, Path(pattern=r"^[a-z]{1,16}-[0-9a-f]{16}\.(js|css)$")]
_LONGEST_TOKEN = 16_384
_NO_STORE = {"Cache-Control": "no-store"}
_FOREVER = "public, max-age=31536000, immutable"
# The address stays the same from version to version, so that a browser asks; what it names changes its name.
_ASKED_AGAIN = "public, max-age=300"


class _SessionAsked(BaseModel):
    """What a portal's server hands in: its word for a person, and what their browser showed of its secret."""

    model_config = ConfigDict(extra="forbid", strict=True)

    challenge: str = Field(pattern=r"^[A-Za-z0-9_-]{43}$")
    assertion: str | None = Field(None, min_length=1, max_length=_LONGEST_TOKEN)
    id_token: str | None = Field(None, min_length=1, max_length=_LONGEST_TOKEN)

    @model_validator(mode="after")
    def _one_word(self) -> "_SessionAsked":
        if (self.assertion is None) == (self.id_token is None):
            raise ValueError("either an assertion or an id_token")
        return self


class _EntryAsked(BaseModel):
    """What a browser hands in: its ticket, the secret that it drew, and the language that the widget was opened in."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ticket: str = Field(min_length=1, max_length=200)
    secret: str = Field(min_length=43, max_length=200)
    language: Language | None = None


_Asked = TypeVar("_Asked", bound=BaseModel)


def widget_routes(widget: WidgetOptions, signin: SignIn) -> APIRouter:
    """Return the routes of the widget; none where no portal may show it."""
    router = APIRouter()
    if widget.is_on:
        door = _WidgetRoutes(widget, signin)
        router.add_api_route("/widget.js", door.script, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/widget/session", door.session, methods=["POST"], response_model=None)
        router.add_api_route("/widget/enter", door.enter, methods=["POST"], response_model=None)
        router.add_api_route("/widget/leave", door.leave, methods=["POST"], response_model=None)
        router.add_api_route("/widget/{name}", door.file, methods=["GET", "HEAD"], response_model=None)
    return router


class _WidgetRoutes:
    """The endpoints, bound to how the widget is set up."""

    def __init__(self, widget: WidgetOptions, signin: SignIn) -> None:
        self._widget = widget
        self._signin = signin
        self._files = WidgetFiles(widget)
        self._provider = Provider(signin.oidc)
        self._making = asyncio.Lock()

    async def script(self, request: Request) -> Response:
        """Send the script that a portal names."""

        async def answer() -> Response:
            # Packing what the script names takes half a second, once.
            async with self._making:
                made = await asyncio.to_thread(lambda: self._files.script)
            return _file(request, made, _ASKED_AGAIN)

        return await _told(request, answer)

    async def file(self, request: Request, name: _Name) -> Response:
        """Send what the script names; an earlier version's name is gone."""

        async def answer() -> Response:
            async with self._making:
                found = await asyncio.to_thread(self._files.named, name)
            return _nothing() if found is None else _file(request, found, _FOREVER)

        return await _told(request, answer)

    async def session(self, request: Request) -> Response:
        """Take a portal's word for a person, from its server, and answer a ticket for that person's browser."""

        async def answer() -> Response:
            if "origin" in request.headers or "sec-fetch-site" in request.headers:
                raise WidgetRefused("widget_for_servers", "browser")
            asked = await _read(request, _SessionAsked)
            limits = SignInLimits(house.opened().database, request)
            await limits.take()
            exchange = self._exchange()
            if asked.assertion is not None:
                ticket = await exchange.ticket_for_assertion(asked.assertion, asked.challenge)
            else:
                ticket = await exchange.ticket_for_id_token(asked.id_token or "", asked.challenge)
            await limits.give_back()
            return JSONResponse({"ticket": ticket, "seconds": TICKET_SECONDS}, headers=_NO_STORE)

        return await _told(request, answer)

    async def enter(self, request: Request) -> Response:
        """Take a ticket from the browser that it is for, on a portal's page, and begin a session."""

        async def answer() -> Response:
            self._require_portal(request)
            asked = await _read(request, _EntryAsked)
            entered = await self._exchange().enter(asked.ticket, asked.secret)
            response = JSONResponse({"seconds": entered.seconds, "visitor": entered.visitor}, headers=_NO_STORE)
            give_visit(response, entered, asked.language, self._signin)
            return response

        return await _told(request, answer)

    async def leave(self, request: Request) -> Response:
        """End the session of the widget: its person signed out of the portal."""

        async def answer() -> Response:
            self._require_portal(request)
            token = request.cookies.get(SESSION)
            if token:
                await Sessions(house.opened().database).revoke(token)
            response = JSONResponse({"success": True}, headers=_NO_STORE)
            take_visit(response, self._signin)
            return response

        return await _told(request, answer)

    def _exchange(self) -> Exchange:
        return Exchange(self._widget, self._signin, house.opened().database, self._provider)

    def _require_portal(self, request: Request) -> None:
        """Raise WidgetRefused unless a page of a portal sent this; a browser always says which page did."""
        if request.headers.get("origin") not in self._widget.origins:
            raise WidgetRefused("widget_foreign_page", "origin", detail=f"origin {request.headers.get('origin', '')[:200]!r}")


async def _read(request: Request, shape: type[_Asked]) -> _Asked:
    """Return the body in this shape. Raises WidgetRefused where it has another."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise WidgetRefused("widget_unreadable", "body", status=400, detail=error.errors()[0]["type"]) from error


def _file(request: Request, file: Served, kept: str) -> Response:
    """Return a file, or nothing but its mark where the browser has it already."""
    mark = f'"{file.name}"'
    headers = {"ETag": mark, "Cache-Control": kept, "Vary": "Accept-Encoding"}
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file.is_packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.content, media_type=file.mime, headers={**headers, "Content-Encoding": "gzip"})
    return Response(file.plain, media_type=file.mime, headers=headers)


def _nothing() -> Response:
    return JSONResponse({"error": "There is nothing here."}, 404)


async def _told(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """Return the answer; an error a person may read becomes its sentence, anything else a number that is logged once."""
    texts = _texts(request)
    try:
        return await answer()
    except WidgetRefused as error:
        _log.warning("%s refused: %s", request.url.path, error.detail)
        return _refusal(error, texts, error.status, error.reason)
    except SignInRefused as error:
        _log.warning("%s refused: %s", request.url.path, error.detail)
        return _refusal(error, texts, error.status, "signin")
    except AssistantError as error:
        _log.warning("%s failed: %s (%s)", request.url.path, error, error.detail)
        return _refusal(error, texts, 503, "later")
    except Exception as error:  # noqa: BLE001 - the one boundary of these routes
        failure_id = failure_id_of(error)
        _log.exception("failure %s at %s", failure_id, request.url.path)
        return JSONResponse({"error": texts("unexpected_request", id=failure_id), "reason": "fault"}, 500, headers=_NO_STORE)


def _refusal(error: AssistantError, texts: Texts, status: int, reason: str) -> Response:
    return JSONResponse({"error": error.sentence(texts.language), "reason": reason}, status, headers=_NO_STORE)


def _texts(request: Request) -> Texts:
    return texts_in(language_of_reader(request.headers.get("accept-language")))
