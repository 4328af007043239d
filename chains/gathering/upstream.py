"""What lies upstream of a brief: the items of the artifacts that it rests on, or the stories that it holds itself."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from chains.events import Person
from chains.sentences import refuse, say
from errors import BriefError, Language
from records.artifacts import ArtifactVersion, Link
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.declaration import Artifact, Item
from stages.material import UpstreamItem

CHOSEN = frozenset({"accepted", "edited"})
_NUMBER = re.compile(r"\d+")


async def read_items(
    ids: Sequence[str],
    stage: CatalogedStage,
    person: Person,
    *,
    catalog: Catalog,
    workspaces: Workspaces,
    ledger: Ledger,
) -> tuple[UpstreamItem, ...]:
    """Return the items of the artifacts named: the accepted ones where any item was, otherwise all that were not rejected.

    Raises BriefError where an artifact does not exist for this person, is none that the stage rests on, holds nothing that
    was not rejected, or where they are too many. What an artifact rests on itself comes with it where this stage may rest on that
    too: an API made of a domain model knows the model's stories. Items of several artifacts that share an id are numbered on.
    """
    found: list[UpstreamItem] = []
    for version in await _with_their_own(ids, stage, person, workspaces, catalog):
        words = await item_status(version.artifact.id, person, ledger)
        for item in chosen_items(version, words, catalog):
            taken = {one.id for one in found}
            item_id = next_free(item.id, taken)
            origin = "" if item_id == item.id else item.id
            found.append(replace(item, id=item_id, origin=origin, artifact_id=version.artifact.id, version=version.number))
    if ids and not found:
        raise refuse("accepted-needed")
    return _not_too_many(tuple(found), stage)


async def _with_their_own(
    ids: Sequence[str], stage: CatalogedStage, person: Person, workspaces: Workspaces, catalog: Catalog
) -> tuple[ArtifactVersion, ...]:
    """Return the current versions of the artifacts named and, before them, of those that they rest on and this stage may rest on."""
    found: dict[str, ArtifactVersion] = {}
    for artifact_id in dict.fromkeys(ids):
        version = await workspaces.artifact(artifact_id, owner=person.id)
        if version is None:
            raise refuse("no-artifact")
        if version.artifact.stage not in stage.stage.upstream:
            raise _wrong(stage, catalog)
        found[artifact_id] = version
    waiting, seen = list(found), set(found)
    while waiting:
        for link in await workspaces.links(waiting.pop(), owner=person.id):
            if link.upstream_artifact in seen:
                continue
            seen.add(link.upstream_artifact)
            waiting.append(link.upstream_artifact)
            version = await workspaces.artifact(link.upstream_artifact, owner=person.id)
            if version is not None and version.artifact.stage in stage.stage.upstream:
                found[link.upstream_artifact] = version
    place = {one.name: number for number, one in enumerate(catalog)}
    return tuple(sorted(found.values(), key=lambda version: (place[version.artifact.stage], version.artifact.created)))


def next_free(item_id: str, taken: Collection[str]) -> str:
    """Return the id, its first number raised until nothing has it: S2 becomes S7 where S1 to S6 are taken."""
    if item_id not in taken:
        return item_id
    first = _NUMBER.search(item_id)
    assert first is not None
    number = int(first.group())
    while (raised := f"{item_id[: first.start()]}{number}{item_id[first.end() :]}") in taken:
        number += 1
    return raised


async def item_status(artifact_id: str, person: Person, ledger: Ledger) -> dict[str, str]:
    """Return the last word on each item ("" stands for the whole artifact): accepted, edited or rejected; the latest last."""
    words: dict[str, str] = {}
    for recorded in sorted(await ledger.adoptions(artifact_id, owner=person.id), key=lambda recorded: recorded.created):
        words.pop(recorded.adoption.item or "", None)
        words[recorded.adoption.item or ""] = recorded.adoption.kind
    return words


def is_rejected(words: Mapping[str, str], item: str) -> bool:
    """Tell whether the last word on an item was a rejection, of itself or of the whole with nothing said of the item after."""
    if words.get("") != "rejected" or words.get(item) == "rejected":
        return words.get(item) == "rejected"
    order = list(words)
    return item not in words or order.index(item) < order.index("")


def links_of(artifact: Artifact, upstream: Sequence[UpstreamItem]) -> tuple[Link, ...]:
    """Return the links of an artifact's items to what each rests on, and of the artifact as a whole to what no item names."""
    kept = {item.id: item for item in upstream if item.artifact_id}
    named = {item.id: [name for name in dict.fromkeys(item.rests_on()) if name in kept] for item in artifact.items()}
    links = [link_to(kept[name], item_id) for item_id, names in named.items() for name in names]
    spoken = {name for names in named.values() for name in names}
    return (*links, *(link_to(item) for name, item in kept.items() if name not in spoken))


