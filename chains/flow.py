"""The chain, top to bottom: record the turn, gather, ask, check, record the artifact. All that happens is told as events."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from functools import cached_property

from chains.admission import Admission
from chains.answering.answer import Answering
from chains.answering.checking import as_rows
from chains.answering.drafts import Drafts
from chains.answering.judging import Answered
from chains.answering.kept import kept_for, keys_of
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer
from chains.changing.offering import Offers, nouns_to_offer
from chains.endpoint.asking import Abilities, Endpoint
from chains.endpoint.gate import TurnInLine
from chains.events import (
    AnswerFailed,
    ArtifactReady,
    Event,
    MaterialGathered,
    QuestionsAsked,
    Request,
    StepDone,
    TurnBegan,
    TurnWaits,
)
from chains.gathering.clarity import is_clear
from chains.gathering.gather import Known, gather
from chains.gathering.gathered import first_words, found_lines
from chains.gathering.offered import offered_sources
from chains.gathering.upstream import links_of, read_brief, read_items
from chains.sentences import refuse, say
from errors import AssistantError, Language, UnexpectedFailure, failure_id_of
from formats.clarified import clarified, with_clarified, without_clarified
from formats.language import language_of
from records.artifacts import NewArtifact
from records.ledger import Ledger
from records.turns import TurnStart
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.material import Material

logger = logging.getLogger("stagecraft.chain")


@dataclass(frozen=True)
class Limits:
    """What one answer may take: characters of the brief, passages, tokens of a reply."""

    brief_characters: int = 20_000
    passages: int = 6
    reply_tokens: int = 3000


@dataclass(frozen=True)
class Flow:
    """Everything that an answer needs; one for the whole house."""

    catalog: Catalog
    known: Known
    endpoint: Endpoint
    workspaces: Workspaces
    ledger: Ledger
    limits: Limits = Limits()
    offers: Offers | None = None
    # What a stage takes for granted, by its name: a line put before each brief, which may say otherwise further down.
    defaults: Mapping[str, str] = field(default_factory=dict)
    # Set when the program is told to end: what is cancelled from then on was interrupted by us, not stopped by a person.
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    admission: Admission = field(default_factory=Admission)

    @cached_property
    def _drafts(self) -> Drafts:
        return Drafts(self.ledger)

    async def answer(self, request: Request) -> AsyncGenerator[Event, None]:
        """Yield what happens, `TurnEnded` last; an AssistantError becomes `AnswerFailed`.

        Raises UnexpectedFailure, whose number is on record, where a bug of ours ended the turn.
        """
        turn = RunningTurn()
        language: Language = request.language or language_of(request.brief)
        try:
            language = await self._language(request)
            with self.admission.gate.turn(request.person.id) as place:
                async with aclosing(self._answered(request, language, turn, place)) as events:
                    async for event in events:
                        yield event
        except AssistantError as error:
            yield self._failed(error, turn, language)
        except Exception as error:
            turn.failure_id = failure_id_of(error)
            turn.failure = say("bug", language, id=turn.failure_id)
            raise UnexpectedFailure(turn.failure_id) from error
        except BaseException:
            # Stop, Ctrl-C, a channel that has gone, or a server that is told to end.
            turn.outcome = "interrupted" if self.leaving.is_set() else "cancelled"
            raise
        finally:
            # Also when the person has gone or the task is cancelled: the record is written in a task of its own.
            if turn.id:
                await asyncio.shield(asyncio.create_task(self._end(turn)))
        yield turn.end()

    async def _language(self, request: Request) -> Language:
        """Return the language of the answer: as asked for, the brief's, or that of the artifact that it rests on."""
        if not request.language and not request.brief.strip() and request.upstream:
            upstream = await self.workspaces.artifact(request.upstream[0], owner=request.person.id)
            if upstream is not None:
                return upstream.artifact.language
        return request.language or self.catalog.stage(request.stage).stage.speaks(request.brief)

    def endpoint_for(self, person: str) -> Endpoint:
        """Return the endpoint as this person may ask it: every call passes the gate."""
        return self.admission.gate.endpoint_for(person, self.endpoint)

    async def _answered(
        self, request: Request, language: Language, turn: RunningTurn, place: TurnInLine
    ) -> AsyncGenerator[Event, None]:
        """Wait, gather, ask, check, record."""
        if place.before is not None:
            yield TurnWaits(place.before)
        self._refuse_unsound(request)
        await self.admission.count(request.person.id)
        stage = self.catalog.stage(request.stage)
        workspace = await self.workspaces.open(request.workspace, request.person.id)
        turn.kept = await kept_for(request, self.ledger)
        turn.draft = turn.kept.draft
        turn.id = await self.ledger.begin_turn(self._start(request, stage, workspace.id, language))
        abilities = await self.endpoint.abilities()
        turn.model = abilities.model
        yield TurnBegan(turn.id, stage.name, language, abilities.model, abilities.demonstration)
        async with aclosing(place.places()) as places:
            async for before in places:
                yield TurnWaits(before)
        material, done = await self._gathered(request, stage, language, turn)
        yield done
        yield MaterialGathered(material.terms, material.sources)
        if not (stage.stage.is_clear or is_clear)(material):
            turn.outcome = "questions"
            starters = tuple(one.brief for one in stage.examples.starters if one.language == language)
            yield QuestionsAsked(stage.examples.questions[language], starters[:2])
            return
        endpoint = self.endpoint_for(request.person.id)
        async for event in self._asked(stage, material, abilities, turn, endpoint):
            if isinstance(event, Answered):
                yield await self._recorded(event, request, stage, workspace.id, material, turn)
            else:
                yield event

    async def _asked(
        self, stage: CatalogedStage, material: Material, abilities: Abilities, turn: RunningTurn, endpoint: Endpoint
    ) -> AsyncGenerator[Event | Answered, None]:
        """Pass on what the asking tells, while the draft is put on record now and then."""
        writer = Writer(stage, material, abilities, self.limits.reply_tokens)
        with self._drafts.kept(turn):
            async for event in Answering(endpoint, writer).events(turn):
                yield event

    async def _gathered(
        self, request: Request, stage: CatalogedStage, language: Language, turn: RunningTurn
    ) -> tuple[Material, StepDone]:
        """Gather what lies upstream, the terms and the passages, and tell what was found."""
        since = time.perf_counter()
        upstream = await read_items(
            request.upstream, stage, request.person, catalog=self.catalog, workspaces=self.workspaces, ledger=self.ledger
        )
        brief = f"{self.defaults.get(stage.name, '')}\n{request.brief}".strip()
        if not upstream and stage.stage.upstream and not stage.stage.takes_brief:
            upstream, brief = (
                read_brief(without_clarified(brief), stage, language),
                with_clarified("", clarified(brief), language),
            )
        material = await gather(
            brief,
            language,
            request.person,
            self.known,
            shelves=stage.stage.shelves,
            passages=self.limits.passages,
            upstream=upstream,
            offered=offered_sources(request.material, language),
        )
        turn.sources = material.sources
        turn.written["passages"] = keys_of(material.sources)
        return material, turn.step("gather", found_lines(material), since)

    async def _recorded(
        self, answer: Answered, request: Request, stage: CatalogedStage, workspace: str, material: Material, turn: RunningTurn
    ) -> ArtifactReady:
        """Put the artifact on record, linked to what it rests on, and offer the steward what the glossary lacks."""
        body = answer.artifact.model_dump()
        links = links_of(answer.artifact, material.upstream)
        new = NewArtifact(
            workspace=workspace,
            stage=stage.name,
            title=await self._title(request, material),
            language=material.language,
            body=body,
            author="assistant",
            sources=tuple(asdict(source) for source in material.sources),
            findings=as_rows(answer.findings),
            mends=as_rows(answer.mends),
            links=links,
            turn=turn.id,
        )
        kept = await self.workspaces.add_artifact(new, owner=request.person.id)
        turn.artifact, turn.outcome = kept.artifact.id, "answered"
        if self.offers is not None:
            self.offers.offer_soon(nouns_to_offer(material, answer.artifact, kept.artifact.id), request.person.id)
        return ArtifactReady(kept.artifact.id, kept.number, body, answer.findings, answer.mends)

    async def _title(self, request: Request, material: Material) -> str:
        """Return the title of the artifact: that of what it rests on, or the first words of its brief."""
        for artifact_id in request.upstream[:1]:
            upstream = await self.workspaces.artifact(artifact_id, owner=request.person.id)
            if upstream is not None:
                return upstream.artifact.title
        return first_words(request.brief or (material.upstream[0].text if material.upstream else ""))

    def _refuse_unsound(self, request: Request) -> None:
        """Refuse a brief that is empty, where nothing lies upstream, or too long."""
        if not request.brief.strip() and not request.upstream:
            raise refuse("empty")
        if len(request.brief) > self.limits.brief_characters:
            raise refuse("too-long", count=f"{len(request.brief):,}", most=f"{self.limits.brief_characters:,}")

    @staticmethod
    def _start(request: Request, stage: CatalogedStage, workspace: str, language: Language) -> TurnStart:
        return TurnStart(
            workspace=workspace,
            stage=stage.name,
            phase=stage.stage.phase,
            asker=request.person.id,
            channel=request.channel,
            language=language,
            brief=request.brief,
            prompt_hash=stage.prompts[language].digest,
            upstream=request.upstream,
        )

    def _failed(self, error: AssistantError, turn: RunningTurn, language: Language) -> AnswerFailed:
        """Turn an error into what the person sees; the operator's part goes to the log."""
        sentence = error.sentence(language)
        turn.outcome, turn.failure = "failed", sentence
        if error.detail:
            turn.failure_id = secrets.token_hex(4)
            logger.warning("%s %s: %s", turn.failure_id, type(error).__name__, error.detail)
        return AnswerFailed(sentence, turn.furthest, turn.findings, turn.failure_id or "", error)

    async def _end(self, turn: RunningTurn) -> None:
        """Put the end on record, once."""
        if not turn.ended:
            turn.ended = True
            await self.ledger.end_turn(turn.id, turn.record())
