"""The sign-in's own addresses: the page, the way to the provider and back, the password, and signing out."""

import logging
import math
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.datastructures import FormData

from channels import house
from channels.people import person_in_scope
from channels.signin.cookies import (
    UnderWay,
    give_session,
    give_under_way,
    session_token,
    take_session,
    take_under_way,
    under_way,
)
from channels.signin.entering import Entering
from channels.signin.limits import SignInLimits
from channels.signin.options import SignIn
from channels.signin.pages import sign_in_page
from channels.signin.provider import Provider
from channels.signin.refusals import SignInRefused
from channels.signin.returning import safe_return
from errors import AssistantError, failure_id_of
from records.sessions import Sessions

if TYPE_CHECKING:
    from records.passwords import Passwords

_log = logging.getLogger("stagecraft.signin")
_MOST_STATE, _MOST_FIELD = 128, 2000
Ended = Callable[[Request], Awaitable[None]]


def signin_routes(signin: SignIn, ended: Ended) -> APIRouter:
    """Return the routes of a way of signing in; `ended` closes the pages that a session left open."""
    door, router = _SignInRoutes(signin, ended), APIRouter()
    router.add_api_route("/login", door.login, methods=["GET"], response_model=None)
    router.add_api_route("/login", door.nothing, methods=["POST"], response_model=None)
    router.add_api_route("/logout", door.leave, methods=["POST"], response_model=None)
    router.add_api_route("/signin", door.page, methods=["GET"], response_model=None)
    if signin.method == "oidc":
        router.add_api_route("/signin/start", door.start, methods=["GET"], response_model=None)
        router.add_api_route("/signin/callback", door.callback, methods=["GET"], response_model=None)
    if signin.method == "password":
        router.add_api_route("/signin/password", door.password, methods=["POST"], response_model=None)
    return router


class _SignInRoutes:
    """The endpoints, bound to how people sign in."""

    def __init__(self, signin: SignIn, ended: Ended) -> None:
        self._signin = signin
        self._ended = ended
        self._provider = Provider(signin.oidc)
        self._passwords: Passwords | None = None

    async def login(self) -> Response:
        """Send on whom the chat's page sends here when it finds that nobody is signed in."""
        return _sent("/" if self._signin.method == "none" else "/signin")

    async def nothing(self) -> Response:
        """Stand before the chat framework's own sign-in."""
        return JSONResponse({"error": "There is nothing here."}, 404)

    async def page(self, request: Request) -> Response:
        """Show how to sign in; who is signed in already goes on."""
        back = safe_return(request.query_params.get("next"))
        if person_in_scope(request.scope) is not None:
            return _sent(back)
        return self._shown(request, back)

    async def start(self, request: Request) -> Response:
        """Send the browser to the provider."""
        begun = UnderWay(safe_return(request.query_params.get("next")))

        async def answer() -> Response:
            response = _sent(await self._provider.address_for(begun, self._redirect_uri(request)))
            give_under_way(response, begun, self._signin)
            return response

        return await self._answered(request, begun.back, answer)

    async def callback(self, request: Request) -> Response:
        """Take what the browser brings back from the provider, once, and begin a session."""
        state, code = request.query_params.get("state", "")[:_MOST_STATE], request.query_params.get("code", "")
        begun = under_way(request, state) if state else None
        back = begun.back if begun else "/"

        async def answer() -> Response:
            if begun is None or not code:
                raise SignInRefused("signin_not_begun", status=400, detail=_said_by_provider(request))
            limits = SignInLimits(house.opened().database, request)
            await limits.take()
            claims = await self._provider.claims(code, begun, self._redirect_uri(request))
            token = await self._entering().with_claims(claims)
            await limits.give_back()
            return await self._entered(request, back, token)

        response = await self._answered(request, back, answer)
        if begun is not None:
            take_under_way(response, state, self._signin)
        return response

    async def password(self, request: Request) -> Response:
        """Begin a session for who has the password."""
        async with request.form() as form:
            back, email, password = safe_return(_field(form, "next")), _field(form, "email"), _field(form, "password")

        async def answer() -> Response:
            limits = SignInLimits(house.opened().database, request, name=email)
            return await self._entered(request, back, await self._entering().with_password(email, password, limits))

        return await self._answered(request, back, answer, email=email)

    async def leave(self, request: Request) -> Response:
        """End the session, and with it every page that it opened."""
        token = session_token(request)

        async def answer() -> Response:
            if token is not None and self._signin.method != "none":
                await Sessions(house.opened().database).revoke(token)
                await self._ended(request)
            response = JSONResponse({"success": True})
            take_session(response, self._signin)
            return response

        return await self._answered(request, "/", answer)

    def _entering(self) -> Entering:
        from records.passwords import Passwords

        database = house.opened().database
        self._passwords = self._passwords or Passwords(database)
        return Entering(self._signin, database, self._passwords)

    async def _entered(self, request: Request, back: str, token: str) -> Response:
        """Send the person on with their new session; the one that the browser held before ends."""
        before = session_token(request)
        if before is not None:
            await Sessions(house.opened().database).revoke(before)
        response = _sent(back)
        give_session(response, token, self._signin)
        return response

    async def _answered(
        self, request: Request, back: str, answer: Callable[[], Awaitable[Response]], email: str = ""
    ) -> Response:
        """Return the answer; what keeps a person out becomes its sentence on the page."""
        try:
            return await answer()
        except SignInRefused as error:
            # Whoever goes on guessing shall not fill the log.
            _log.log(logging.INFO if error.wait else logging.WARNING, "sign-in refused: %s %s", error, error.detail)
            headers = {"Retry-After": str(math.ceil(error.wait.total_seconds()))} if error.wait else {}
            return self._shown(request, back, error, error.status, email, headers)
        except AssistantError as error:
            _log.warning("sign-in failed: %s %s", error, error.detail)
            return self._shown(request, back, error, 503, email)
        except Exception as error:  # noqa: BLE001 - the one boundary of the sign-in
            failure_id = failure_id_of(error)
            _log.exception("failure %s in the sign-in", failure_id)
            told = SignInRefused("unexpected_request", id=failure_id)
            return self._shown(request, back, told, 500, email)

    def _shown(
        self,
        request: Request,
        back: str,
        error: AssistantError | None = None,
        status: int = 200,
        email: str = "",
        headers: dict[str, str] | None = None,
    ) -> Response:
        page = sign_in_page(self._signin.method, request.headers.get("accept-language"), back, error, email)
        return HTMLResponse(page, status, headers={"Cache-Control": "no-store", "Vary": "Accept-Language", **(headers or {})})

    def _redirect_uri(self, request: Request) -> str:
        """Return the address that the provider sends people back to; the gate has judged the host."""
        base = self._signin.public_url.rstrip("/") or f"{request.url.scheme}://{request.headers.get('host', '')}"
        return f"{base}/signin/callback"


def _sent(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def _field(form: FormData, name: str) -> str:
    """Return a text of a form; a file in its place counts as nothing."""
    value = form.get(name)
    return value[:_MOST_FIELD] if isinstance(value, str) else ""


def _said_by_provider(request: Request) -> str:
    """Return the error that a provider sends back in the place of a code, as the log may hold it."""
    said = request.query_params.get("error", "")[:60]
    return f"the provider said {said!r}" if said else ""
