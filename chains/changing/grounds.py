"""What an artifact rests on as it is now, under the ids by which its items know it, and what has come there since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chains.cards.cards import Opened
from chains.events import Person
from chains.gathering.gather import Known, material_of
from chains.gathering.upstream import chosen_items, is_rejected, item_status, next_free, told_items
from chains.importing.own_words import with_own_words
from records.artifacts import Link
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import Catalog
from stages.declaration import Artifact
from stages.material import Material, Source, UpstreamItem


@dataclass(frozen=True)
class Ground:
    """The upstream items that the artifact knows and that are still there, and those that it never had in hand (`new`)."""

    known: tuple[UpstreamItem, ...]
    new: tuple[UpstreamItem, ...]

    @property
    def items(self) -> tuple[UpstreamItem, ...]:
        """All of them."""
        return (*self.known, *self.new)


async def ground_of(links: Sequence[Link], person: Person, *, catalog: Catalog, workspaces: Workspaces, ledger: Ledger) -> Ground:
    """Return what the artifact with these links rests on now; what is gone or was rejected is left out."""
    names = {(link.upstream_artifact, link.upstream_item): link.known_as or str(link.upstream_item) for link in links}
    known: list[UpstreamItem] = []
    new: list[UpstreamItem] = []
    for artifact_id in dict.fromkeys(link.upstream_artifact for link in links):
        version = await workspaces.artifact(artifact_id, owner=person.id)
        if version is None:
            continue
        words = await item_status(artifact_id, person, ledger)
        chosen = {item.id for item in chosen_items(version, words, catalog)}
        for item in told_items(version, catalog):
            told = replace(item, artifact_id=artifact_id, version=version.number)
            name = names.get((artifact_id, item.id))
            if name is not None and not is_rejected(words, item.id):
                known.append(_named(told, name))
            elif name is None and item.id in chosen:
                taken = {*names.values(), *(one.id for one in new)}
                new.append(_named(told, next_free(item.id, taken)))
    return Ground(tuple(known), tuple(new))


def still_named(opened: Opened, artifact: Artifact, upstream: tuple[UpstreamItem, ...]) -> tuple[UpstreamItem, ...]:
    """Return what lies upstream now with what is gone from it and is still named by an item, as that was."""
    there = {item.id for item in upstream}
    named = {name for item in artifact.items() for name in item.rests_on()}
    return (*upstream, *(item for item in opened.material.upstream if item.id in named - there))


def material_now(
    opened: Opened, artifact: Artifact, upstream: tuple[UpstreamItem, ...], known: Known, sources: tuple[Source, ...] = ()
) -> Material:
    """Return what an artifact is judged by when it rests on this; `sources` are those that it does not cite yet."""
    now = material_of(
        opened.turn.brief if opened.turn else "",
        opened.version.artifact.language,
        known,
        sources=(*opened.material.sources, *sources),
        upstream=upstream or opened.material.upstream,
        also="\n".join(text for item in artifact.items() for text in item.texts().values()),
    )
    return now if opened.turn else with_own_words(now, opened.stage.stage, artifact)


def _named(item: UpstreamItem, name: str) -> UpstreamItem:
    return replace(item, id=name, origin="" if name == item.id else item.id)
