"""Puts every concrete part together; the only module that knows them all."""

import asyncio
import gc
import logging
import sys
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Literal

from chains.admission import Admission, Allowance, admission_of
from chains.assistant import Assistant
from chains.endpoint.embedded import EmbeddedEndpoint, EmbeddedOptions
from chains.endpoint.gate import GateOptions
from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from chains.flow import Flow, Limits
from chains.observing import ObservedEndpoint
from channels.api.options import ApiOptions
from channels.curation import Curation
from channels.house import Opened
from channels.people import local_person, person_of_directory
from channels.watching.house import QueueStanding, WatchedHouse
from channels.watching.watch import Watch, Watchers
from errors import AssistantError
from knowledge.embeddings.choice import EmbeddingChoice
from knowledge.embeddings.endpoint import EmbeddingServer
from knowledge.intake.ingest import Progress, Watcher, unwatched
from knowledge.intake.uploads import Uploads
from knowledge.knowledge import Knowledge
from knowledge.reading.reader import Reader
from knowledge.search.reranking import CrossEncoderReranker
from knowledge.terms.stewardship import Steward
from knowledge.upkeep import Upkeep
from records.database import Database, sqlite_url
from records.instances import this_instance
from records.ledger import Ledger
from records.migrate import migrate
from records.terms import TermRecords
from records.workspaces import Workspaces
from settings import Settings
from stages.catalog import Catalog, catalog

logger = logging.getLogger("stagecraft")
_SWITCH_SECONDS = 0.0005
IndexChoice = Literal["chroma", "memory", "auto"]


