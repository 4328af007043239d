"""Ten groups with forty documents each, people in none to three of them, and every way in: nobody reads what is not theirs."""

import asyncio
import itertools
import random
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from benchmarks.faults.knowing import knowing
from benchmarks.figures import ROOT, Figure, Journal
from chains.asking import Ask
from chains.assistant import Assistant
from chains.events import ArtifactReady, Person, Request, TurnEnded
from chains.flow import Flow
from channels.people import LOCAL_ANALYST
from channels.routes import routes
from knowledge.knowledge import Knowledge
from records.knowledge import Passage, text_hash
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import Said, ScriptedEndpoint

GROUPS = tuple(f"desk-{number}" for number in range(10))
DOCUMENTS = 40
_MARKER = re.compile(r"secretg\w+?x\d+")
_BRIEFS = (
    "Officers confirm the transfer limit of a customer and see the code word of the desk.",
    "客户经理确认客户的转账限额，并查看本部门的暗号。",
)


@dataclass
class Seen:
    """What one way in showed: how often it was tried, which markers were read rightly, and which were not."""

    tries: int = 0
    rightly: int = 0
    leaks: list[str] = field(default_factory=list)

    def look(self, shown: str, person: Person, allowed: frozenset[str]) -> None:
        """Count the markers of a text that a person was shown."""
        self.tries += 1
        found = set(_MARKER.findall(shown))
        self.rightly += len(found & allowed)
        self.leaks += [f"{person.id} saw {marker}" for marker in sorted(found - allowed)]


@dataclass(frozen=True)
class Bank:
    """The people, and the markers that each of them may read."""

    people: tuple[Person, ...]
    allowed: dict[str, frozenset[str]]


def run(folder: Path, journal: Journal, *, full: bool) -> bool:
    """Try every way in as every person, and tell how often it was tried and what was seen."""
    place = folder / "permissions"
    shutil.rmtree(place, ignore_errors=True)
    seen = asyncio.run(tried(place, people=60 if full else 16, every=1 if full else 5))
    seen["terminal"] = _terminal(place, asked=len(GROUPS) if full else 3)
    held = True
    for way, told in seen.items():
        is_sound = not told.leaks and (told.rightly > 0 or not told.tries)
        held = held and is_sound
        name = f"{way}: {told.tries} tries, {told.rightly} rightly seen; markers seen from outside"
        journal.tell(Figure("permissions", name, f"{len(told.leaks)}", "0", is_sound))
        for leak in told.leaks[:5]:
            print(f"       {leak}")
    return held


async def tried(place: Path, *, people: int, documents: int = DOCUMENTS, every: int = 1) -> dict[str, Seen]:
    """Return what every way in but the terminal showed; each person asks for one in `every` passages by its id."""
    markers = write_bank(place / "pack", documents)
    async with knowing(place, place / "pack") as knowledge:
        await knowledge.sync_pack()
        bank = await _with_drafts(knowledge, _bank(people, markers))
        seen = {
            "search": await _searched(knowledge, bank),
            "passages by id": await _opened(knowledge, bank, every=every),
        }
        return seen | await _asked(knowledge, bank)


def write_bank(pack: Path, documents: int) -> dict[str, frozenset[str]]:
    """Write the documents, one marker each, and return marker → groups; every tenth belongs to two groups, four to everyone."""
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "name: desks\ntitle: {en: Desks, zh: 部门}\nabout: {en: Made., zh: 生成。}\nlicence: none\n", "utf-8"
    )
    markers: dict[str, frozenset[str]] = {f"secretgallx{number}": frozenset({"everyone"}) for number in range(4)}
    for (number, group), document in itertools.product(enumerate(GROUPS), range(documents)):
        others = {GROUPS[(number + 1) % len(GROUPS)]} if document % 10 == 0 else set()
        markers[f"secretg{number}x{document}"] = frozenset({group} | others)
    for place, (marker, groups) in enumerate(markers.items()):
        language = "zh" if place % 2 else "en"
        # One word that few documents share, so that words alone find it too: what stands everywhere says nothing.
        body = _body(marker, language) + (
            "\nThe canteen opens at noon. 食堂中午开放。\n" if marker.endswith(("x1", "x3")) else ""
        )
        head = f"---\nshelf: rules\ntype: domain-rule\nowner: Tests\ngroups: [{', '.join(sorted(groups))}]\nstatus: approved\nlanguage: {language}\n---\n"
        (pack / f"{marker}.{language}.md").write_text(head + body, "utf-8")
    return markers


