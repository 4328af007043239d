"""What people make of an artifact: accept, edit, reject, take away. Everything they say is recorded."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from chains.answering.checking import as_rows, checked
from chains.answering.writing import compact
from chains.cards.cards import Cards, Opened, cited
from chains.events import Person
from chains.gathering.upstream import links_named, relinked
from chains.sentences import refuse
from records.artifacts import Link
from records.ledger import Ledger
from records.turns import Adoption, AdoptionKind
from records.workspaces import Workspaces
from stages.declaration import Item


@dataclass(frozen=True)
class Export:
    """A file to be downloaded."""

    name: str
    mime: str
    content: bytes


class Workshop:
    """Takes decisions on artifacts; each is refused where the artifact is not the person's or has changed meanwhile."""

    def __init__(self, cards: Cards, workspaces: Workspaces, ledger: Ledger) -> None:
        self._cards = cards
        self._workspaces = workspaces
        self._ledger = ledger

    async def accept(self, artifact_id: str, version: int, person: Person, item: str) -> None:
        """Accept one item, or the whole artifact where `item` is empty, which is reviewed then. Raises BriefError."""
        opened = await self._current(artifact_id, version, person)
        text = self._text(opened, item)
        if not item:
            await self._workspaces.set_status(artifact_id, "reviewed", owner=person.id, version=version)
        await self._record(opened, person, "accepted", item, before=text, after=text)

    async def approve(self, artifact_id: str, version: int, person: Person) -> None:
        """Approve the whole artifact: whoever answers for it stands by this version. Raises BriefError."""
        opened = await self._current(artifact_id, version, person)
        text = self._text(opened, "")
        await self._workspaces.set_status(artifact_id, "approved", owner=person.id, version=version)
        await self._record(opened, person, "accepted", "", before=text, after=text, reason="approved")

    async def reject(self, artifact_id: str, version: int, person: Person, reason: str, item: str) -> None:
        """Reject one item, or the whole artifact where `item` is empty, and keep the reason. Raises BriefError."""
        opened = await self._current(artifact_id, version, person)
        text = self._text(opened, item)
        if not item:
            await self._workspaces.set_status(artifact_id, "rejected", owner=person.id, version=version)
        await self._record(opened, person, "rejected", item, before=text, reason=reason.strip()[:2000])

    async def edit(self, artifact_id: str, version: int, person: Person, item: str, text: str) -> int:
        """Read an edited item back, check the whole again and keep it as a new version, whose number is returned.

        Raises BriefError where the text cannot be read, the item does not exist, or the artifact has changed meanwhile.
        """
        opened = await self._current(artifact_id, version, person)
        stage, language = opened.stage.stage, opened.version.artifact.language
        before = self._item(opened, item)
        try:
            after = stage.read_edit(text, before, language)
        except ValidationError as error:
            told = error.errors()[0]
            raise refuse("unreadable-edit", reason=f"{'.'.join(str(part) for part in told['loc'])}: {told['msg']}.") from error
        except ValueError as error:
            raise refuse("unreadable-edit", reason=str(error)) from error
        artifact = opened.artifact.with_items([after if one.id == item else one for one in opened.artifact.items()])
        findings = checked(stage, artifact, self._cards.with_text(opened, text))
        links = await self._workspaces.links(artifact_id, version, owner=person.id)
        kept = await self._workspaces.add_version(
            artifact_id,
            based_on=version,
            body=artifact.model_dump(),
            findings=as_rows(findings),
            mends=opened.version.mends,
            author=person.id,
            reason="edited",
            owner=person.id,
            turn=opened.version.turn,
            links=relinked(artifact, links, {item: self._relinked(after, links, opened)}),
        )
        texts = {"before": stage.edit(before, language), "after": stage.edit(after, language)}
        await self._record(opened, person, "edited", item, version=kept.number, **texts)
        return kept.number

    async def export(self, artifact_id: str, person: Person, notation: str, version: int | None) -> Export:
        """Return an artifact in a notation of its stage, or as `json`. Raises BriefError where there is none such."""
        opened = await self._cards.opened(artifact_id, person, version)
        stage, language = opened.stage.stage, opened.version.artifact.language
        name = f"{opened.stage.name.replace('_', '-')}-{artifact_id[:8]}-v{opened.version.number}"
        if notation == "json":
            return Export(f"{name}.json", "application/json", compact(opened.artifact.model_dump()).encode())
        if notation not in stage.notations:
            raise refuse("no-notation", name=notation[:40], names=", ".join([*stage.notations, "json"]))
        chosen = stage.notations[notation]
        # Drawing a diagram takes a second: meanwhile others are served.
        content = await asyncio.to_thread(chosen.render, opened.artifact, language, cited(opened))
        return Export(f"{name}.{chosen.suffix}", chosen.mime, content)

    async def _current(self, artifact_id: str, version: int, person: Person) -> Opened:
        """Open the version that the person saw; a decision on one that is not the newest is refused by the records."""
        opened = await self._cards.opened(artifact_id, person, version)
        if opened.version.artifact.current != version:
            raise refuse("stale", version=version, current=opened.version.artifact.current)
        return opened

    @staticmethod
    def _relinked(after: Item, links: Sequence[Link], opened: Opened) -> tuple[Link, ...]:
        """Return the links of an edited item: as they were to what it rested on before, since an edit says nothing of what changed
        there, and to what it rests on from now on."""
        before = {link.known_as or link.upstream_item: link for link in links if link.item == after.id}
        now = {link.known_as or link.upstream_item: link for link in links_named(after, opened.material.upstream)}
        return tuple(before.get(name, link) for name, link in now.items())

    @staticmethod
    def _item(opened: Opened, item: str) -> Item:
        found = next((one for one in opened.artifact.items() if one.id == item), None)
        if found is None:
            raise refuse("no-item", item=item[:20])
        return found

    def _text(self, opened: Opened, item: str) -> str:
        """Return the text that is decided on."""
        stage, language = opened.stage.stage, opened.version.artifact.language
        items = [self._item(opened, item)] if item else opened.artifact.items()
        return "\n".join(stage.edit(one, language) for one in items)

    async def _record(
        self,
        opened: Opened,
        person: Person,
        kind: AdoptionKind,
        item: str,
        *,
        version: int | None = None,
        before: str = "",
        after: str = "",
        reason: str = "",
    ) -> None:
        await self._ledger.record_adoption(
            Adoption(
                artifact=opened.version.artifact.id,
                version=version or opened.version.number,
                item=item or None,
                turn=opened.version.turn,
                person=person.id,
                kind=kind,
                before=before,
                after=after,
                reason=reason,
            )
        )
