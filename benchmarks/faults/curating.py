"""The ways in that are made for curators, tried by everybody: the list of assets, one asset whole, the search at the desk."""

import itertools
from pathlib import Path

from benchmarks.faults.desks import BRIEFS, GROUPS, Bank, Seen, marker_of
from channels.elements.knowledge_desk import hits_on_desk
from channels.texts import texts_in
from errors import KnowledgeError
from knowledge.knowledge import Knowledge
from knowledge.upkeep import Upkeep


async def looked_through(knowledge: Knowledge, bank: Bank, data: Path, *, every: int) -> Seen:
    """List all assets as each person, and open one in `every` of them by its id and by its path."""
    seen, upkeep = Seen(), Upkeep(knowledge.records, data, knowledge.reload)
    assets = await knowledge.records.assets()
    for place, person in enumerate(bank.people):
        seen.look(repr(await upkeep.assets(person)), person, bank.allowed[person.id])
        for asset, which in itertools.product(assets[place % every :: every], ("id", "path")):
            try:
                shown = repr(await upkeep.show(getattr(asset, which), person))
            except KnowledgeError as error:
                # A path that somebody asks for by name stands in the refusal too: it tells them nothing new.
                shown = error.sentence("en").replace(asset.path, "")
            seen.look(shown, person, bank.allowed[person.id])
    return seen


async def searched_at_desk(knowledge: Knowledge, bank: Bank) -> Seen:
    """Try a search at the desk as each person, by name and by what all documents speak of."""
    seen, texts = Seen(), texts_in("en")
    asked = [*BRIEFS, *(f"code word {marker_of(group, document)}" for group in range(len(GROUPS)) for document in (0, 20))]
    asked += [f"code word {marker_of('draft', number)}" for number in range(len(bank.people))]
    for person, text in itertools.product(bank.people, asked):
        hits = await knowledge.search(text, groups=person.reads, limit=10)
        seen.look(repr(hits_on_desk(hits, texts)), person, bank.allowed[person.id])
    return seen
