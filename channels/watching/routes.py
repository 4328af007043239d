"""The addresses that an operator's machines ask: does the process answer, is the house ready, and its counts."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from channels.people import person_in_scope
from channels.watching.house import is_at_this_machine, is_within
from channels.watching.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from channels.watching.watch import MetricsGuard, Watch

_NO_STORE = {"Cache-Control": "no-store"}


def watching_routes(watch: "Callable[[], Watch | None]") -> APIRouter:
    """Return the routes; `watch` gives what they tell from, once the house is open."""
    router = APIRouter()

    async def health() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    async def ready(request: Request) -> Response:
        """Say how each part stands, in a word; figures for a program of this machine and for admins."""
        found = watch()
        if found is None:
            return JSONResponse({"status": "unready", "parts": {}}, 503, _NO_STORE)
        standing = await found.readiness.standing()
        told = {"status": standing.state, "parts": dict(standing.parts)}
        if _may_see_figures(request):
            told["figures"] = dict(standing.figures)
        return JSONResponse(told, 503 if standing.state == "unready" else 200, _NO_STORE)

    async def metrics(request: Request) -> Response:
        """Send the counts to who may read them; to everybody else there is nothing here."""
        found = watch()
        if found is None or not _may_scrape(request, found.guard):
            return PlainTextResponse("There is nothing here.\n", 404)
        return Response(found.metrics.text(), headers={"Content-Type": CONTENT_TYPE, **_NO_STORE})

    for path, endpoint in (("/health", health), ("/ready", ready), ("/metrics", metrics)):
        router.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    return router


def _may_see_figures(request: Request) -> bool:
    person = person_in_scope(request.scope)
    return is_at_this_machine(request) or (person is not None and "admin" in person.roles)


def _may_scrape(request: Request, guard: "MetricsGuard") -> bool:
    """Tell whether the caller is of this machine, of a network that is listed, or holds the token."""
    if is_at_this_machine(request) or (guard.allowed_networks and is_within(request, guard.allowed_networks)):
        return True
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    wanted = guard.token
    return wanted is not None and scheme.lower() == "bearer" and secrets.compare_digest(sent.strip().encode(), wanted.encode())
