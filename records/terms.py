"""What stewards are offered and what they decided: nouns that the glossary lacks, and decisions laid over the terms of packs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from errors import Language
from records.database import now
from records.knowledge_access import CONTENT, KnowledgeAccess, move
from records.knowledge_tables import term_decisions, term_offers, terms

OfferStatus = Literal["open", "accepted", "merged", "forbidden", "refused"]
Decision = Literal["accepted", "merged", "forbidden", "refused", "replaced"]


@dataclass(frozen=True)
class Noun:
    """A noun that an artifact uses and the glossary lacks; `key` is how nouns are compared, `example` where it stands."""

    language: Language
    key: str
    name: str
    kind: str
    example: str
    artifact: str


@dataclass(frozen=True)
class Offer:
    """A noun offered to the steward: how often it was seen, and what became of it (`term` is `pack/id`)."""

    id: str
    language: Language
    key: str
    name: str
    kind: str
    example: str
    artifact: str
    person: str
    seen: int
    status: OfferStatus
    term: str
    decided_by: str
    created: datetime
    updated: datetime


@dataclass(frozen=True)
class TermDecision:
    """What a steward decided about the term of a pack; `into` is the term that takes its place (`pack/id`), or empty."""

    pack: str
    term: str
    decision: Decision
    into: str
    person: str
    at: datetime


class TermRecords(KnowledgeAccess):
    """Reads and writes offers and decisions; every change of what a text's terms are moves the counter that servers follow."""

    async def offer(self, nouns: Sequence[Noun], person: str) -> None:
        """Note nouns that were used: one more sighting of those that are known, also of those already decided."""
        insert = sqlite_insert if self.database.is_sqlite else postgres_insert
        moment = now()
        rows = [
            asdict(noun)
            | {"id": str(uuid4()), "person": person, "seen": 1, "status": "open", "term": "", "decided_by": ""}
            | {"created": moment, "updated": moment}
            # Sorted, so that two answers at once take their locks in the same order.
            for noun in sorted(nouns, key=lambda noun: (noun.language, noun.key))
        ]
        if not rows:
            return
        again = {"seen": term_offers.c.seen + 1, "updated": moment}
        statement = insert(term_offers).on_conflict_do_update(index_elements=["language", "key"], set_=again)
        async with self._writing() as connection:
            await connection.execute(statement, rows)

    async def offers(self, *statuses: OfferStatus, limit: int | None = None) -> list[Offer]:
        """Return the offers of these statuses, or all; what was seen most comes first."""
        query = sa.select(term_offers).order_by(term_offers.c.seen.desc(), term_offers.c.updated.desc(), term_offers.c.id)
        if statuses:
            query = query.where(term_offers.c.status.in_(statuses))
        async with self._reading() as connection:
            return [Offer(**row) for row in (await connection.execute(query.limit(limit))).mappings()]

    async def decisions(self) -> list[TermDecision]:
        """Return what was decided about terms of packs, oldest first."""
        query = sa.select(term_decisions).order_by(term_decisions.c.at, term_decisions.c.pack, term_decisions.c.term)
        async with self._reading() as connection:
            return [TermDecision(**row) for row in (await connection.execute(query)).mappings()]

    async def settle_offer(
        self, offer: Offer, status: OfferStatus, term: str, person: str, *, row: Mapping[str, Any] | None = None
    ) -> bool:
        """Settle an offer, with the `row` of the new term where it becomes one; False where another steward was faster."""
        change = sa.update(term_offers).where(term_offers.c.id == offer.id, term_offers.c.status == offer.status)
        async with self._writing() as connection:
            done = await connection.execute(change.values(status=status, term=term, decided_by=person, updated=now()))
            if done.rowcount != 1:
                return False
            if row is not None:
                await _put_term(connection, row)
            await move(connection, CONTENT, "")
        return True

    async def settle_term(self, decision: TermDecision, *, row: Mapping[str, Any] | None = None) -> None:
        """Decide about the term of a pack, with the `row` of a new term where that takes its place; the last decision holds."""
        insert = sqlite_insert if self.database.is_sqlite else postgres_insert
        values = asdict(decision)
        changed = {name: value for name, value in values.items() if name not in ("pack", "term")}
        statement = insert(term_decisions).values(values)
        async with self._writing() as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=["pack", "term"], set_=changed))
            if row is not None:
                await _put_term(connection, row)
            await move(connection, CONTENT, "")


async def _put_term(connection: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Put one term at the end of its pack, in place of a former one of its id."""
    mine = terms.c.pack == row["pack"]
    await connection.execute(sa.delete(terms).where(mine, terms.c.id == row["id"]))
    last = (await connection.execute(sa.select(sa.func.max(terms.c.place)).where(mine))).scalar()
    await connection.execute(sa.insert(terms), [{**row, "place": 0 if last is None else last + 1}])
