"""The chain, top to bottom: record the turn, gather, ask, check, record the artifact. All that happens is told as events."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, field

from chains.answering.answer import Answering
from chains.answering.checking import as_rows
from chains.answering.judging import Answered
from chains.answering.turn import RunningTurn
from chains.answering.writing import Writer
from chains.changing.offering import Offers, nouns_to_offer
from chains.endpoint.asking import Abilities, Endpoint
from chains.events import (
    AnswerFailed,
    ArtifactReady,
    DraftGrew,
    Event,
    MaterialGathered,
    QuestionsAsked,
    Request,
    StepDone,
    TextArrived,
    TurnBegan,
)
from chains.gathering.clarity import is_clear
from chains.gathering.gather import Known, gather
from chains.gathering.gathered import first_words, found_lines
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

# A draft is put on record this often, so that a crash loses at most so much of it.
DRAFT_SECONDS = 2.0


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

    async def answer(self, request: Request) -> AsyncGenerator[Event, None]:
        """Yield what happens, `TurnEnded` last; an AssistantError becomes `AnswerFailed`.

        Raises UnexpectedFailure, whose number is on record, where a bug of ours ended the turn.
        """
        turn = RunningTurn()
        language: Language = request.language or language_of(request.brief)
        try:
            language = await self._language(request)
            async for event in self._answered(request, language, turn):
                yield event
        except AssistantError as error:
            yield self._failed(error, turn, language)
        except Exception as error:
            turn.failure_id = failure_id_of(error)
            turn.failure = say("bug", language, id=turn.failure_id)
            raise UnexpectedFailure(turn.failure_id) from error
        except BaseException:
            # Stop, Ctrl-C, or a channel that has gone.
            turn.outcome = "cancelled"
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

    async def _answered(self, request: Request, language: Language, turn: RunningTurn) -> AsyncGenerator[Event, None]:
        """Gather, ask, check, record."""
        self._refuse_unsound(request)
        stage = self.catalog.stage(request.stage)
        workspace = await self.workspaces.open(request.workspace, request.person.id)
        turn.id = await self.ledger.begin_turn(self._start(request, stage, workspace.id, language))
        abilities = await self.endpoint.abilities()
        turn.model = abilities.model
        yield TurnBegan(turn.id, stage.name, language, abilities.model, abilities.demonstration)
        material, done = await self._gathered(request, stage, language, turn)
        yield done
        yield MaterialGathered(material.terms, material.sources)
        if not (stage.stage.is_clear or is_clear)(material):
            turn.outcome = "questions"
            starters = tuple(one.brief for one in stage.examples.starters if one.language == language)
            yield QuestionsAsked(stage.examples.questions[language], starters[:2])
            return
        async for event in self._asked(stage, material, abilities, turn):
            if isinstance(event, Answered):
                yield await self._recorded(event, request, stage, workspace.id, material, turn)
            else:
                yield event

    async def _asked(
        self, stage: CatalogedStage, material: Material, abilities: Abilities, turn: RunningTurn
    ) -> AsyncGenerator[Event | Answered, None]:
        """Pass on what the asking tells, and put the draft on record now and then."""
        writer = Writer(stage, material, abilities, self.limits.reply_tokens)
        saved = time.perf_counter()
        async for event in Answering(self.endpoint, writer).events(turn):
            if isinstance(event, DraftGrew | TextArrived) and time.perf_counter() - saved > DRAFT_SECONDS:
                saved = time.perf_counter()
                await self.ledger.save_draft(turn.id, turn.furthest)
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
        )
        turn.sources = material.sources
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
        )

    def _failed(self, error: AssistantError, turn: RunningTurn, language: Language) -> AnswerFailed:
        """Turn an error into what the person sees; the operator's part goes to the log."""
        sentence = error.sentence(language)
        turn.outcome, turn.failure = "failed", sentence
        if error.detail:
            turn.failure_id = secrets.token_hex(4)
            logger.warning("%s %s: %s", turn.failure_id, type(error).__name__, error.detail)
        return AnswerFailed(sentence, turn.furthest, turn.findings, turn.failure_id or "")

    async def _end(self, turn: RunningTurn) -> None:
        """Put the end on record, once."""
        if not turn.ended:
            turn.ended = True
            await self.ledger.end_turn(turn.id, turn.record())
