"""The assistant: who answers a brief, shows what came of it, and takes what people say of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from chains.cards.cards import ArtifactCard, Cards, Opened, StageInfo
from chains.cards.citations import closings, stored_sources
from chains.cards.drawing import Drawings
from chains.changing.workshop import Export, Workshop
from chains.endpoint.asking import Abilities
from chains.events import Event, Person, Request
from chains.flow import Flow
from chains.gathering.clarifying import OpenPoint, open_points, with_answers
from chains.importing.imported import Importer, Kept
from chains.importing.recognising import Recognised
from chains.sentences import refuse, say
from chains.workspace.desk import WorkspaceDesk
from errors import EndpointError, Language
from knowledge.knowledge import Knowledge
from records.turns import Turn
from stages.declaration import ItemView
from stages.material import Source


@dataclass(frozen=True)
class Mark:
    """A place of a text where a term stands: its official name and definition; `kind` is term or forbidden."""

    start: int
    end: int
    name: str
    definition: str
    kind: str


@dataclass(frozen=True)
class Status:
    """How things stand: the model that answers, whether it is the demonstration, and what a person should know."""

    model: str
    demonstration: bool
    notices: tuple[str, ...]


# A page that opens does not wait longer for an endpoint whose abilities are not found out yet.
STATUS_SECONDS = 1.0


def _seen(finding_out: "asyncio.Future[Abilities]") -> None:
    """Take the outcome of a probe that nobody waited for: the next call asks again and tells what is wrong."""
    if not finding_out.cancelled():
        finding_out.exception()


class Assistant:
    """What every channel speaks to."""

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        self._flow = flow
        self._knowledge = knowledge
        self._cards = Cards(flow.catalog, knowledge, flow.workspaces, flow.ledger)
        self._workshop = Workshop(self._cards, flow.workspaces, flow.ledger)
        self._drawings = Drawings(self._cards)
        self.desk = WorkspaceDesk(flow, knowledge)
        self._importer = Importer(flow.catalog, flow.known, flow.workspaces)

    def stages(self, language: Language) -> tuple[StageInfo, ...]:
        """Return the stages, those that rest on nothing first."""
        return tuple(self._cards.info(stage, language) for stage in self._flow.catalog)

    def stage(self, name: str, language: Language) -> StageInfo:
        """Return one stage. Raises BriefError, naming the nearest, where there is none."""
        return self._cards.info(self._flow.catalog.stage(name), language)

    def answer(self, request: Request) -> AsyncIterator[Event]:
        """Yield what happens until the turn has ended; an AssistantError is told as `AnswerFailed`, a bug is raised as UnexpectedFailure."""
        return self._flow.answer(request)

    async def card(self, artifact_id: str, person: Person, version: int | None = None) -> ArtifactCard:
        """Return the card of a version, the newest by default. Raises BriefError where there is none for this person."""
        return await self._cards.card(artifact_id, person, version, demonstration=await self._demonstration())

    async def turn(self, turn_id: str, person: Person) -> Turn | None:
        """Return a turn of the person's; None where there is none."""
        return await self._flow.ledger.turn(turn_id, owner=person.id)

    async def going_on(self, turn_id: str, person: Person, channel: str) -> Request:
        """Return the request that goes on from a turn which was cut off. Raises BriefError where it is not the person's."""
        turn = await self.turn(turn_id, person)
        if turn is None:
            raise refuse("no-turn")
        there = await self._flow.workspaces.list(person.id)
        workspace = next(one.name for one in there if one.id == turn.workspace)
        return Request(turn.stage, turn.brief, person, workspace, channel, turn.language, turn.upstream, continues=turn.id)

    @property
    def is_leaving(self) -> bool:
        """Whether the program ends."""
        return self._flow.leaving.is_set()

    def leave(self) -> None:
        """Tell the chain that the program ends: an answer that is cancelled from now on was interrupted."""
        self._flow.leaving.set()

    def draft_views(self, stage: str, body: dict[str, Any], language: Language) -> tuple[ItemView, ...]:
        """Return the items of a partial body that can be shown already."""
        declared = self._flow.catalog.stage(stage).stage
        views = []
        listed = body.get(declared.artifact.ITEMS)
        for item in listed if isinstance(listed, list) else []:
            view = declared.view_draft(item, language)
            if view is not None:
                views.append(view)
        return tuple(views)

    async def accept(self, artifact_id: str, version: int, person: Person, item: str = "") -> ArtifactCard:
        """Accept an item or the whole, and return the card. Raises BriefError."""
        await self._workshop.accept(artifact_id, version, person, item)
        return await self.card(artifact_id, person)

    async def reject(self, artifact_id: str, version: int, person: Person, reason: str, item: str = "") -> ArtifactCard:
        """Reject an item or the whole with a reason, and return the card. Raises BriefError."""
        await self._workshop.reject(artifact_id, version, person, reason, item)
        return await self.card(artifact_id, person)

    async def edit(self, artifact_id: str, version: int, person: Person, item: str, text: str) -> ArtifactCard:
        """Keep an edited item as a new version, checked again, and return the card. Raises BriefError."""
        await self._workshop.edit(artifact_id, version, person, item, text)
        return await self.card(artifact_id, person)

    async def export(self, artifact_id: str, person: Person, notation: str, version: int | None = None) -> Export:
        """Return an artifact as a file. Raises BriefError."""
        return await self._workshop.export(artifact_id, person, notation, version)

    async def diagram(self, artifact_id: str, person: Person, name: str, version: int | None = None) -> Export:
        """Return a diagram of an artifact as an SVG picture.

        Raises BriefError where there is none of this name, ReplyError where it cannot be drawn.
        """
        return await self._drawings.diagram(artifact_id, person, name, version)

    async def open_points(self, artifact_id: str, person: Person) -> tuple[OpenPoint, ...]:
        """Return what the artifact's brief leaves open, by the organisation's checklist. Raises BriefError."""
        return self._open_points(await self._cards.opened(artifact_id, person))

    async def with_answers(
        self, artifact_id: str, answers: Mapping[str, str], person: Person
    ) -> tuple[str, str, tuple[str, ...]]:
        """Return the stage, the brief and the upstream artifacts of an artifact, with answers (by point) in the brief. Raises BriefError."""
        opened = await self._cards.opened(artifact_id, person)
        told = {point.question: answers[point.id] for point in self._open_points(opened) if point.id in answers}
        upstream = tuple(dict.fromkeys(item.artifact_id for item in opened.material.upstream if item.artifact_id))
        return opened.stage.name, with_answers(opened.material.brief, told, opened.version.artifact.language), upstream

    def _open_points(self, opened: Opened) -> tuple[OpenPoint, ...]:
        if not opened.stage.stage.clarifies or opened.turn is None:
            return ()
        return open_points(opened.material, self._knowledge.checklist)

    async def workspace_of(self, artifact_id: str, person: Person) -> str:
        """Return the name of the workspace that an artifact belongs to. Raises BriefError."""
        opened = await self._cards.opened(artifact_id, person)
        there = await self._flow.workspaces.list(person.id)
        return next(one.name for one in there if one.id == opened.version.artifact.workspace)

    async def recognise(self, text: str) -> Recognised | None:
        """Return which stage's notation a text is; None where it is none, such as a brief."""
        return await self._importer.recognise(text)

    async def keep(self, text: str, person: Person, *, workspace: str, stage: str, language: Language) -> Kept:
        """Keep a text of a stage's notation as an artifact of a workspace. Raises BriefError."""
        return await self._importer.keep(text, person, workspace=workspace, stage=stage, language=language)

    async def prompt_sent(self, turn_id: str, person: Person) -> str:
        """Return the prompt of a turn as it was sent, for its asker.

        Raises BriefError, also where a source of the turn is closed to the asker by now: prompts and replies repeat passages
        in parts and in other words, so that none could be taken out for certain.
        """
        turn = await self._flow.ledger.turn(turn_id, owner=person.id)
        if turn is None:
            raise refuse("no-turn")
        closed = await closings(stored_sources(turn.passages), person, self._flow.known)
        if closed:
            raise refuse("prompt-closed", count=len(closed))
        parts = []
        for number, call in enumerate(turn.prompt, 1):
            parts.append(f"=== {number} {call['name']}")
            parts += [f"--- {message['role']}\n{message['text']}" for message in call["messages"]]
            parts.append(f"--- schema\n{json.dumps(call['schema'], ensure_ascii=False)}")
            parts.append(f"--- reply\n{call['reply']}")
        return "\n\n".join(parts)

    async def passage(self, artifact_id: str, key: str, person: Person) -> Source:
        """Return a source of an artifact as it was when it was cited, if it is still open to the person. Raises BriefError."""
        opened = await self._cards.opened(artifact_id, person)
        source = opened.material.source(key)
        if source is None:
            raise refuse("no-source", key=key[:20])
        return source

    def marks(self, text: str, language: Language) -> tuple[Mark, ...]:
        """Return the glossary's terms in a text, by place."""
        found = self._cards.marks_terms(text, language)
        return tuple(
            Mark(start, end, term.name, term.definition, "forbidden" if how == "forbidden" else "term")
            for start, end, term, how in found
        )

    async def status(self, language: Language) -> Status:
        """Return how things stand, without waiting for an endpoint that does not answer."""
        known = self._knowledge.status()
        notices = [notice.sentence(language) for notice in known.notices]
        if known.waiting:
            notices.append(say("indexing", language, done=known.passages - known.waiting, all=known.passages))
        finding_out = asyncio.ensure_future(self._flow.endpoint.abilities())
        try:
            abilities = await asyncio.wait_for(asyncio.shield(finding_out), STATUS_SECONDS)
        except TimeoutError:
            finding_out.add_done_callback(_seen)
            return Status("", demonstration=False, notices=(say("finding-out", language), *notices))
        except EndpointError as error:
            return Status("", demonstration=False, notices=(error.sentence(language), *notices))
        return Status(abilities.model, abilities.demonstration, (*abilities.notes, *notices))

    async def _demonstration(self) -> str:
        """Return the name of the demonstration model where one answers, otherwise nothing."""
        try:
            abilities = await self._flow.endpoint.abilities()
        except EndpointError:
            return ""
        return abilities.model if abilities.demonstration else ""
