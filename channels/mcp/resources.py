"""Resources: a person's workspaces and artifacts, as Markdown."""

from urllib.parse import quote, unquote

import mcp.types as wire
from pydantic import AnyUrl

from chains.sentences import refuse
from channels.mcp.asker import Asker, Served
from channels.mcp.shapes import ARTIFACTS, WORKSPACES
from channels.mcp.telling import card_markdown, trace_text
from channels.mcp.tools import traced_workspace
from channels.texts import texts_in

_MARKDOWN = "text/markdown"
_A_PAGE = 100
TEMPLATES = (
    wire.ResourceTemplate(
        uriTemplate=f"{ARTIFACTS}{{artifact}}", name="artifact", description="An artifact of yours.", mimeType=_MARKDOWN
    ),
    wire.ResourceTemplate(
        uriTemplate=f"{WORKSPACES}{{workspace}}",
        name="workspace",
        description="What a workspace of yours holds, and its trace.",
        mimeType=_MARKDOWN,
    ),
)


async def listed(asker: Asker, served: Served, cursor: str | None) -> wire.ListResourcesResult:
    """Return a page of the person's resources: their workspaces, each followed by its artifacts. Raises BriefError for a strange cursor."""
    offset = _offset(cursor)
    desk = served.assistant.desk
    found: list[wire.Resource] = []
    for row in await desk.workspaces(asker.person):
        found.append(
            _resource(f"{WORKSPACES}{quote(row.name, safe='')}", row.name, texts_in(asker.language)("mcp_workspace_title"))
        )
        held = await desk.overview(row.name, asker.person, asker.language)
        found += [_resource(f"{ARTIFACTS}{one.artifact_id}", one.title, one.stage_title) for one in held.artifacts]
    further = str(offset + _A_PAGE) if len(found) > offset + _A_PAGE else None
    return wire.ListResourcesResult(resources=found[offset : offset + _A_PAGE], nextCursor=further)


async def read(uri: str, asker: Asker, served: Served) -> str:
    """Return a resource's text. Raises BriefError where the person has none of this address."""
    if uri.startswith(ARTIFACTS):
        card = await served.assistant.card(uri.removeprefix(ARTIFACTS)[:64], asker.person)
        return card_markdown(card, asker.link)
    if uri.startswith(WORKSPACES):
        name = unquote(uri.removeprefix(WORKSPACES))
        return trace_text(await traced_workspace(name, asker, served), asker.language)
    raise refuse("no-artifact")


def _resource(uri: str, title: str, kind: str) -> wire.Resource:
    return wire.Resource(uri=AnyUrl(uri), name=uri, title=f"{kind}: {title}", mimeType=_MARKDOWN)


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise refuse("no-artifact")
    return int(cursor)
