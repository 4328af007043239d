"""Ten groups with forty documents each, people in none to three of them, and every way in: nobody reads what is not theirs."""

import asyncio
import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import httpx

from benchmarks.faults.asking import addresses, assistant_over, client_of, shown_in, stories_citing
from benchmarks.faults.curating import looked_through, searched_at_desk
from benchmarks.faults.desks import BRIEFS, GROUPS, MARKER, Bank, Seen, bank_of, marker_of, with_drafts, write_bank
from benchmarks.faults.knowing import knowing
from benchmarks.faults.revoking import revoked
from benchmarks.figures import ROOT, Figure, Journal
from chains.endpoint.asking import Ask
from chains.events import ArtifactReady, Request, TurnEnded
from channels.people import LOCAL_ANALYST
from knowledge.knowledge import Knowledge
from records.knowledge import Passage
from tests.doubles.scripted_endpoint import Said, ScriptedEndpoint

DOCUMENTS = 40


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
        bank = await with_drafts(knowledge, bank_of(people, markers), place)
        seen = {
            "search": await _searched(knowledge, bank),
            "passages by id": await _opened(knowledge, bank, every=every),
            "upkeep": await looked_through(knowledge, bank, place, every=every),
            "desk": await searched_at_desk(knowledge, bank),
        }
        seen |= await _asked(knowledge, bank)
        # Last, since it takes the documents away.
        return seen | await revoked(knowledge, bank, place)


async def _searched(knowledge: Knowledge, bank: Bank) -> Seen:
    """Ask for every group's secrets by name, and for what all documents speak of."""
    seen = Seen()
    asked = [*BRIEFS, *(f"code word {marker_of(group, document)}" for group in range(len(GROUPS)) for document in (0, 7, 20, 33))]
    asked += [f"code word {marker_of('draft', number)}" for number in range(len(bank.people))]
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
    shown = shown_in(ask)
    words = " ".join(sorted(set(MARKER.findall(shown)))[:8])
    return stories_citing(ask, words)


async def _asked(knowledge: Knowledge, bank: Bank) -> dict[str, Seen]:
    """Have each person ask, with a model that gives away all it was told; then try the downloads as everybody."""
    seen = {"chat": Seen(), "prompts": Seen(), "downloads": Seen()}
    endpoint = ScriptedEndpoint(_obedient)
    assistant = assistant_over(knowledge, endpoint)
    artifacts: dict[str, tuple[str, str]] = {}
    for person, brief in itertools.product(bank.people, BRIEFS):
        allowed, before = bank.allowed[person.id], len(endpoint.asks)
        events = [event async for event in assistant.answer(Request("user_stories", brief, person))]
        seen["chat"].look("\n".join(map(repr, events)), person, allowed)
        seen["prompts"].look("\n".join(map(repr, endpoint.asks[before:])), person, allowed)
        ready = next((event for event in events if isinstance(event, ArtifactReady)), None)
        if ready is not None:
            artifacts[person.id] = (ready.artifact_id, next(event.turn_id for event in events if isinstance(event, TurnEnded)))
    async with client_of(assistant, bank.people) as client:
        await _downloaded(client, bank, artifacts, seen["downloads"])
    return seen


async def _downloaded(client: httpx.AsyncClient, bank: Bank, artifacts: dict[str, tuple[str, str]], seen: Seen) -> None:
    for person, (artifact, turn) in itertools.product(bank.people, artifacts.values()):
        for path in addresses(artifact, turn):
            answer = await client.get(path, headers={"x-person": person.id})
            seen.look(answer.text, person, bank.allowed[person.id])


def _terminal(place: Path, *, asked: int) -> Seen:
    """Search from the terminal, by words, in a process of its own."""
    seen = Seen()
    settings = {"DATA_DIR": place, "KNOWLEDGE__PACK": place / "pack", "KNOWLEDGE__EMBEDDING": "none"}
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)} | {
        f"STAGECRAFT_{name}": str(value) for name, value in settings.items()
    }
    texts = ["canteen opens at noon", *(f"code word {marker_of(number, 7)}" for number in range(asked))]
    for text in texts:
        command = [sys.executable, "-m", "channels.terminal.cli", "search", text, "--limit", "30", "--json"]
        told = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=120, check=True)
        seen.look(told.stdout, LOCAL_ANALYST, frozenset(marker_of("all", each) for each in range(4)))
    return seen
