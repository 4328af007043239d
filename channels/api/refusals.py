"""What a tool is told where it gets no answer: a status, a sentence and a code, in the shape that OpenAI's clients read."""

import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from channels.api.callers import KeyRefused, language_of
from channels.texts import texts_in
from errors import (
    AskedTooOften,
    AssistantError,
    BriefError,
    BrokenReply,
    ChangedMeanwhile,
    ContextTooLong,
    EndpointBusy,
    EndpointError,
    EndpointTimeout,
    EndpointUnreachable,
    KnowledgeError,
    Language,
    NothingThere,
    ReplyError,
    failure_id_of,
)

TOOL_DOORS = ("/v1/", "/api/")
TURN_HEADER = "X-Stagecraft-Turn"
_log = logging.getLogger("stagecraft.api")
_AGAIN_SECONDS = 10
_BUSY_SECONDS = 30
# OpenAI's clients ask again by themselves at every status from 500 on; where that would help nobody they are told not to.
_ONCE = {"x-should-retry": "false"}


@dataclass(eq=False)
class Refusal(Exception):
    """A status with its sentence for a person and its code for a program; `param` names what in the request was wrong."""

    status: int
    code: str
    sentence: str
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self, **more: Any) -> dict[str, Any]:
        """Return what is sent."""
        told = {"message": self.sentence, "type": _type(self.status), "param": self.param, "code": self.code}
        return {"error": told | more}

    def response(self) -> JSONResponse:
        """Return the answer that refuses."""
        return JSONResponse(self.body(), self.status, headers={"Cache-Control": "no-store", **self.headers})


# The first that fits counts.
_STATUSES: tuple[tuple[type[AssistantError], int, str, Mapping[str, str]], ...] = (
    (NothingThere, 404, "not_found", {}),
    (ChangedMeanwhile, 409, "changed_meanwhile", {}),
    (ContextTooLong, 400, "context_length_exceeded", {}),
    (EndpointUnreachable, 503, "endpoint_unreachable", {"Retry-After": str(_AGAIN_SECONDS)}),
    (EndpointTimeout, 504, "endpoint_timeout", _ONCE),
    (BrokenReply, 502, "endpoint_broken_reply", _ONCE),
    (EndpointError, 503, "endpoint_misconfigured", _ONCE),
    (ReplyError, 502, "unreadable_reply", _ONCE),
    (KnowledgeError, 503, "knowledge_unavailable", _ONCE),
)


def refusal_of(error: AssistantError, language: Language) -> Refusal:
    """Return the refusal that tells an error; of what only an operator needs it says nothing."""
    sentence = error.sentence(language)
    if isinstance(error, AskedTooOften | EndpointBusy):
        code = "too_many_turns" if isinstance(error, AskedTooOften) else "endpoint_busy"
        seconds = math.ceil(error.retry_after) or _BUSY_SECONDS
        return Refusal(429, code, sentence, headers={"Retry-After": str(seconds)})
    for kind, status, code, headers in _STATUSES:
        if isinstance(error, kind):
            return Refusal(status, code, sentence, headers=headers)
    if isinstance(error, BriefError):
        return Refusal(400, "refused", sentence)
    return Refusal(503, "records_unavailable", sentence, headers={"Retry-After": str(_AGAIN_SECONDS)})


def refusal_for(error: Exception, language: Language, where: str) -> Refusal:
    """Return the refusal of whatever was raised; a bug is logged once, with the number that the caller is told."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, KeyRefused):
        return Refusal(error.status, error.code, error.sentence, headers=error.headers)
    if isinstance(error, AssistantError):
        if error.detail:
            _log.warning("%s refused: %s %s", where, error, error.detail)
        return refusal_of(error, language)
    failure_id = failure_id_of(error)
    _log.error("failure %s at %s", failure_id, where, exc_info=error, extra={"failure": failure_id})
    return Refusal(500, "bug", texts_in(language)("unexpected_request", id=failure_id), headers=_ONCE)


def bounded(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Return an endpoint that answers whatever goes wrong; the one boundary of these doors."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Exception as error:  # noqa: BLE001 - see above
            return refusal_for(error, language_of(request), where_of(request)).response()

    return answered


def where_of(request: Request) -> str:
    """Return the pattern of the address, which holds no id, for a line of the log."""
    return f"{request.scope.get('root_path', '')}{getattr(request.scope.get('route'), 'path', '')}"


def _type(status: int) -> str:
    """Return the type that OpenAI gives to errors of a status."""
    types = {401: "authentication_error", 403: "permission_error", 404: "not_found_error", 429: "rate_limit_error"}
    return types.get(status, "invalid_request_error" if status < 500 else "server_error")
