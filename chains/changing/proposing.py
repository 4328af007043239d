"""Decide on what was proposed: several items become one new version, checked again and linked to what they were made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chains.answering.checking import as_rows, checked
from chains.answering.reading import read_artifact
from chains.cards.cards import Cards, Opened
from chains.cards.items import items_in, read_item, text_of
from chains.changing.grounds import Ground, ground_of, material_now, still_named
from chains.changing.rewriting import with_items
from chains.changing.staleness import Standing
from chains.events import Person
from chains.flow import Flow
from chains.gathering.upstream import link_to, links_named, relinked
from chains.sentences import refuse
from records.artifacts import ArtifactVersion, Link
from records.proposals import Proposal, Proposals
from records.trace import Traces
from records.turns import Adoption, Rows
from stages.declaration import Artifact


@dataclass(frozen=True)
class _Next:
    """What a new version is made of: the artifact, the links of the items that are new to it, further sources, and why."""

    artifact: Artifact
    anew: Mapping[str, Sequence[Link]]
    reason: str
    sources: Rows = ()
    gone: frozenset[str] = frozenset()


class Proposing:
    """Takes decisions on proposals, each refused where the artifact is not the person's or has changed meanwhile."""

    def __init__(self, flow: Flow, cards: Cards, proposals: Proposals, traces: Traces) -> None:
        self._flow = flow
        self._cards = cards
        self._proposals = proposals
        self._traces = traces

    async def accept(self, artifact_id: str, ids: Collection[str], person: Person) -> int:
        """Make one new version of these proposals and return its number; those left open stand for the new version.

        Raises BriefError where one of them is not open any more, was made for an older version, or would leave nothing.
        """
        opened = await self._cards.opened(artifact_id, person)
        chosen = await self._chosen(opened, ids, person)
        gone = frozenset(one.new.item for one in chosen if one.new.kind == "remove")
        told = {one.new.item: read_item(one.new.body, opened.stage.stage) for one in chosen if one.new.kind != "remove"}
        items = {item_id: item for item_id, item in told.items() if item is not None}
        if len(items) < len(told):
            raise refuse("proposal-unreadable")
        if not items and gone >= {item.id for item in opened.artifact.items()}:
            raise refuse("nothing-left")
        kept = await self._kept(
            opened,
            _Next(
                artifact=with_items(opened.artifact, items, without=gone),
                anew={one.new.item: one.new.links for one in chosen if one.new.kind != "remove"},
                reason="regenerated" if all(one.new.remark for one in chosen) else "refreshed",
                sources=tuple(row for one in chosen for row in one.new.sources),
                gone=gone,
            ),
            person,
        )
        await self._proposals.decide(artifact_id, [one.id for one in chosen], "accepted", owner=person.id)
        await self._proposals.carry_over(artifact_id, opened.version.number, owner=person.id)
        for one in chosen:
            if one.new.kind != "remove":
                await self._record(opened, kept, one.new.item, person, one.new.turn)
        return kept.number

    async def discard(self, artifact_id: str, ids: Collection[str], person: Person) -> None:
        """Record that these proposals are not wanted. Raises BriefError where one is not open any more."""
        opened = await self._cards.opened(artifact_id, person)
        chosen = await self._chosen(opened, ids, person, of_any_version=True)
        await self._proposals.decide(artifact_id, [one.id for one in chosen], "discarded", owner=person.id)

    async def still_right(self, artifact_id: str, version: int, items: Sequence[str], person: Person) -> int:
        """Link stale items, as they are, to what they rest on now, in one new version whose number is returned.

        Raises BriefError where an item is not stale, rests on something that is gone or was rejected, or on something stale.
        """
        opened = await self._cards.opened(artifact_id, person, version)
        if opened.version.artifact.current != version:
            raise refuse("stale", version=version, current=opened.version.artifact.current)
        standing = Standing(await self._traces.upstream_of(artifact_id, owner=person.id), self._flow.catalog)
        for item in items:
            _demand_right(standing, artifact_id, item)
        links = await self._flow.workspaces.links(artifact_id, version, owner=person.id)
        ground = await ground_of(
            links, person, catalog=self._flow.catalog, workspaces=self._flow.workspaces, ledger=self._flow.ledger
        )
        anew = {item.id: links_named(item, ground.known) for item in opened.artifact.items() if item.id in items}
        kept = await self._kept(opened, _Next(opened.artifact, anew, "confirmed"), person)
        waiting = await self._proposals.of(artifact_id, owner=person.id)
        ids = [one.id for one in waiting if one.new.item in items]
        await self._proposals.decide(artifact_id, ids, "discarded", owner=person.id)
        await self._proposals.carry_over(artifact_id, version, owner=person.id)
        for item_id in dict.fromkeys(items):
            await self._record(opened, kept, item_id, person, None)
        return kept.number

    async def _chosen(
        self, opened: Opened, ids: Collection[str], person: Person, *, of_any_version: bool = False
    ) -> list[Proposal]:
        waiting = {one.id: one for one in await self._proposals.of(opened.version.artifact.id, owner=person.id)}
        if not ids or any(one not in waiting for one in ids):
            raise refuse("no-proposal")
        chosen = [waiting[one] for one in dict.fromkeys(ids)]
        outdated = [one for one in chosen if one.new.based_on != opened.version.artifact.current]
        if outdated and not of_any_version:
            current = opened.version.artifact.current
            raise refuse("proposal-outdated", based_on=outdated[0].new.based_on, current=current)
        return chosen

    async def _kept(self, opened: Opened, made: _Next, person: Person) -> ArtifactVersion:
        """Check the new version against what it rests on now, and keep it."""
        stage, version = opened.stage.stage, opened.version
        before = await self._flow.workspaces.links(version.artifact.id, version.number, owner=person.id)
        links = relinked(made.artifact, [link for link in before if link.item not in made.gone], made.anew)
        ground = await ground_of(
            links, person, catalog=self._flow.catalog, workspaces=self._flow.workspaces, ledger=self._flow.ledger
        )
        upstream = still_named(opened, made.artifact, ground.known)
        material = material_now(opened, made.artifact, upstream, self._flow.known)
        artifact, fault = read_artifact(stage.artifact, stage.way.completed(made.artifact.model_dump(), material))
        if artifact is None:
            raise refuse("proposal-unfit", reason=fault)
        there = {row["key"] for row in version.sources}
        return await self._flow.workspaces.add_version(
            version.artifact.id,
            based_on=version.number,
            body=artifact.model_dump(),
            findings=as_rows(checked(stage, artifact, material)),
            mends=version.mends,
            author=person.id,
            reason=made.reason,
            owner=person.id,
            turn=version.turn,
            sources=(*version.sources, *({row["key"]: row for row in made.sources if row["key"] not in there}.values())),
            links=_settled(links, ground),
        )

    async def _record(self, opened: Opened, kept: ArtifactVersion, item: str, person: Person, turn: str | None) -> None:
        """Record that an item was taken as it was proposed, or as it was."""
        stage, language = opened.stage.stage, kept.artifact.language
        texts = [text_of(items_in(body, stage).get(item), stage, language) for body in (opened.version.body, kept.body)]
        told = Adoption(kept.artifact.id, kept.number, person.id, "accepted", item, turn or kept.turn, *texts)
        await self._flow.ledger.record_adoption(told)


def _settled(links: Sequence[Link], ground: Ground) -> tuple[Link, ...]:
    """Return the links of the items, and of the artifact as a whole to what is still there and no item names."""
    of_items = tuple(link for link in links if link.item is not None)
    named = {(link.upstream_artifact, link.upstream_item) for link in of_items}
    rest = (item for item in ground.known if (item.artifact_id, item.origin or item.id) not in named)
    return (*of_items, *(link_to(item) for item in rest))


def _demand_right(standing: Standing, artifact_id: str, item: str) -> None:
    """Raise BriefError unless the item is stale by a change alone, which a person may find to make no difference."""
    grounds = standing.grounds(artifact_id, item)
    if grounds is None:
        raise refuse("not-stale", item=item[:20])
    if any(kind != "changed" for kind, _ in grounds.direct):
        raise refuse("right-on-nothing", item=item)
    if not grounds.direct:
        raise refuse("right-through", item=item)
