"""What was cited rightly is taken away afterwards: people leave their groups, documents are closed, documents are removed."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmarks.faults.asking import addresses, assistant_over, client_of, stories_citing
from benchmarks.faults.desks import BRIEFS, Bank, Seen
from chains.assistant import Assistant
from chains.events import ArtifactReady, Person, Request, TurnEnded
from knowledge.knowledge import Knowledge
from knowledge.upkeep import Upkeep
from tests.doubles.scripted_endpoint import ScriptedEndpoint

_CURATOR = Person("curator", "Curator", roles=frozenset({"curator"}))
# Person → their artifact and its turn.
_Artifacts = dict[str, tuple[str, str]]


async def revoked(knowledge: Knowledge, bank: Bank, data: Path) -> dict[str, Seen]:
    """Return what the cards, passages, downloads and prompts of each person show before and after each way of taking away."""
    assistant = assistant_over(knowledge, ScriptedEndpoint(stories_citing))
    artifacts = {person.id: await _asked(assistant, person) for person in bank.people}
    left = [replace(person, groups=frozenset({"everyone"})) for person in bank.people]
    open_to_all = {
        name: frozenset(marker for marker in allowed if marker.startswith(("secretgall", "secretgdraft")))
        for name, allowed in bank.allowed.items()
    }
    upkeep = Upkeep(knowledge.records, data, knowledge.reload)
    closed = [asset for asset in await knowledge.records.assets("desks") if "everyone" not in asset.groups]
    seen = {
        "citations": await _shown(assistant, artifacts, bank.people, bank.allowed),
        "citations, who left": await _shown(assistant, artifacts, left, open_to_all),
    }
    for asset in closed:
        await knowledge.records.settle_asset(asset.id, {"groups": ["vault"]}, "settled", _CURATOR.id)
    seen["citations, closed"] = await _shown(assistant, artifacts, bank.people, open_to_all)
    for asset in closed[:3]:
        await upkeep.remove(asset.id, _CURATOR)
    await knowledge.records.remove_assets([asset.id for asset in closed[3:]], by=_CURATOR.id)
    await knowledge.reload()
    seen["citations, removed"] = await _shown(assistant, artifacts, bank.people, open_to_all)
    return seen


async def _asked(assistant: Assistant, person: Person) -> tuple[str, str]:
    """Have a person's stories cite what they may read, in words that give nothing away."""
    events = [event async for event in assistant.answer(Request("user_stories", BRIEFS[0], person))]
    ready = next(event for event in events if isinstance(event, ArtifactReady))
    return ready.artifact_id, next(event.turn_id for event in events if isinstance(event, TurnEnded))


async def _shown(
    assistant: Assistant, artifacts: _Artifacts, people: Iterable[Person], allowed: dict[str, frozenset[str]]
) -> Seen:
    """Look at everything that a person's own artifact shows and hands out."""
    seen = Seen()
    async with client_of(assistant, people) as client:
        for person in people:
            artifact, turn = artifacts[person.id]
            seen.look(repr(await assistant.card(artifact, person)), person, allowed[person.id])
            for path in addresses(artifact, turn):
                answer = await client.get(path, headers={"x-person": person.id})
                seen.look(answer.text, person, allowed[person.id])
    return seen
