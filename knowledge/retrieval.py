"""Finds the passages that answer a brief, in both languages, among those that the asker may read."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.holdings import EVERYONE
from knowledge.ranking import Ranked, Stand, ranked
from records.knowledge import Asset, KnowledgeRecords, Passage

# How many of the ranked candidates SQL is asked about: enough for any limit after closed, gone and crowded ones fall away.
_CHECKED = 60
_MOST_OF_ONE_ASSET = 2


@dataclass(frozen=True)
class PassageHit:
    """A passage that was found, its asset (with type, shelf and owner), and how well it fits within its language (0 to 1)."""

    passage: Passage
    asset: Asset
    score: float


class Retriever:
    """Searches the stand that `stand()` returns."""

    def __init__(self, records: KnowledgeRecords, stand: Callable[[], Stand]) -> None:
        self._records, self._stand = records, stand

    async def search(self, text: str, *, groups: frozenset[str], shelves: Sequence[str] = (), limit: int = 6) -> list[PassageHit]:
        """Return the best passages, best first, at most two of one asset; none where the knowledge is silent.

        `groups` are the asker's: the only place where permission is decided. Every hit is checked again against SQL:
        it still exists, is approved, and open to these groups. `shelves` are preferred, not required.
        """
        stand = self._stand()
        candidates = await asyncio.to_thread(ranked, stand, text, groups, frozenset(shelves))
        return await self._checked(candidates[:_CHECKED], groups, limit)

    async def passage(self, passage_id: str, groups: frozenset[str]) -> tuple[Passage, Asset] | None:
        """Return one passage, or None where it is gone or not open to these groups."""
        found = (await self._records.passages_by_id([passage_id])).get(passage_id)
        return found if found is not None and _open(found[1], groups) else None

    async def _checked(self, candidates: list[Ranked], groups: frozenset[str], limit: int) -> list[PassageHit]:
        """Ask SQL about the candidates and keep what may be shown."""
        present = await self._records.passages_by_id([hit.passage for hit in candidates])
        taken: dict[str, int] = {}
        hits: list[PassageHit] = []
        for candidate in candidates:
            piece, asset = present.get(candidate.passage, (None, None))
            if piece is None or asset is None or not _open(asset, groups) or taken.get(asset.id, 0) >= _MOST_OF_ONE_ASSET:
                continue
            taken[asset.id] = taken.get(asset.id, 0) + 1
            hits.append(PassageHit(piece, asset, candidate.score))
        return hits[:limit]


def _open(asset: Asset, groups: frozenset[str]) -> bool:
    """Tell whether an asset may be shown to a person of these groups."""
    return asset.status == "approved" and (EVERYONE in asset.groups or not groups.isdisjoint(asset.groups))
