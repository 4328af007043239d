"""`/api`: workspaces with their artifacts, what people decide about them, and what is taken away."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import PlainTextResponse

from chains.workspace.trace import TraceTable
from channels import house
from channels.api.links import card_link
from channels.api.routing import (
    Asks,
    BoundedRoute,
    Id,
    Limit,
    Offset,
    Reader,
    Reads,
    Version,
    WorkspaceName,
    sliced,
)
from channels.api.sent import sent_card
from channels.api.shapes import Decision, Edit, Listed, Rejection, SentArtifact, SentCard, SentVersion, SentWorkspace
from channels.web.routes import as_file

router = APIRouter(route_class=BoundedRoute)
_Notation = Annotated[str, Path(pattern=r"^[a-z0-9_.-]{1,32}$", description="Such as md, docx, feature or json.")]
_FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The file.", "content": {"application/octet-stream": {}}}}


@router.get("/workspaces", response_model=Listed[SentWorkspace])
async def workspaces(caller: Reads, offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
    """List your workspaces by name."""
    return sliced(await house.opened().assistant.desk.workspaces(caller.person), offset, limit)


@router.get("/artifacts", response_model=Listed[SentArtifact])
async def artifacts(
    caller: Reads, language: Reader, workspace: WorkspaceName = "default", offset: Offset = 0, limit: Limit = 50
) -> dict[str, Any]:
    """List the artifacts of a workspace along the life cycle."""
    held = await house.opened().assistant.desk.overview(workspace, caller.person, language)
    return sliced(held.artifacts, offset, limit)


@router.get("/trace")
async def trace(caller: Reads, language: Reader, workspace: WorkspaceName = "default") -> TraceTable:
    """Return the thread from each story to its scenarios, classes, endpoints and tests, with its gaps."""
    return await house.opened().assistant.desk.trace(workspace, caller.person, language)


@router.get("/export", response_class=Response, responses=_FILE)
async def export_workspace(caller: Reads, language: Reader, workspace: WorkspaceName = "default") -> Response:
    """Return all that a workspace holds as a zip."""
    return as_file(await house.opened().assistant.desk.export(workspace, caller.person, language))


@router.get("/artifacts/{artifact}")
async def card(request: Request, caller: Reads, artifact: Id, version: Version = None) -> SentCard:
    """Return everything that the card of an artifact shows."""
    return sent_card(await house.opened().assistant.card(artifact, caller.person, version), card_link(request))


@router.get("/artifacts/{artifact}/versions", response_model=Listed[SentVersion])
async def versions(caller: Reads, language: Reader, artifact: Id, offset: Offset = 0, limit: Limit = 50) -> dict[str, Any]:
    """List the versions of an artifact, the newest first."""
    return sliced(await house.opened().assistant.desk.versions(artifact, caller.person, language), offset, limit)


@router.get("/artifacts/{artifact}/export/{notation}", response_class=Response, responses=_FILE)
async def export(caller: Reads, artifact: Id, notation: _Notation, version: Version = None) -> Response:
    """Return an artifact in one of its notations; `json` is the artifact itself."""
    return as_file(await house.opened().assistant.export(artifact, caller.person, notation, version))


@router.post("/artifacts/{artifact}/accept")
async def accept(request: Request, caller: Asks, artifact: Id, told: Decision) -> SentCard:
    """Accept an item, or the whole. 409 where the artifact has changed since that version."""
    assistant = house.opened().assistant
    return sent_card(await assistant.accept(artifact, told.version, caller.person, told.item), card_link(request))


@router.post("/artifacts/{artifact}/reject")
async def reject(request: Request, caller: Asks, artifact: Id, told: Rejection) -> SentCard:
    """Reject an item, or the whole, with a reason. 409 where the artifact has changed since that version."""
    assistant = house.opened().assistant
    kept = await assistant.reject(artifact, told.version, caller.person, told.reason, told.item)
    return sent_card(kept, card_link(request))


@router.post("/artifacts/{artifact}/edit")
async def edit(request: Request, caller: Asks, artifact: Id, told: Edit) -> SentCard:
    """Keep an edited item as a new version, checked again. 409 where the artifact has changed since that version."""
    assistant = house.opened().assistant
    kept = await assistant.edit(artifact, told.version, caller.person, told.item, told.text)
    return sent_card(kept, card_link(request))


@router.get("/turns/{turn}/prompt", response_class=PlainTextResponse)
async def prompt(caller: Reads, turn: Id) -> PlainTextResponse:
    """Return the prompt of a turn of yours as the model read it."""
    sent = await house.opened().assistant.prompt_sent(turn, caller.person)
    return PlainTextResponse(sent, headers={"Cache-Control": "no-store"})
