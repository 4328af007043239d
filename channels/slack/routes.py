"""The address that Slack calls."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from channels.slack.payloads import Malformed, read_http
from channels.slack.signing import Unsigned, demand_signature
from errors import RecordsError

if TYPE_CHECKING:
    from channels.slack.door import SlackDoor

_log = logging.getLogger("stagecraft.slack")
# Slack's own payloads stay far below this.
_MOST_BYTES = 1024 * 1024


def slack_routes(door: "Callable[[], SlackDoor | None]") -> APIRouter:
    """Return the route of Slack's events; it is not there while the door is shut."""
    router = APIRouter()

    async def events(request: Request) -> Response:
        """Take in what Slack sends, whatever it is, and say at once that it arrived."""
        return await _received(door(), request)

    router.add_api_route("/slack/events", events, methods=["POST"], response_model=None, include_in_schema=False)
    return router


async def _received(door: "SlackDoor | None", request: Request) -> Response:
    if door is None or door.options.socket:
        return JSONResponse({"error": "There is nothing here."}, 404)
    body = await request.body()
    if len(body) > _MOST_BYTES:
        return JSONResponse({"error": "too long"}, 413)
    try:
        demand_signature(door.options.signing_secret, request.headers, body)
        answer = await door.take(read_http(body, request.headers.get("content-type", "")))
    except Unsigned:
        return JSONResponse({"error": "not signed by Slack"}, 401)
    except Malformed:
        return JSONResponse({"error": "not understood"}, 400)
    except RecordsError as error:
        # The one answer that has Slack send it again, which it does for up to an hour.
        _log.warning("what Slack sent could not be put on record: %s", error.detail)
        return JSONResponse({"error": "try again"}, 503, headers={"Retry-After": "5"})
    return JSONResponse(answer) if answer else Response(status_code=200)
