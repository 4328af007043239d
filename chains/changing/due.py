"""What a refresh has to do: which items rest on something that has changed, which on nothing any more, and what is new upstream."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from chains.cards.cards import Opened
from chains.changing.grounds import Ground, ground_of
from chains.changing.rewriting import Progress
from chains.changing.staleness import StaleItem, Standing, stale_items
from chains.events import Person
from chains.flow import Flow
from errors import Language
from records.trace import Traces
from stages.declaration import Item

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True)
class Asked:
    """Who asks for what, where from: the artifact, the person, the reader's language, the channel, and who is told how far it is."""

    opened: Opened
    person: Person
    language: Language
    channel: str
    progress: Progress


@dataclass(frozen=True)
class Due:
    """What a refresh has to do: items to write anew, items to take out, what came upstream; the reasons of each stale item."""

    changes: tuple[Item, ...]
    removals: tuple[Item, ...]
    ground: Ground
    stale: Mapping[Language, Mapping[str, StaleItem]]

    def only(self, item: str) -> "Due":
        """Return what there is to do for one item."""
        changes = tuple(one for one in self.changes if one.id == item)
        removals = tuple(one for one in self.removals if one.id == item)
        stale = {language: {name: why for name, why in found.items() if name == item} for language, found in self.stale.items()}
        return Due(changes, removals, replace(self.ground, new=()), stale)

    def reason(self, item: str) -> dict[Language, str]:
        """Return in each language why an item is stale."""
        return {
            language: " ".join(reason.sentence for reason in found[item].reasons if reason.kind != "through")
            for language, found in self.stale.items()
            if item in found
        }


async def due_of(asked: Asked, flow: Flow, traces: Traces) -> Due:
    """Find out what is stale, and what there is to write it from."""
    artifact, person = asked.opened.version.artifact, asked.person
    links = await flow.workspaces.links(artifact.id, asked.opened.version.number, owner=person.id)
    ground = await ground_of(links, person, catalog=flow.catalog, workspaces=flow.workspaces, ledger=flow.ledger)
    standing = Standing(await traces.upstream_of(artifact.id, owner=person.id), flow.catalog)
    stale = {language: {one.item: one for one in stale_items(standing, artifact.id, language)} for language in LANGUAGES}
    known = {item.id for item in ground.known}
    direct = [item for item in asked.opened.artifact.items() if item.id in stale["en"] and stale["en"][item.id].direct]
    changes = tuple(item for item in direct if known & set(item.rests_on()))
    removals = tuple(item for item in direct if not known & set(item.rests_on()))
    return Due(changes, removals, ground, stale)
