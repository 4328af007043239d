"""The tools: what a program may do here in a person's name, each bound to what it takes and gives."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from chains.events import Request
from channels.api.answering import Answer, Beat
from channels.api.sent import sent_card, sent_passage, sent_terms
from channels.api.shapes import SentArtifact, SentCard, SentFinding, SentStage, SentTerms, SentWorkspace
from channels.mcp import shapes
from channels.mcp.asker import Asker, Served
from channels.mcp.telling import card_markdown, passages_text, stages_text, terms_text, trace_text, workspaces_text
from channels.texts import texts_in
from errors import BriefError

if TYPE_CHECKING:
    from chains.workspace.trace import TraceTable

# Told how far an answer is, in a word.
Progress = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Told:
    """What a tool answers: a text for whoever reads, and the same as data."""

    text: str
    data: BaseModel


Call = Callable[[Any, Asker, Served, Progress], Awaitable[Told]]


@dataclass(frozen=True)
class Tool:
    """One tool; `changes` tells that it puts something on record."""

    name: str
    about: str
    takes: type[shapes.Taken]
    gives: type[BaseModel]
    call: Call
    changes: bool = False


async def ask_stage(asked: shapes.Ask, asker: Asker, served: Served, progress: Progress) -> Told:
    """Have a brief answered. Raises Refusal where it fails, BriefError where it cannot be answered."""
    workspace = asked.workspace or asker.workspace
    request = Request(asked.stage, asked.brief, asker.person, workspace, "mcp", upstream=tuple(asked.upstream))
    answer = Answer(served.assistant, request, link=asker.link, reader=asker.language)
    text = ""
    async with aclosing(answer.pieces()) as pieces:
        async for piece in pieces:
            if isinstance(piece, Beat):
                await progress(piece.about)
            else:
                text += piece
    if answer.outcome not in ("answered", "questions"):
        raise BriefError(text, text)
    ready = answer.ready
    if ready is not None:
        # Not every client shows the data to the model that goes on from here.
        text += "\n\n" + texts_in(asker.language)("mcp_artifact", artifact=ready.artifact_id, version=ready.version)
    told = shapes.Answered(
        outcome=answer.outcome,
        artifact=ready.artifact_id if ready else None,
        version=ready.version if ready else None,
        stage=asked.stage,
        workspace=workspace,
        turn=answer.turn,
        resource=f"{shapes.ARTIFACTS}{ready.artifact_id}" if ready else None,
        findings=[SentFinding.model_validate(finding) for finding in ready.findings] if ready else [],
    )
    return Told(text, told)


async def search_knowledge(asked: shapes.Search, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return passages that the person may read."""
    hits = await served.knowledge.search(asked.query, groups=asker.person.reads, limit=asked.limit)
    passages = [sent_passage(hit) for hit in hits]
    return Told(passages_text(passages, asker.language), shapes.Passages(passages=passages))


async def look_up_term(asked: shapes.LookUp, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return the terms that a text names."""
    found = sent_terms(served.knowledge.glossary, asked.text)
    return Told(terms_text(found, asker.language), found)


async def list_stages(_asked: shapes.Nothing, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return the stages."""
    stages = [SentStage.model_validate(stage) for stage in served.assistant.stages(asker.language)]
    return Told(stages_text(stages), shapes.Stages(stages=stages))


async def list_workspaces(_asked: shapes.Nothing, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return the person's workspaces."""
    rows = [SentWorkspace.model_validate(row) for row in await served.assistant.desk.workspaces(asker.person)]
    return Told(workspaces_text(rows, asker.language), shapes.Workspaces(workspaces=rows))


async def read_artifact(asked: shapes.Read, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return an artifact of the person's. Raises BriefError."""
    card = await served.assistant.card(asked.artifact, asker.person, asked.version)
    return Told(card_markdown(card, asker.link), sent_card(card, asker.link))


async def trace_workspace(asked: shapes.OfWorkspace, asker: Asker, served: Served, _progress: Progress) -> Told:
    """Return what a workspace holds and how it hangs together. Raises BriefError."""
    traced = await traced_workspace(asked.workspace or asker.workspace, asker, served)
    return Told(trace_text(traced, asker.language), traced)


async def traced_workspace(name: str, asker: Asker, served: Served) -> shapes.Traced:
    """Return a workspace's artifacts and trace. Raises BriefError."""
    desk = served.assistant.desk
    held = await desk.overview(name, asker.person, asker.language)
    table = await desk.trace(name, asker.person, asker.language)
    artifacts = [SentArtifact.model_validate(row) for row in held.artifacts]
    return shapes.Traced(workspace=held.name, artifacts=artifacts, rows=_rows(table), gaps=table.gaps, stale=table.stale)


def _rows(table: "TraceTable") -> list[shapes.TracedRow]:
    """Return the rows, without the columns that were not begun."""
    begun = [number for number, column in enumerate(table.columns) if column.begun]
    return [
        shapes.TracedRow(
            items={
                table.columns[number].name: [
                    shapes.TracedItem(
                        artifact=item.artifact_id,
                        **{name: getattr(item, name) for name in ("item", "title", "status", "stale", "reason")},
                    )
                    for item in row.cells[number]
                ]
                for number in begun
            },
            gaps=list(row.gaps),
            loose=row.loose,
        )
        for row in table.rows
    ]


TOOLS = (
    Tool(
        "ask_stage",
        "Write the artifact of one stage of software development for a brief (user stories, acceptance criteria, a domain model, an API, "
        "release notes, an FAQ) from the organisation's own knowledge and terms, checked, with numbered sources. Takes from seconds to "
        "minutes. A brief that leaves too much open is answered with questions.",
        shapes.Ask,
        shapes.Answered,
        ask_stage,
        changes=True,
    ),
    Tool(
        "search_knowledge",
        "Find passages of the organisation's rules, standards and templates, among those that you may read.",
        shapes.Search,
        shapes.Passages,
        search_knowledge,
    ),
    Tool(
        "look_up_term",
        "Look up the organisation's official terms in a text: names in English and Chinese, meaning, and words that must not be used.",
        shapes.LookUp,
        SentTerms,
        look_up_term,
    ),
    Tool(
        "list_stages",
        "List the stages that can be asked, and which of them may rest on which.",
        shapes.Nothing,
        shapes.Stages,
        list_stages,
    ),
    Tool(
        "list_workspaces",
        "List your workspaces: one holds the artifacts of one initiative.",
        shapes.Nothing,
        shapes.Workspaces,
        list_workspaces,
    ),
    Tool(
        "read_artifact", "Read an artifact of yours as its card: items, sources, findings.", shapes.Read, SentCard, read_artifact
    ),
    Tool(
        "trace_workspace",
        "Trace each story of a workspace to its scenarios, classes, endpoints and tests: what is missing, what is stale and why.",
        shapes.OfWorkspace,
        shapes.Traced,
        trace_workspace,
    ),
)
