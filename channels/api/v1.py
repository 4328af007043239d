"""The OpenAI-compatible door: everything below `/v1`."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.api.callers import language_of
from channels.api.completions import complete
from channels.api.models import model, models
from channels.api.refusals import Refusal, bounded
from channels.texts import texts_in


def v1() -> Starlette:
    """Return the application that is mounted at `/v1`."""
    routes = [
        Route("/models", bounded(models)),
        Route("/models/{name:path}", bounded(model)),
        Route("/chat/completions", bounded(complete), methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: unrouted})


async def unrouted(request: Request, error: Exception) -> Response:
    """Answer a call of what does not exist, in the shape of every other refusal."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    key = "api_wrong_method" if status == 405 else "api_no_such_path"
    code = "method_not_allowed" if status == 405 else "unknown_path"
    path = request.url.path[:200]
    return Refusal(status, code, texts_in(language_of(request))(key, path=path)).response()
