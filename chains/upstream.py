"""What lies upstream of a brief: the items of the artifacts that it rests on, or the stories that it holds itself."""

from collections.abc import Sequence
from dataclasses import replace

from chains.events import Person
from chains.sentences import refuse, say
from errors import BriefError, Language
from records.artifacts import ArtifactVersion
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import Catalog, CatalogedStage
from stages.material import UpstreamItem

CHOSEN = frozenset({"accepted", "edited"})
# So many items one artifact can rest on: each has at least three scenarios, a page that nobody reads to its end.
MOST_ITEMS = 20


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
    was not rejected, or where they are too many. Items of several artifacts that share an id are numbered on.
    """
    found: list[UpstreamItem] = []
    for artifact_id in dict.fromkeys(ids):
        version = await workspaces.artifact(artifact_id, owner=person.id)
        if version is None:
            raise refuse("no-artifact")
        if version.artifact.stage not in stage.stage.upstream:
            raise _wrong(stage, catalog)
        words = await item_status(artifact_id, person, ledger)
        for item in _chosen(version, words, catalog):
            item_id = f"S{len(found) + 1}" if len(ids) > 1 else item.id
            found.append(replace(item, id=item_id, artifact_id=artifact_id, version=version.number))
    if ids and not found:
        raise refuse("accepted-needed")
    return _not_too_many(tuple(found))


async def item_status(artifact_id: str, person: Person, ledger: Ledger) -> dict[str, str]:
    """Return the last word on each item ("" stands for the whole artifact): accepted, edited or rejected; the latest last."""
    words: dict[str, str] = {}
    for recorded in sorted(await ledger.adoptions(artifact_id, owner=person.id), key=lambda recorded: recorded.created):
        words.pop(recorded.adoption.item or "", None)
        words[recorded.adoption.item or ""] = recorded.adoption.kind
    return words


def read_brief(brief: str, stage: CatalogedStage, language: Language) -> tuple[UpstreamItem, ...]:
    """Return what a brief itself holds for a stage that rests on another one; nothing for a stage that rests on none.

    Raises BriefError where it holds too many.
    """
    if not stage.stage.upstream or not brief.strip():
        return ()
    texts = stage.stage.read_upstream(brief, language)
    return _not_too_many(tuple(UpstreamItem(f"S{number}", text) for number, text in enumerate(texts, 1)))


def _not_too_many(items: tuple[UpstreamItem, ...]) -> tuple[UpstreamItem, ...]:
    """Return the items. Raises BriefError where they are more than one artifact can rest on."""
    if len(items) > MOST_ITEMS:
        raise refuse("too-many-items", count=len(items), most=MOST_ITEMS)
    return items


def _wrong(stage: CatalogedStage, catalog: Catalog) -> BriefError:
    """Return the refusal that names, in each language, what the stage rests on."""
    told: dict[Language, str] = {}
    for language, title in stage.stage.title.items():
        names = [catalog.stage(name).stage.title[language] for name in stage.stage.upstream]
        told[language] = say("wrong-upstream", language, title=title, names=", ".join(names) or "-")
    return BriefError(told["en"], told["zh"])


def _chosen(version: ArtifactVersion, words: dict[str, str], catalog: Catalog) -> list[UpstreamItem]:
    """Return the items to go on with, told as a person reads them."""
    stage = catalog.stage(version.artifact.stage).stage
    artifact = stage.artifact.model_validate(version.body)
    kept = [item for item in artifact.items() if words.get(item.id) != "rejected"]
    accepted = [item for item in kept if words.get(item.id) in CHOSEN]
    if words.get("") == "rejected":
        names = list(words)
        kept = [item for item in accepted if names.index(item.id) > names.index("")]
    elif accepted and words.get("") != "accepted":
        kept = accepted
    cited = {row["key"]: row["passage_id"] for row in version.sources}
    return [
        UpstreamItem(
            item.id,
            stage.edit(item, version.artifact.language),
            passages=tuple(cited[key] for key in item.sources if key in cited),
        )
        for item in kept
    ]
