"""The page's own addresses: an artifact to download, a passage, and the prompt as it was sent."""

import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from chains.events import Person
from channels.texts import Texts, language_of_reader, texts_in
from errors import AssistantError, BriefError, failure_id_of

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from chains.changing.workshop import Export

_log = logging.getLogger("stagecraft.page")
_Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Notation = Annotated[str, Path(pattern=r"^[a-z0-9_.-]{1,32}$")]
# A picture brings its own style and nothing else, also where it is opened by itself.
_PICTURE = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; sandbox"
_Version = Annotated[int | None, Query(ge=1)]
_Workspace = Annotated[str, Query(min_length=1, max_length=255)]


def routes(assistant: "Callable[[], Assistant]", person_of: Callable[[Request], Person]) -> APIRouter:
    """Return the routes, answered by the assistant that is there by then, for the person that `person_of` finds behind a request."""
    page, router = _Routes(assistant, person_of), APIRouter()
    for path, endpoint in (
        ("/artifacts/{artifact_id}/export/{notation}", page.export),
        ("/artifacts/{artifact_id}/diagrams/{name}", page.diagram),
        ("/artifacts/{artifact_id}/passages/{key}", page.passage),
        ("/workspace/trace.xlsx", page.trace),
        ("/workspace/export.zip", page.whole_workspace),
        ("/turns/{turn_id}/prompt", page.prompt),
    ):
        router.add_api_route(path, endpoint, methods=["GET"], response_model=None)
    return router


class _Routes:
    """The endpoints, bound to whom they ask."""

    def __init__(self, assistant: "Callable[[], Assistant]", person_of: Callable[[Request], Person]) -> None:
        self._assistant = assistant
        self._person_of = person_of

    async def export(self, request: Request, artifact_id: _Id, notation: _Notation, version: _Version = None) -> Response:
        """Send one version of an artifact as a file."""

        async def answer() -> Response:
            return as_file(await self._assistant().export(artifact_id, self._person_of(request), notation, version))

        return await told(request, answer)

    async def trace(self, request: Request, name: _Workspace) -> Response:
        """Send the trace of a workspace as a spreadsheet."""

        async def answer() -> Response:
            desk = self._assistant().desk
            return as_file(await desk.trace_xlsx(name, self._person_of(request), _texts(request).language))

        return await told(request, answer)

    async def whole_workspace(self, request: Request, name: _Workspace) -> Response:
        """Send all that a workspace holds as a zip."""

        async def answer() -> Response:
            desk = self._assistant().desk
            return as_file(await desk.export(name, self._person_of(request), _texts(request).language))

        return await told(request, answer)

    async def diagram(self, request: Request, artifact_id: _Id, name: _Id, version: _Version = None) -> Response:
        """Send a drawing of one version, as a picture that may neither run nor fetch anything."""

        async def answer() -> Response:
            drawn = await self._assistant().diagram(artifact_id, self._person_of(request), name, version)
            headers = {"Content-Security-Policy": _PICTURE, "Cache-Control": "private, max-age=3600"}
            return Response(drawn.content, media_type=drawn.mime, headers=headers)

        return await told(request, answer)

    async def passage(self, request: Request, artifact_id: _Id, key: _Id) -> Response:
        """Send a cited passage."""

        async def answer() -> Response:
            source = await self._assistant().passage(artifact_id, key, self._person_of(request))
            return JSONResponse({"title": source.title, "breadcrumb": source.breadcrumb, "text": source.text})

        return await told(request, answer)

    async def prompt(self, request: Request, turn_id: _Id) -> Response:
        """Send the prompt of a turn as the model read it, to who asked and to admins."""

        async def answer() -> Response:
            sent = await self._assistant().prompt_sent(turn_id, self._person_of(request))
            return PlainTextResponse(sent, headers={"Cache-Control": "no-store"})

        return await told(request, answer)


async def told(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """Return the answer; an error a person may read becomes its sentence, anything else a number that is logged once."""
    texts = _texts(request)
    try:
        return await answer()
    except BriefError as error:
        return JSONResponse({"error": error.sentence(texts.language)}, 404)
    except AssistantError as error:
        _log.warning("%s refused: %s %s", _pattern(request), error, error.detail)
        return JSONResponse({"error": error.sentence(texts.language)}, 503)
    except Exception as error:  # noqa: BLE001 - the one boundary of these routes
        failure_id = failure_id_of(error)
        _log.exception("failure %s at %s", failure_id, _pattern(request), extra={"failure": failure_id})
        return JSONResponse({"error": texts("unexpected_request", id=failure_id)}, 500)


def _pattern(request: Request) -> str:
    """Return the pattern of the address, which holds no id."""
    return str(getattr(request.scope.get("route"), "path", ""))


def _texts(request: Request) -> Texts:
    return texts_in(language_of_reader(request.headers.get("accept-language")))


def as_file(exported: "Export") -> Response:
    """Return an export as a download that no browser keeps."""
    headers = {"Content-Disposition": attachment(exported.name), "Cache-Control": "no-store"}
    return Response(exported.content, media_type=exported.mime, headers=headers)


def attachment(name: str) -> str:
    """Return the header that has a browser save a file under its name, Chinese names included."""
    simple = "".join(
        character if character.isascii() and (character.isalnum() or character in "._-") else "_" for character in name
    )
    return f"attachment; filename=\"{simple}\"; filename*=UTF-8''{quote(name, safe='')}"