@dataclass
class House:
    """Everything that runs: opened by `start`, closed by `stop`.

    `index` is `chroma` for the server, which alone may open the index folder, and `memory` for the terminal.
    """

    settings: Settings
    index: IndexChoice
    catalog: Catalog
    endpoint: OpenAIEndpoint | EmbeddedEndpoint
    database: Database | None = None
    reader: Reader | None = None
    knowledge: Knowledge | None = None
    upkeep: Upkeep | None = None
    uploads: Uploads | None = None
    assistant: Assistant | None = None
    steward: Steward | None = None
    admission: Admission | None = None
    watchers: Watchers | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> Assistant:
        """Open the records and the knowledge; what takes longer (vectors, the model) goes on behind the scenes.

        Raises AssistantError where the records or the knowledge cannot be opened.
        """
        settings = self.settings
        if self.index == "chroma":
            # Each step of a statement goes to the database's thread and back: beside a busy loop it would wait 5 ms every time.
            sys.setswitchinterval(_SWITCH_SECONDS)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        settings.data_dir.chmod(0o700)
        url = settings.records.database_url
        self.database = Database(url.get_secret_value() if url else sqlite_url(settings.data_dir.absolute()))
        await migrate(self.database)
        self.watchers = Watchers(settings)
        ledger = Ledger(self.database, self.watchers.observing)
        if self.index == "chroma":
            await ledger.mark_interrupted(this_instance())
        choice = embedding_choice(settings)
        embedding, notice = await asyncio.to_thread(choice.begin)
        reranker = await asyncio.to_thread(reranker_of, settings)
        self.reader = Reader()
        self.knowledge = await Knowledge.open(
            self.database,
            settings.data_dir,
            settings.knowledge.pack,
            embedding,
            self._searched(),
            choice=choice,
            reranker=reranker,
            notice=notice,
            reader=self.reader,
            passage_tokens=settings.knowledge.passage_tokens,
            watch=self.index == "chroma",
        )
        records, data_dir = self.knowledge.records, settings.data_dir
        self.upkeep = Upkeep(records, data_dir, self._follow)
        tokens = settings.knowledge.passage_tokens
        self.uploads = Uploads(records, data_dir, self.reader, passage_tokens=tokens, changed=self._follow)
        limits = Limits(settings.web.brief_characters, settings.knowledge.passages, settings.endpoint.reply_tokens)
        self.steward = Steward(self.knowledge.records, TermRecords(self.database), self.reader)
        workspaces, defaults = Workspaces(self.database), {"release_notes": f"Audience: {settings.stages.release_audience}"}
        endpoint = ObservedEndpoint(self.endpoint, self.watchers.observing)
        admission = self.admission = self._admission(self.database)
        flow = Flow(
            self.catalog, self.knowledge, endpoint, workspaces, ledger, limits, self.steward, defaults, admission=admission
        )
        self.assistant = Assistant(flow, self.knowledge)
        if self.index == "chroma":
            self._behind(self._sync_pack(self.knowledge))
            self._behind(self._warm())
            self._behind(self.uploads.run())
        elif not self.knowledge.status().passages:
            await self._first_passages(self.knowledge)
        return self.assistant

    def _searched(self) -> Literal["chroma", "memory", "pgvector", "auto"]:
        """Return where vectors are searched: a server's folder is its own, while a database is everybody's."""
        chosen = self.settings.knowledge.index
        return self.index if chosen == "chroma" or self.index == "auto" else chosen

    async def open_doors(self) -> Opened:
        """Start, and return what the doors work with. Raises as `start` does."""
        assistant = await self.start()
        assert self.database is not None
        api = ApiOptions(**self.settings.api.model_dump())
        known = local_person if self.settings.signin.method == "none" else person_of_directory(self.database)
        watch, characters = self._watch(), self.settings.web.brief_characters
        starters = self.settings.widget.starters
        return Opened(
            assistant, self.database, characters, self.curation(), known, watch=watch, api=api, widget_starters=starters
        )

    def _admission(self, database: Database) -> Admission:
        """Return who may ask how much; in the terminal nobody is counted."""
        load = self.settings.load
        calls = load.calls if self.settings.endpoint.base_url else EmbeddedOptions.parallel
        allowance = Allowance(load.turns_a_minute, load.turns_an_hour) if self.index == "chroma" else Allowance()
        options = GateOptions(calls, load.calls_per_person, load.waiting)
        return admission_of(database, options, allowance, calls_of_replicas=load.calls_of_replicas)

    def _watch(self) -> Watch:
        """Return what an operator's machines are told; the house must be started."""
        assert self.watchers is not None
        assert self.database is not None
        assert self.knowledge is not None
        assert self.admission is not None
        gate, waiting = self.admission.gate, self.settings.load.waiting
        house = WatchedHouse(
            self.database,
            self.knowledge,
            lambda: self.endpoint.breaker_state,
            lambda: QueueStanding(gate.calls, gate.waiting, waiting, gate.shed),
        )
        return self.watchers.watch(house)

    def curation(self) -> Curation:
        """Return what curators and stewards work with; the house must be started."""
        assert self.knowledge is not None
        assert self.upkeep is not None
        assert self.uploads is not None
        assert self.steward is not None
        return Curation(self.knowledge, self.upkeep, self.uploads, self.steward)

    async def stop(self) -> None:
        """End what runs behind the scenes and close everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.admission is not None:
            await self.admission.close()
        await self.endpoint.close()
        if self.steward is not None:
            await self.steward.close()
        if self.knowledge is not None:
            await self.knowledge.close()
        if self.reader is not None:
            await self.reader.close()
        if self.database is not None:
            await self.database.close()
        if self.watchers is not None:
            await self.watchers.close()

    def _behind(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(_tell_a_bug)
        return task

    async def _first_passages(self, knowledge: Knowledge) -> None:
        """Take the pack in for a terminal that has none, and wait only until it can be searched by words: vectors take a minute."""
        searchable = asyncio.Event()

        def watched(_step: Progress) -> None:
            if knowledge.status().passages:
                searchable.set()

        self._behind(self._sync_pack(knowledge, watched)).add_done_callback(lambda _task: searchable.set())
        await searchable.wait()

    async def _follow(self) -> None:
        """Have words find what a curator changed; vectors follow, in a server behind the scenes."""
        assert self.knowledge is not None
        await self.knowledge.reload()
        if self.index == "chroma":
            self._behind(self._catch_up(self.knowledge))
        else:
            await self.knowledge.catch_up()

    async def _catch_up(self, knowledge: Knowledge) -> None:
        try:
            await knowledge.catch_up()
        except AssistantError as error:
            logger.warning("vectors are made later: %s (%s)", error, error.detail)

    async def _sync_pack(self, knowledge: Knowledge, watcher: Watcher = unwatched) -> None:
        """Take in what the pack has and the records have not; the page says how far it is."""
        try:
            await knowledge.sync_pack(watcher)
        except AssistantError as error:
            logger.warning("the pack could not be taken in: %s", error)
        _settle()

    async def _warm(self) -> None:
        """Load what the first brief would otherwise wait for."""
        try:
            await self.endpoint.warm()
        except AssistantError as error:
            logger.warning("the endpoint does not answer yet: %s (%s)", error, error.detail)
        _settle()


def _settle() -> None:
    """Keep the garbage collector from what was loaded: going through it all holds an answer up by 200 ms now and then."""
    gc.collect()
    gc.freeze()


def _tell_a_bug(task: asyncio.Task[None]) -> None:
    """Log what ended work behind the scenes that nobody waits for."""
    if not task.cancelled() and (error := task.exception()) is not None:
        logger.error("work behind the scenes ended", exc_info=error)


def assemble(settings: Settings, *, index: IndexChoice = "chroma") -> House:
    """Return the house of these settings, not started. Raises ConfigurationError where a stage is unsound."""
    return House(settings, index, catalog(), endpoint_of(settings))


def endpoint_of(settings: Settings) -> OpenAIEndpoint | EmbeddedEndpoint:
    """Return the configured endpoint, or the embedded demonstration model where none is."""
    chosen = settings.endpoint
    if chosen.base_url is None:
        return EmbeddedEndpoint(
            embedded_options(settings), reply_tokens=chosen.reply_tokens, answer_seconds=chosen.answer_seconds
        )
    values = chosen.model_dump(exclude={"api_key"})
    key = chosen.api_key.get_secret_value() if chosen.api_key else None
    return OpenAIEndpoint(EndpointOptions(**values, api_key=key))


def embedded_options(settings: Settings) -> EmbeddedOptions:
    """Return the embedded model's options."""
    return EmbeddedOptions(data_dir=settings.data_dir.absolute(), **settings.embedded.model_dump())


def embedding_choice(settings: Settings) -> EmbeddingChoice:
    """Return the chosen embedding as plain values; the endpoint's address and key stand in for those of its own."""
    chosen = settings.knowledge
    query, passage = chosen.query_prefix, chosen.passage_prefix
    base_url = chosen.embedding_base_url or settings.endpoint.base_url
    key = chosen.embedding_api_key or settings.endpoint.api_key
    server = None
    if chosen.embedding == "endpoint" and base_url and chosen.embedding_model:
        server = EmbeddingServer(base_url, chosen.embedding_model, key.get_secret_value() if key else None, query, passage)
    return EmbeddingChoice(chosen.embedding, chosen.embedding_folder, server, query, passage)


def reranker_of(settings: Settings) -> CrossEncoderReranker | None:
    """Return the configured reranker, loaded, or None. Raises ConfigurationError where its folder holds no model."""
    folder = settings.knowledge.reranker_folder
    return CrossEncoderReranker(folder, settings.knowledge.rerank_seconds) if folder is not None else None
