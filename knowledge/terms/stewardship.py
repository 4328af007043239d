"""What a steward does for the glossary: take lists in, see what contradicts, and decide about drafts and offered nouns."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from errors import AssistantError, BriefError, KnowledgeError
from knowledge.terms.disputes import disputed_as_drafts, free_id
from knowledge.terms.findings import Entry, Place, TermFinding
from knowledge.terms.glossary import Term, comparable
from knowledge.terms.importing import Rows, read_list
from knowledge.terms.lists import TermStatus
from knowledge.terms.lookup import Known
from knowledge.terms.overlay import Held, decided_in, held_terms
from knowledge.terms.report import found_among, in_order
from knowledge.terms.wording import AS_IT_IS, Wording, drafted
from records.database import now
from records.knowledge import KnowledgeRecords
from records.terms import Decision, Noun, Offer, OfferStatus, TermDecision, TermRecords

_log = logging.getLogger(__name__)

# The pack of the terms that stewards made of offered nouns and of drafts that they changed.
STEWARDS_PACK = "steward"
_MAY_DECIDE = frozenset({"steward", "admin"})


class Deciding(Protocol):
    """Who decides."""

    @property
    def id(self) -> str:
        """The person's id."""
        ...

    @property
    def roles(self) -> frozenset[str]:
        """What the person may do."""
        ...


@dataclass(frozen=True)
class Imported:
    """What an import took in: rows read, terms by status, and what a steward must settle."""

    pack: str
    rows: int
    statuses: Mapping[str, int]
    findings: tuple[TermFinding, ...]

    @property
    def terms(self) -> int:
        """The number of terms."""
        return sum(self.statuses.values())


