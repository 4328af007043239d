"""How the routes of `/api` find who calls, answer what goes wrong, and cut lists into pages."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException

from channels.api.callers import Caller, key_caller, language_of
from channels.api.refusals import Refusal, bounded
from channels.texts import texts_in
from errors import Language

_One = TypeVar("_One")
_bearer = HTTPBearer(auto_error=False, description="A personal key, `sk-stagecraft-…`, made on the page under “Keys for tools”.")
MOST = 100


async def _reader(request: Request, _key: Annotated[object, Security(_bearer)]) -> Caller:
    """Return who calls by a key with the scope `read`."""
    return await key_caller(request, "read")


async def _asker(request: Request, _key: Annotated[object, Security(_bearer)]) -> Caller:
    """Return who calls by a key with the scope `ask`."""
    return await key_caller(request, "ask")


Reads = Annotated[Caller, Depends(_reader)]
Asks = Annotated[Caller, Depends(_asker)]
Reader = Annotated[Language, Depends(language_of)]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="The newest where it is not given.")]
WorkspaceName = Annotated[str, Query(min_length=1, max_length=255, description="A workspace, by its name.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=MOST)]


class BoundedRoute(APIRoute):
    """A route whose every failure is told in one shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint within its boundary."""
        inner = super().get_route_handler()

        async def read(request: Request) -> Response:
            try:
                return await inner(request)
            except RequestValidationError as error:
                raise _unsound(error, request) from error
            except HTTPException as error:
                raise Refusal(400, "invalid_json", texts_in(language_of(request))("api_no_json")) from error

        answered = bounded(read)

        async def handler(request: Request) -> Response:
            return await answered(request)

        return handler


def sliced(found: Sequence[_One], offset: int, limit: int) -> dict[str, Any]:
    """Return one page of a list."""
    return {"items": list(found[offset : offset + limit]), "total": len(found), "offset": offset, "limit": limit}


def _unsound(error: RequestValidationError, request: Request) -> Refusal:
    """Return the refusal of a value that cannot be; an id that can be nobody's is not found."""
    texts = texts_in(language_of(request))
    first = error.errors()[0]
    where, *place = (str(part) for part in first["loc"])
    if where == "path":
        return Refusal(404, "not_found", texts("api_not_found"))
    name = ".".join(place)[:200] or where
    return Refusal(400, "invalid_value", texts("api_unsound", place=name, reason=first["msg"]), name)