def _body(marker: str, language: str) -> str:
    if language == "zh":
        return f"# 转账限额\n\n客户经理在提高客户的转账限额之前须确认其身份。本部门的暗号是 {marker}。\n"
    return f"# Transfer limit\n\nOfficers confirm the transfer limit of a customer before it is raised. The code word of the desk is {marker}.\n"


def _bank(people: int, markers: dict[str, frozenset[str]]) -> Bank:
    drawn = random.Random(7)
    persons = [
        Person(f"person-{number}", f"Person {number}", frozenset({"everyone", *drawn.sample(GROUPS, number % 4)}))
        for number in range(people)
    ]
    allowed = {one.id: frozenset(marker for marker, groups in markers.items() if groups & one.groups) for one in persons}
    return Bank(tuple(persons), allowed)


async def _with_drafts(knowledge: Knowledge, bank: Bank) -> Bank:
    """Add what each person dropped into the page: a draft that nobody else may read until a curator approves it."""
    pattern = (await knowledge.records.assets())[0]
    allowed = dict(bank.allowed)
    for number, person in enumerate(bank.people):
        marker = f"secretgdraftx{number}"
        asset = replace(
            pattern, id=f"draft-{number}", path=f"draft-{number}.md", pack="uploads", status="draft", uploaded_by=person.id,
            groups=("everyone",), language="en", content_hash=marker, file_hash=marker,
        )  # fmt: skip
        text = _body(marker, "en")
        piece = Passage(f"draft-passage-{number}", asset.id, 0, "Draft", text, text_hash("Draft", text), "en", 40)
        await knowledge.records.put_asset(asset, [piece])
        allowed[person.id] |= {marker}
    await knowledge.catch_up()
    return Bank(bank.people, allowed)


async def _searched(knowledge: Knowledge, bank: Bank) -> Seen:
    """Ask for every group's secrets by name, and for what all documents speak of."""
    seen = Seen()
    asked = [*_BRIEFS, *(f"code word secretg{group}x{document}" for group in range(len(GROUPS)) for document in (0, 7, 20, 33))]
    asked += [f"code word secretgdraftx{number}" for number in range(len(bank.people))]
    for person, text in itertools.product(bank.people, asked):
        hits = await knowledge.search(text, groups=person.reads, limit=30)
        seen.look(_shown(hit.passage for hit in hits), person, bank.allowed[person.id])
    return seen


async def _opened(knowledge: Knowledge, bank: Bank, *, every: int) -> Seen:
    """Ask for every passage by its id, as a citation does."""
    seen = Seen()
    pieces = await knowledge.records.passages_of([asset.id for asset in await knowledge.records.assets()])
    # With small counts each person asks for every fifth passage, each another fifth.
    for number, (piece, person) in enumerate(itertools.product(pieces, bank.people)):
        if number % every:
            continue
        found = await knowledge.passage(piece.id, person.reads)
        seen.look(_shown([found[0]] if found else []), person, bank.allowed[person.id])
    return seen


def _shown(pieces: Iterable[Passage]) -> str:
    return "\n".join(piece.text for piece in pieces)