class Steward:
    """The glossary's upkeep over the records. A running server follows what is changed here within five seconds."""

    def __init__(self, records: KnowledgeRecords, terms: TermRecords, reader: Rows | None = None) -> None:
        self._records, self._terms, self._reader = records, terms, reader
        self._tasks: set[asyncio.Task[None]] = set()

    async def import_terms(
        self,
        path: Path,
        *,
        person: Deciding,
        pack: str = "",
        mapping: Mapping[str, str] | None = None,
        sheet: str | None = None,
        status: TermStatus = "approved",
        dry_run: bool = False,
    ) -> Imported:
        """Take in a list (YAML, CSV, XLSX) as the terms of a pack, by default named like the file, in place of its former ones.

        What contradicts another term is taken in as a draft. Raises BriefError where the person is no steward, KnowledgeError
        where the file cannot be read or the pack is not one of lists. With `dry_run` nothing is written.
        """
        _require_steward(person)
        pack = " ".join((pack or path.name).split())[:200]
        await self._require_list(pack)
        listed = await read_list(path, self._reader, mapping or {}, sheet, status)
        held = await self._held()
        others = [_entry(one) for one in held if one.pack != pack]
        decided = decided_in(pack, await self._terms.decisions())
        taken, findings = await asyncio.to_thread(disputed_as_drafts, listed.entries, others, decided)
        if not dry_run:
            await self._records.put_terms(pack, [entry.term.row() for entry in taken])
        statuses = Counter(decided.get(entry.term.id, entry.term.status) for entry in taken)
        return Imported(pack, listed.rows, statuses, tuple(in_order([*findings, *listed.findings])))

    async def report(self) -> list[TermFinding]:
        """Return what is to be settled over all terms on record, the gravest first."""
        held = await self._held()
        return await asyncio.to_thread(found_among, [_entry(one) for one in held])

    async def terms(self, *, status: str | None = None, context: str | None = None) -> list[Held]:
        """Return the terms of all packs after all decisions, by pack and place; of one status or context where asked."""
        held = await self._held()
        return [one for one in held if status in (None, one.term.status) and context in (None, one.term.context)]

    async def offers(self, status: OfferStatus = "open", limit: int = 50) -> list[Offer]:
        """Return the nouns that were offered, most seen first; those that are a term by now are no longer open."""
        offers = await self._terms.offers(status)
        if status == "open":
            known = {comparable(name) for one in await self._held() if one.term.status != "retired" for name in one.term.names}
            offers = [one for one in offers if one.key not in known]
        return offers[:limit]

    async def accept(self, name: str, wording: Wording = AS_IT_IS, *, person: Deciding) -> Term:
        """Approve an offered noun or a draft, in these words where they differ; `name` is a name, an id, or `pack/id`.

        Raises BriefError where the person is no steward, nothing or several things go by the name, or the words are unsound.
        """
        _require_steward(person)
        known = await self._known()
        found = known.to_decide(name)
        taken = {one.term.id for one in known.terms if one.pack == STEWARDS_PACK}
        if isinstance(found, Offer):
            worded = wording.over(drafted(found, person.id))
            term = replace(worded, id=free_id(worded, taken))
            await self._settle_offer(found, "accepted", f"{STEWARDS_PACK}/{term.id}", person, term)
            return term
        former = replace(found.term, status="approved")
        term = wording.over(former)
        if term == former:
            await self._settle_term(found, "accepted", "", person)
        elif found.pack == STEWARDS_PACK:
            await self._settle_term(found, "accepted", "", person, term)
        else:
            term = replace(term, id=term.id if term.id not in taken else free_id(term, taken))
            await self._settle_term(found, "replaced", f"{STEWARDS_PACK}/{term.id}", person, term)
        return term

    async def merge(self, name: str, into: str, *, forbidden: bool = False, person: Deciding) -> Term:
        """Make an offered noun or a term another name of an approved term, or with `forbidden` a word that must not stand for it.

        Raises BriefError as `accept` does, also where the other term is not approved.
        """
        _require_steward(person)
        known = await self._known()
        found = known.to_decide(name)
        other = known.approved(into, found)
        if isinstance(found, Offer):
            await self._settle_offer(found, "forbidden" if forbidden else "merged", other.ref, person)
        else:
            await self._settle_term(found, "forbidden" if forbidden else "merged", other.ref, person)
        return other.term

    async def refuse(self, name: str, *, person: Deciding) -> str:
        """Refuse an offered noun, which is never offered again, or a term, which is not used; return its name. Raises as `accept`."""
        _require_steward(person)
        found = (await self._known()).to_decide(name)
        if isinstance(found, Offer):
            await self._settle_offer(found, "refused", "", person)
            return found.name
        await self._settle_term(found, "refused", "", person)
        return found.term.name("en")

    def offer_soon(self, nouns: Sequence[Noun], person_id: str) -> None:
        """Offer nouns beside the answer that uses them, which neither waits for this nor fails with it."""
        if nouns:
            task = asyncio.create_task(self._offer(nouns, person_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Wait for the offers that are being written."""
        await asyncio.gather(*self._tasks)

    async def _offer(self, nouns: Sequence[Noun], person_id: str) -> None:
        try:
            await self._terms.offer(nouns, person_id)
        except AssistantError as error:
            _log.warning("Nouns could not be offered to the steward: %s (%s)", error, error.detail)

    async def _held(self) -> list[Held]:
        """Return every term as it stands."""
        return list((await self._known()).terms)

    async def _known(self) -> Known:
        offers = await self._terms.offers()
        rows, decisions = await self._records.terms(), await self._terms.decisions()
        return Known(await asyncio.to_thread(held_terms, rows, decisions, offers), offers)

    async def _require_list(self, pack: str) -> None:
        """Refuse the name of a pack that a folder or the stewards' decisions fill: its terms would be written twice."""
        if pack == STEWARDS_PACK or pack in await self._records.pack_roots() or await self._records.assets(pack):
            raise KnowledgeError(
                f"The pack “{pack}” is filled from elsewhere. Take the list in under a name of its own: `--pack NAME`.",
                f"知识包“{pack}”已有其他来源。请用 `--pack 名称` 以单独的名称导入。",
            )

    async def _settle_offer(
        self, offer: Offer, status: OfferStatus, ref: str, person: Deciding, term: Term | None = None
    ) -> None:
        row = term.row() | {"pack": STEWARDS_PACK} if term is not None else None
        if not await self._terms.settle_offer(offer, status, ref, person.id, row=row):
            raise BriefError(
                f"“{offer.name}” was decided by somebody else just now. Look at the list again.",
                f"“{offer.name}”刚被他人处理。请刷新列表。",
            )

    async def _settle_term(self, held: Held, decision: Decision, into: str, person: Deciding, term: Term | None = None) -> None:
        row = term.row() | {"pack": STEWARDS_PACK} if term is not None else None
        await self._terms.settle_term(TermDecision(held.pack, held.term.id, decision, into, person.id, now()), row=row)


def _require_steward(person: Deciding) -> None:
    """Raise BriefError where a person may not decide about terms."""
    if not person.roles & _MAY_DECIDE:
        raise BriefError(
            "Only a steward decides about terms. Ask your steward, or your administrator for the role.",
            "只有术语管理员可以处理术语。请联系术语管理员，或向系统管理员申请该角色。",
        )


def _entry(held: Held) -> Entry:
    """Return a term on record as the report reads it."""
    return Entry(held.term, (Place("pack", held.pack),), settled=held.decision is not None)
