"""Which items rest on something that has changed meanwhile, and why: computed from the links, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from chains.cards.comparing import Piece, pieces
from chains.cards.items import items_in, text_of, title_of
from chains.gathering.upstream import is_rejected
from chains.sentences import say
from errors import Language
from records.artifacts import Link
from records.trace import Held, HeldArtifact
from stages.catalog import Catalog, CatalogedStage

Json = dict[str, Any]
Place = tuple[str, str]
ReasonKind = Literal["changed", "gone", "rejected", "through"]
# Where an item was read says nothing of what it means, and its id does not change.
_WITHOUT_MEANING = frozenset({"id", "sources", "citations"})
_NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class StaleReason:
    """Why an item is stale: what it rests on changed, is gone or was rejected, or is itself stale (`through`).

    `before` is the upstream item as it was, `after` as it is now, both as a person reads them, `pieces` the two as one;
    `sentence` says it in the reader's language.
    """

    kind: ReasonKind
    upstream_artifact: str
    upstream_item: str
    sentence: str
    before: str = ""
    after: str = ""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class StaleItem:
    """An item that rests on something else than it was made of; `direct` where it does itself, not through an item between."""

    item: str
    title: str
    direct: bool
    reasons: tuple[StaleReason, ...]


@dataclass(frozen=True)
class Grounds:
    """What stands against one item: the links whose upstream item is not what it was, and those whose upstream item is stale."""

    direct: tuple[tuple[ReasonKind, Link], ...] = ()
    through: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How the items of a workspace stand to each other; what is asked more than once is found once."""

    held: Held
    catalog: Catalog
    _found: dict[Place, Grounds | None] = field(default_factory=dict, compare=False)
    _older: dict[tuple[str, int], Mapping[str, Json]] = field(default_factory=dict, compare=False)

    @cached_property
    def artifacts(self) -> Mapping[str, HeldArtifact]:
        """The artifacts by id."""
        return {one.artifact.id: one for one in self.held.artifacts}

    @cached_property
    def items(self) -> Mapping[str, Mapping[str, Json]]:
        """The items of the current versions as they are on record, by artifact and id."""
        return {one.artifact.id: items_in(one.body, self.stage(one).stage) for one in self.held.artifacts}

    @cached_property
    def links(self) -> Mapping[Place, tuple[Link, ...]]:
        """The links of each item, by artifact and id; those of a whole artifact, which no item needs, are left out."""
        found: dict[Place, list[Link]] = {}
        for artifact_id, links in self.held.links.items():
            for link in links:
                if link.item is not None and link.upstream_item is not None:
                    found.setdefault((artifact_id, link.item), []).append(link)
        return {place: tuple(links) for place, links in found.items()}

    def stage(self, one: HeldArtifact) -> CatalogedStage:
        """Return the stage of an artifact."""
        return self.catalog.stage(one.artifact.stage)

    def is_rejected(self, artifact_id: str, item: str) -> bool:
        """Tell whether an item was rejected, by itself or with the whole."""
        return is_rejected(self.held.words.get(artifact_id, _NO_WORDS), item)

    def grounds(self, artifact_id: str, item: str) -> Grounds | None:
        """Return what makes an item stale, or None where nothing does."""
        place = (artifact_id, item)
        if place not in self._found:
            # Links lead upstream only; a circle, which no chain makes, would find this and end.
            self._found[place] = None
            links = self.links.get(place, ())
            direct = tuple((kind, link) for link in links if (kind := self._how(link)) is not None)
            outdated = {link for _, link in direct}
            through = tuple(
                link
                for link in links
                if link not in outdated and self.grounds(link.upstream_artifact, str(link.upstream_item)) is not None
            )
            self._found[place] = Grounds(direct, through) if direct or through else None
        return self._found[place]

    def before(self, link: Link) -> Json | None:
        """Return the upstream item of a link as it was when the link was made."""
        return self._at(link.upstream_artifact, link.upstream_version).get(str(link.upstream_item))

    def now(self, link: Link) -> Json | None:
        """Return the upstream item of a link as it is now."""
        return self.items.get(link.upstream_artifact, {}).get(str(link.upstream_item))

    def _how(self, link: Link) -> ReasonKind | None:
        """Return how the upstream item of a link differs from the one that was in hand."""
        if self.is_rejected(link.upstream_artifact, str(link.upstream_item)):
            return "rejected"
        before, now = self.before(link), self.now(link)
        if before is None:
            return None
        if now is None:
            return "gone"
        return "changed" if before is not now and meaning(before) != meaning(now) else None

    def _at(self, artifact_id: str, number: int) -> Mapping[str, Json]:
        one = self.artifacts.get(artifact_id)
        if one is None or one.artifact.current == number:
            return self.items.get(artifact_id, {})
        place = (artifact_id, number)
        if place not in self._older:
            self._older[place] = items_in(self.held.older.get(place, {}), self.stage(one).stage)
        return self._older[place]


def meaning(item: Json) -> Json:
    """Return what an item says, without where it was read."""
    return {name: value for name, value in item.items() if name not in _WITHOUT_MEANING}


def stale_items(standing: Standing, artifact_id: str, language: Language) -> tuple[StaleItem, ...]:
    """Return the stale items of an artifact in reading order, with the reasons in the reader's language."""
    one = standing.artifacts[artifact_id]
    found = []
    for item, body in standing.items[artifact_id].items():
        grounds = standing.grounds(artifact_id, item)
        if grounds is not None:
            title = title_of(body, standing.stage(one).stage, one.artifact.language)
            found.append(StaleItem(item, title, bool(grounds.direct), _reasons(standing, grounds, language)))
    return tuple(found)


def why(standing: Standing, grounds: Grounds, language: Language) -> str:
    """Return in one text why an item is stale, without the texts before and after, whose comparison takes its time."""
    direct = [_sentence(standing, kind, link, language) for kind, link in grounds.direct]
    return " ".join([*direct, *(_sentence(standing, "through", link, language) for link in grounds.through)])


def _reasons(standing: Standing, grounds: Grounds, language: Language) -> tuple[StaleReason, ...]:
    found = [_direct(standing, kind, link, language) for kind, link in grounds.direct]
    for link in grounds.through:
        sentence = _sentence(standing, "through", link, language)
        found.append(StaleReason("through", link.upstream_artifact, str(link.upstream_item), sentence))
    return tuple(found)


def _direct(standing: Standing, kind: ReasonKind, link: Link, language: Language) -> StaleReason:
    one = standing.artifacts[link.upstream_artifact]
    stage, told = standing.stage(one).stage, one.artifact.language
    before = text_of(standing.before(link), stage, told)
    after = text_of(standing.now(link), stage, told) if kind != "rejected" else ""
    sentence = _sentence(standing, kind, link, language)
    both = pieces(before, after) if after else ()
    return StaleReason(kind, link.upstream_artifact, str(link.upstream_item), sentence, before, after, both)


def _sentence(standing: Standing, kind: ReasonKind, link: Link, language: Language) -> str:
    one = standing.artifacts[link.upstream_artifact]
    return say(
        f"stale-{kind}",
        language,
        item=link.known_as or link.upstream_item,
        stage=standing.stage(one).stage.title[language],
        before=link.upstream_version,
        after=one.artifact.current,
    )
