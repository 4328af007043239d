"""What lies upstream of a brief: the items of the artifacts that it rests on, or the stories that it holds itself."""

import re
from collections.abc import Sequence
from dataclasses import replace

from chains.events import Person
from chains.sentences import refuse, say
from errors import BriefError, Language
from records.artifacts import ArtifactVersion, Link
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.declaration import Artifact
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
        for item in _chosen(version, words, catalog):
            taken = {one.id for one in found}
            item_id = item.id if item.id not in taken else _next_free(item.id, taken)
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


def _next_free(item_id: str, taken: set[str]) -> str:
    """Return the id with its first number raised until nothing has it: S2 becomes S7 where S1 to S6 are taken."""
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


def links_of(artifact: Artifact, upstream: Sequence[UpstreamItem]) -> tuple[Link, ...]:
    """Return the links of an artifact's items to what each rests on, and of the artifact as a whole to what no item names."""
    kept = {item.id: item for item in upstream if item.artifact_id}
    named = {item.id: [name for name in dict.fromkeys(item.rests_on()) if name in kept] for item in artifact.items()}
    links = [_link(item_id, kept[name]) for item_id, names in named.items() for name in names]
    spoken = {name for names in named.values() for name in names}
    return (*links, *(_link(None, item) for name, item in kept.items() if name not in spoken))


def _link(item_id: str | None, upstream: UpstreamItem) -> Link:
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
            held[place] = {item.id: item for item in _told(upstream, catalog)} if upstream is not None else {}
        item = held[place].get(link.upstream_item or "")
        if item is not None:
            name = link.known_as or item.id
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


def _chosen(version: ArtifactVersion, words: dict[str, str], catalog: Catalog) -> list[UpstreamItem]:
    """Return the items to go on with."""
    kept = [item for item in _told(version, catalog) if words.get(item.id) != "rejected"]
    accepted = [item for item in kept if words.get(item.id) in CHOSEN]
    if words.get("") == "rejected":
        names = list(words)
        return [item for item in accepted if names.index(item.id) > names.index("")]
    return accepted if accepted and words.get("") != "accepted" else kept


def _told(version: ArtifactVersion, catalog: Catalog) -> list[UpstreamItem]:
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
