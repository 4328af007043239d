"""The demo portal: a service desk with a few tickets, at which one of two people is signed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from channels.texts import language_of_reader
from channels.widget.portal.signing import AssistantSilent, PortalUser, assertion_of, ticket_for
from errors import Language

_HERE = Path(__file__).parent
_USER, _LANGUAGE = "portal_user", "portal_language"
_MOST_BODY = 1_000


@dataclass(frozen=True)
class Portal:
    """Where the portal is (`address`, also the name that it signs under), where the assistant is, and the portal's private key."""

    address: str
    assistant: str
    key: bytes


def portal_application(portal: Portal) -> Starlette:
    """Return the portal's application; it answers to its own name on this machine only."""
    pages = _Pages(portal)
    routes = [
        Route("/", pages.home),
        Route("/tickets/{id}", pages.ticket),
        Route("/as/{user}", pages.become),
        Route("/in/{language}", pages.speak),
        Route("/stagecraft/ticket", pages.widget_ticket, methods=["POST"]),
    ]
    own = str(urlsplit(portal.address).hostname)
    return Starlette(routes=routes, middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[own])])


class _Pages:
    """The portal's pages. Who is signed in is a choice of whoever sits there: it is a demonstration, and says so."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._shown = desk()
        self._users = {user.id: user for user in users()}

    async def home(self, _request: Request) -> Response:
        """Go to the first ticket."""
        return RedirectResponse(f"/tickets/{next(iter(self._shown['tickets']))}")

    async def become(self, request: Request) -> Response:
        """Sign the other person in."""
        return _kept(request, _USER, self._users, request.path_params["user"])

    async def speak(self, request: Request) -> Response:
        """Change the language."""
        return _kept(request, _LANGUAGE, {"en": "", "zh": ""}, request.path_params["language"])

    async def ticket(self, request: Request) -> Response:
        """Show a ticket, and the widget beside it."""
        asked = self._shown["tickets"].get(request.path_params["id"])
        if asked is None:
            return Response("There is no such ticket.", 404, media_type="text/plain")
        language = _language(request)
        page = _template().render(
            language=language,
            texts=_in(self._shown["texts"], language),
            tickets={name: _in(ticket, language) for name, ticket in self._shown["tickets"].items()},
            shown=request.path_params["id"],
            ticket=_in(asked, language),
            users=self._users.values(),
            user=self._user(request),
            assistant=self._portal.assistant,
        )
        return HTMLResponse(page, headers={"Content-Security-Policy": self._policy(), "Cache-Control": "no-store"})

    async def widget_ticket(self, request: Request) -> Response:
        """Vouch for who is signed in to the assistant, and hand its ticket on to the browser that asks."""
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return JSONResponse({"error": "Another site may not ask in your name."}, 403)
        challenge, language = _challenge_in(await request.body()), _language(request)
        user = self._user(request)
        assertion = assertion_of(user, issuer=self._portal.address, audience=self._portal.assistant, key=self._portal.key)
        try:
            status, answer = await ticket_for(self._portal.assistant, assertion, challenge, language)
        except AssistantSilent:
            sentence = _in(self._shown["texts"], language)["silent"].format(assistant=self._portal.assistant)
            return JSONResponse({"error": sentence}, 502)
        return JSONResponse(answer, status)

    def _user(self, request: Request) -> PortalUser:
        return self._users.get(request.cookies.get(_USER, ""), next(iter(self._users.values())))

    def _policy(self) -> str:
        """Return what a portal's page has to allow for the widget, and nothing more."""
        assistant = self._portal.assistant
        live = assistant.replace("http", "ws", 1)
        return (
            f"default-src 'self'; script-src 'self' 'unsafe-eval' {assistant}; style-src 'self' 'unsafe-inline' {assistant} data:; "
            f"connect-src 'self' {assistant} {live}; img-src 'self' data: blob: {assistant}; font-src 'self' data:; "
            "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
        )


@cache
def desk() -> dict[str, Any]:
    """Return what the portal shows: its people, tickets and words."""
    shown: dict[str, Any] = yaml.safe_load((_HERE / "desk.yaml").read_text("utf-8"))
    return shown


def users() -> tuple[PortalUser, ...]:
    """Return the portal's people."""
    return tuple(
        PortalUser(name, user["name"], user["email"], tuple(user.get("groups", ()))) for name, user in desk()["users"].items()
    )


@cache
def _template() -> Any:
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("page.html.jinja")


def _in(texts: Mapping[str, Mapping[str, str]], language: Language) -> dict[str, str]:
    return {name: text[language] for name, text in texts.items()}


def _language(request: Request) -> Language:
    kept = request.cookies.get(_LANGUAGE)
    if kept in ("en", "zh"):
        return "zh" if kept == "zh" else "en"
    return language_of_reader(request.headers.get("accept-language"))


def _kept(request: Request, name: str, known: Mapping[str, Any], value: str) -> Response:
    """Remember a choice, if it is one, and go back to the ticket."""
    back = urlsplit(request.headers.get("referer", "")).path
    response = RedirectResponse(back if back.startswith("/tickets/") else "/", 303)
    if value in known:
        response.set_cookie(name, value, httponly=True, samesite="lax")
    return response


def _challenge_in(body: bytes) -> str:
    """Return what the browser shows of its secret; the assistant judges it."""
    try:
        return str(json.loads(body[:_MOST_BODY])["challenge"])
    except (ValueError, KeyError, TypeError):
        return ""