def relinked(artifact: Artifact, before: Sequence[Link], anew: Mapping[str, Sequence[Link]]) -> tuple[Link, ...]:
    """Return the links of an artifact some of whose items were written anew: those given for these, for the others those before.

    What no item names any more stays linked to the artifact as a whole, so that it counts as known.
    """
    of_items: dict[str, list[Link]] = {}
    for link in before:
        of_items.setdefault(link.item or "", []).append(link)
    links = [link for item in artifact.items() for link in anew.get(item.id, of_items.get(item.id, ()))]
    named = {(link.upstream_artifact, link.upstream_item) for link in links}
    known = {(link.upstream_artifact, link.upstream_item): replace(link, item=None) for link in before}
    return (*links, *(link for place, link in known.items() if place not in named))


def links_named(item: Item, upstream: Sequence[UpstreamItem]) -> tuple[Link, ...]:
    """Return the links of one item to what it rests on."""
    kept = {one.id: one for one in upstream if one.artifact_id}
    return tuple(link_to(kept[name], item.id) for name in dict.fromkeys(item.rests_on()) if name in kept)


def link_to(upstream: UpstreamItem, item_id: str | None = None) -> Link:
    """Return the link of an item, or of the artifact as a whole, to an upstream item."""
    return Link(upstream.artifact_id, upstream.version, item_id, upstream.origin or upstream.id, upstream.id)


async def linked_items(
    version: ArtifactVersion, person: Person, *, catalog: Catalog, workspaces: Workspaces
) -> tuple[UpstreamItem, ...]:
    """Return what a version rests on, as it was when the version was made; what is gone is left out."""
    links = await workspaces.links(version.artifact.id, version.number, owner=person.id)
    found: dict[str, UpstreamItem] = {}
    held: dict[tuple[str, int], dict[str, UpstreamItem]] = {}
    for link in links:
        place = (link.upstream_artifact, link.upstream_version)
        if place not in held:
            upstream = await workspaces.artifact(*place, owner=person.id)
            held[place] = {item.id: item for item in told_items(upstream, catalog)} if upstream is not None else {}
        item = held[place].get(link.upstream_item or "")
        name = link.known_as or link.upstream_item or ""
        # Where some items were refreshed and others not, one name stands for two versions: the newer is the one to be judged by.
        if item is not None and (name not in found or found[name].version < link.upstream_version):
            origin = "" if name == item.id else item.id
            found[name] = replace(item, id=name, origin=origin, artifact_id=place[0], version=place[1])
    return tuple(found.values())


def read_brief(brief: str, stage: CatalogedStage, language: Language) -> tuple[UpstreamItem, ...]:
    """Return what a brief itself holds for a stage that rests on another one; nothing for a stage that works from the brief.

    Raises BriefError where it holds too many.
    """
    if not stage.stage.upstream or stage.stage.takes_brief or not brief.strip():
        return ()
    texts = stage.stage.read_upstream(brief, language)
    return _not_too_many(tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(texts, 1)), stage)


def _not_too_many(items: tuple[UpstreamItem, ...], stage: CatalogedStage) -> tuple[UpstreamItem, ...]:
    """Return the items. Raises BriefError where they are more than one artifact of the stage can rest on."""
    if len(items) > stage.stage.most_upstream:
        raise refuse("too-many-items", count=len(items), most=stage.stage.most_upstream)
    return items


def _wrong(stage: CatalogedStage, catalog: Catalog) -> BriefError:
    """Return the refusal that names, in each language, what the stage rests on."""
    told: dict[Language, str] = {}
    for language, title in stage.stage.title.items():
        names = [catalog.stage(name).stage.title[language] for name in stage.stage.upstream]
        told[language] = say("wrong-upstream", language, title=title, names=", ".join(names) or "-")
    return BriefError(told["en"], told["zh"])


def chosen_items(version: ArtifactVersion, words: dict[str, str], catalog: Catalog) -> list[UpstreamItem]:
    """Return the items of an upstream artifact to go on with; `words` are the last ones on each of them."""
    kept = [item for item in told_items(version, catalog) if words.get(item.id) != "rejected"]
    accepted = [item for item in kept if words.get(item.id) in CHOSEN]
    if words.get("") == "rejected":
        names = list(words)
        return [item for item in accepted if names.index(item.id) > names.index("")]
    return accepted if accepted and words.get("") != "accepted" else kept


def told_items(version: ArtifactVersion, catalog: Catalog) -> list[UpstreamItem]:
    """Return the items of a version, told as a later stage reads them."""
    stage = catalog.stage(version.artifact.stage).stage
    artifact = stage.artifact.model_validate(version.body)
    cited = {row["key"]: row["passage_id"] for row in version.sources}
    return [
        UpstreamItem(
            item.id,
            stage.told(item, version.artifact.language),
            stage=version.artifact.stage,
            body=item.model_dump(mode="json"),
            passages=tuple(cited[key] for key in item.sources if key in cited),
        )
        for item in artifact.items()
    ]
