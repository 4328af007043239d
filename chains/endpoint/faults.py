"""Every fault of an endpoint as one of our typed errors, and whether asking once more makes sense."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from chains.endpoint import sentences as say
from errors import EndpointError

CONTEXT_CODES = {"context_length_exceeded", "exceed_context_size_error", "context_window_exceeded"}
CONTEXT_TEXT = re.compile(
    r"context[ _](length|window|size)|maximum (context|model|input|sequence) length|max_model_len|prompt is too long"
    r"|(input|prompt|request) (tokens )?(is too long|exceeds?)|too many (input )?tokens|reduce the length|超出.{0,12}(长度|上下文)",
    re.IGNORECASE,
)
MODEL_TEXT = re.compile(r"model.{0,80}(not found|does not exist|not loaded)|(no such|unknown|invalid) model", re.IGNORECASE)


class NotAnApiError(Exception):
    """A page arrived where an API was expected; raised inside the client's response hook, carries the content type."""


@dataclass(frozen=True)
class Fault:
    """A typed error, whether one more try makes sense where no text has arrived, and how long the service asks to wait."""

    error: EndpointError
    retry: bool = False
    wait_seconds: float | None = None


def translate(error: Exception, partial: str = "", *, secret: str | None = None) -> Fault:
    """Translate whatever the client raised, after `partial` had arrived, into a fault; `secret` is kept out of its detail.

    Anything that is no fault of the endpoint is raised again as it is: a bug must not look like a broken reply.
    """
    import httpx2
    import openai

    if isinstance(error, EndpointError):
        return Fault(error)
    detail = _detail(error, secret)
    causes = tuple(_causes(error))
    if any(isinstance(cause, NotAnApiError) for cause in causes):
        return Fault(say.misconfigured(detail), retry=True)
    if any(isinstance(cause, httpx2.InvalidURL | httpx2.UnsupportedProtocol) for cause in causes):
        return Fault(say.misconfigured(detail))
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError | TimeoutError):
        return _silent(error, detail, partial)
    if isinstance(error, openai.APIError):
        return _spoken(error, detail, partial)
    # A body that is no JSON, or JSON of another shape, or packed badly, surfaces as any of these from inside the client.
    if not isinstance(
        error, openai.OpenAIError | httpx2.HTTPError | ValueError | TypeError | KeyError | IndexError | AttributeError
    ):
        raise error
    return Fault(say.failed(detail, partial), retry=True)


def _silent(error: Exception, detail: str, partial: str) -> Fault:
    """Nobody answers, the connection broke, or the time budget ran out; one that never opened is unreachable."""
    names = {type(cause).__name__ for cause in _causes(error)}
    never_opened = bool(names & {"ConnectTimeout", "PoolTimeout"})
    if not never_opened and names & {"TimeoutError", "APITimeoutError", "OpenAITimeoutError", "ReadTimeout", "WriteTimeout"}:
        return Fault(say.too_slow(detail, partial))
    return Fault(say.cut(detail, partial)) if partial else Fault(say.unreachable(detail), retry=True)


def _spoken(error: Exception, detail: str, partial: str) -> Fault:
    """An error that the service itself put into words: a status, or an event in the stream."""
    status = _status(error)
    text = f"{getattr(error, 'message', '')} {json.dumps(getattr(error, 'body', None), default=str, ensure_ascii=False)}"
    if (
        {getattr(error, "code", None), getattr(error, "type", None)} & CONTEXT_CODES
        or status == 413
        or (status < 500 and CONTEXT_TEXT.search(text))
    ):
        return Fault(say.too_long(detail))
    if status == 429 or (status == 503 and _retry_after(error) is not None):
        return Fault(say.busy(detail), retry=True, wait_seconds=_retry_after(error))
    if status in (408, 504):
        return Fault(say.too_slow(detail, partial))
    if status in (401, 403, 404, 405) or (400 <= status < 500 and MODEL_TEXT.search(text)):
        return Fault(say.misconfigured(detail))
    if 400 <= status < 500:
        return Fault(say.refused(detail))
    return Fault(say.failed(detail, partial), retry=True)


def _status(error: Exception) -> int:
    """Return the HTTP status, also where an event of the stream carries it as its code; 0 where there is none."""
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    try:
        return int(status) if status is not None else 0
    except ValueError:
        return 429 if str(status) == "rate_limit_exceeded" else 0


def _retry_after(error: Exception) -> float | None:
    """Return the seconds of the Retry-After header; a date or nonsense counts as not given."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after", "") if response is not None else ""
    try:
        return max(0.0, float(value))
    except ValueError:
        return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and what it came from, outermost first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _detail(error: BaseException, secret: str | None) -> str:
    """Return what the operator's log needs: types, texts and the address, at most 1,000 characters, without the key."""
    request = getattr(error, "request", None)
    address = f" at {request.url}" if request is not None else ""
    chain = " <- ".join(f"{type(cause).__name__}: {cause}"[:300] for cause in list(_causes(error))[:3])
    detail = f"{chain}{address}"
    return (detail.replace(secret, "…") if secret else detail)[:1000]