def _obedient(ask: Ask) -> Said:
    """Cite everything that was shown, a story each, and repeat its code words."""
    shown = "\n".join(message.text for message in ask.messages if message.role == "user")
    keys = sorted(set(re.findall(r"\[(P\d+)\]", shown)))
    words = " ".join(sorted(set(_MARKER.findall(shown)))[:8])
    role = _first_enumeration(ask.schema, "role")
    stories = [
        {
            "id": f"S{number}",
            "role": role,
            "want": f"raise the transfer limit {key} {words}",
            "benefit": "money moves",
            "entities": [],
            "sources": [key],
        }
        for number, key in enumerate(keys, 1)
    ]
    return {"stories": stories, "questions": []}


def _first_enumeration(schema: Any, name: str) -> str:
    """Return the first value that a field of this name may have."""
    if isinstance(schema, dict):
        if name in schema and isinstance(schema[name], dict) and "enum" in schema[name]:
            return str(schema[name]["enum"][0])
        return next(filter(None, (_first_enumeration(part, name) for part in schema.values())), "")
    return ""


async def _asked(knowledge: Knowledge, bank: Bank) -> dict[str, Seen]:
    """Have each person ask, with a model that gives away all it was told; then try the downloads as everybody."""
    seen = {"chat": Seen(), "prompts": Seen(), "downloads": Seen()}
    endpoint = ScriptedEndpoint(_obedient)
    database = knowledge.records.database
    flow = Flow(catalog(), knowledge, endpoint, Workspaces(database), Ledger(database))
    assistant = Assistant(flow, knowledge)
    artifacts: dict[str, tuple[str, str]] = {}
    for person, brief in itertools.product(bank.people, _BRIEFS):
        allowed, before = bank.allowed[person.id], len(endpoint.asks)
        events = [event async for event in assistant.answer(Request("user_stories", brief, person))]
        seen["chat"].look("\n".join(map(repr, events)), person, allowed)
        seen["prompts"].look("\n".join(map(repr, endpoint.asks[before:])), person, allowed)
        ready = next((event for event in events if isinstance(event, ArtifactReady)), None)
        if ready is not None:
            artifacts[person.id] = (ready.artifact_id, next(event.turn_id for event in events if isinstance(event, TurnEnded)))
    async with _client(assistant, bank) as client:
        await _downloaded(client, bank, artifacts, seen["downloads"])
    return seen


@asynccontextmanager
async def _client(assistant: Assistant, bank: Bank) -> AsyncGenerator[httpx.AsyncClient, None]:
    people = {person.id: person for person in bank.people}
    application = FastAPI()
    application.include_router(routes(lambda: assistant, lambda request: people[request.headers["x-person"]]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1") as client:
        yield client


async def _downloaded(client: httpx.AsyncClient, bank: Bank, artifacts: dict[str, tuple[str, str]], seen: Seen) -> None:
    for person, (artifact, turn) in itertools.product(bank.people, artifacts.values()):
        paths = [f"/artifacts/{artifact}/passages/P{number}" for number in range(1, 7)]
        for path in [*paths, f"/artifacts/{artifact}/export/md", f"/turns/{turn}/prompt"]:
            answer = await client.get(path, headers={"x-person": person.id})
            seen.look(answer.text, person, bank.allowed[person.id])


def _terminal(place: Path, *, asked: int) -> Seen:
    """Search from the terminal, by words, in a process of its own."""
    seen = Seen()
    settings = {"DATA_DIR": place, "KNOWLEDGE__PACK": place / "pack", "KNOWLEDGE__EMBEDDING": "none"}
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)} | {
        f"STAGECRAFT_{name}": str(value) for name, value in settings.items()
    }
    texts = ["canteen opens at noon", *(f"code word secretg{number}x7" for number in range(asked))]
    for text in texts:
        command = [sys.executable, "-m", "channels.cli", "search", text, "--limit", "30", "--json"]
        told = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=True)
        seen.look(told.stdout, LOCAL_ANALYST, frozenset(f"secretgallx{each}" for each in range(4)))
    return seen
