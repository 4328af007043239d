"""A small bank's records and knowledge on a real SQLite file, and the chain over them: what the tests of the chain ask."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chains.assistant import Assistant
from chains.endpoint.asking import Endpoint
from chains.events import AnswerFailed, ArtifactReady, Event, Person, Request, StepDone, TurnEnded
from chains.flow import Flow, Limits
from errors import Language
from knowledge.knowledge import Knowledge
from records.database import Database, sqlite_url
from records.ledger import Ledger
from records.migrate import migrate
from records.turns import Turn
from records.workspaces import Workspaces
from stages.catalog import catalog
from tests.doubles.hashed_embedding import HashedEmbedding
from tests.doubles.packs import asset, write_pack

ANA = Person("ana", "Ana")
BEN = Person("ben", "Ben")
_TERMS = [
    ("customer", "role", "customer", "客户", "", "储户"),
    ("credit-officer", "role", "credit officer", "信贷专员", "", ""),
    ("account", "entity", "account", "账户", "bank account", ""),
    ("income-record", "entity", "income record", "收入记录", "record of income", ""),
    ("debit-card", "entity", "debit card", "借记卡", "bank card", "plastic"),
]
_ASSETS = {
    "shelves/rules/income.en.md": "# Income records\n\nA customer may view, add, change and delete the income records of an account.\n\n"
    "## Retention\n\nA deleted income record stays readable for the auditor for 7 years.",
    "shelves/rules/income.zh.md": "# 收入记录\n\n客户可以查看账户收入，添加、修改和删除账户的收入记录。\n\n## 保存\n\n删除的收入记录须保存 7 年供审计。",
    "shelves/rules/freeze.en.md": "# Card freeze\n\nA customer freezes a debit card in the app; a frozen debit card refuses every payment.",
}
_Told = TypeVar("_Told")
LIMITS = Limits()


def write_bank(folder: Path) -> Path:
    """Write the small pack, with terms and assets for income records and cards."""
    write_pack(folder)
    lines = []
    for name, kind, en, zh, alias, forbidden in _TERMS:
        lines.append(
            f"- {{id: {name}, kind: {kind}, context: accounts, en: {en}, zh: {zh},\n"
            f"   definition: {{en: What {en} means., zh: {zh}的含义。}}, aliases: {{en: [{alias}], zh: []}},\n"
            f"   forbidden: {{en: [{forbidden if forbidden.isascii() else ''}], zh: [{'' if forbidden.isascii() else forbidden}]}},"
            " owner: Accounts, status: approved}\n"
        )
    glossary = folder / "glossary.yaml"
    glossary.write_text(glossary.read_text("utf-8") + "".join(lines), "utf-8")
    for path, body in _ASSETS.items():
        (folder / path).write_text(asset("rules", "everyone", "approved", body, path[-5:-3]), "utf-8")
    return folder


@dataclass(frozen=True)
class Answer:
    """What happened while one brief was answered."""

    events: tuple[Event, ...]

    def all(self, kind: type[_Told]) -> list[_Told]:
        """Return the events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[_Told]) -> _Told:
        """Return the one event of a kind."""
        (event,) = self.all(kind)
        return event

    @property
    def ready(self) -> ArtifactReady:
        return self.one(ArtifactReady)

    @property
    def failed(self) -> AnswerFailed:
        return self.one(AnswerFailed)

    @property
    def ended(self) -> TurnEnded:
        """The last event, which ends the turn."""
        assert isinstance(self.events[-1], TurnEnded)
        return self.one(TurnEnded)

    @property
    def steps(self) -> list[str]:
        """The names of the steps, in their order."""
        return [step.name for step in self.all(StepDone)]

    @property
    def rules(self) -> list[str]:
        """The rules that the artifact breaks."""
        return [finding.rule for finding in self.ready.findings]


@dataclass(frozen=True)
class SmallHouse:
    """The records and the knowledge; the endpoint is handed to each answer."""

    database: Database
    knowledge: Knowledge
    ledger: Ledger
    workspaces: Workspaces

    def flow(self, endpoint: Endpoint, limits: Limits = LIMITS) -> Flow:
        return Flow(catalog(), self.knowledge, endpoint, self.workspaces, self.ledger, limits)

    def assistant(self, endpoint: Endpoint) -> Assistant:
        return Assistant(self.flow(endpoint), self.knowledge)

    async def answer(
        self,
        endpoint: Endpoint,
        brief: str,
        stage: str = "user_stories",
        *,
        person: Person = ANA,
        language: Language | None = None,
        upstream: Sequence[str] = (),
        limits: Limits = LIMITS,
    ) -> Answer:
        """Answer a brief to its end."""
        request = Request(stage, brief, person, language=language, upstream=tuple(upstream))
        return Answer(tuple([event async for event in self.flow(endpoint, limits).answer(request)]))

    async def turn(self, turn_id: str, person: Person = ANA) -> Turn:
        """Return a turn that is on record."""
        turn = await self.ledger.turn(turn_id, owner=person.id)
        assert turn is not None
        return turn

    async def turns(self, person: Person = ANA) -> tuple[Turn, ...]:
        """Return the person's turns, newest first."""
        workspace = await self.workspaces.open("default", person.id)
        return await self.ledger.turns(workspace.id, owner=person.id)


async def prepare(folder: Path) -> None:
    """Write the pack and a database that holds it, to be copied for each test."""
    async with opened(folder, pack=write_bank(folder / "pack")) as house:
        await migrate(house.database)
        await house.knowledge.sync_pack()


@asynccontextmanager
async def opened(folder: Path, *, pack: Path | None = None) -> AsyncIterator[SmallHouse]:
    """Open the house whose database lies in a folder."""
    database = Database(sqlite_url(folder))
    try:
        await migrate(database)
        knowledge = await Knowledge.open(database, folder, pack or folder / "pack", HashedEmbedding(256))
        try:
            yield SmallHouse(database, knowledge, Ledger(database), Workspaces(database))
        finally:
            await knowledge.close()
    finally:
        await database.close()


def copied(prepared: Path, folder: Path) -> Path:
    """Copy a prepared house."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    return folder


def run_aside(folder: Path) -> None:
    """Prepare a house in a loop of its own."""
    asyncio.run(prepare(folder))
