"""Finds the passages that answer a brief, in both languages, among those that the asker may read."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from knowledge.search.holdings import EVERYONE
from knowledge.search.joining import SHORT_TOKENS, fits, joined, joined_text
from knowledge.search.places import Candidate, Piece, dealt
from knowledge.search.ranking import Ranking, Stand, ranked
from knowledge.search.reranking import MOST_READ, Reranker
from records.assets import Asset, Closing, Passage
from records.knowledge import KnowledgeRecords

# How many of the ranked candidates SQL is asked about: first as many as fill most searches, then all that could fill any.
_CHECKED_FIRST, _CHECKED = 24, 60


@dataclass(frozen=True)
class PassageHit:
    """What fills one place of a search: the best passage, which is what is cited, and what is shown of its surroundings.

    `score` is how well it fits within its language (0 to 1, and 0.1 for a shelf of the stage); `text` and `tokens` are of all
    `passages`, whose ids stand in reading order. `kept` marks a standard, template or checklist of the stage's shelves that
    has its place for what it is: where every hit is kept, the knowledge is silent about the question.
    """

    passage: Passage
    asset: Asset
    score: float
    text: str
    tokens: int
    passages: tuple[str, ...]
    kept: bool = False


class Retriever:
    """Searches the stand that `stand()` returns."""

    def __init__(self, records: KnowledgeRecords, stand: Callable[[], Stand]) -> None:
        self._records, self._stand = records, stand

    async def search(self, text: str, *, groups: frozenset[str], shelves: Sequence[str] = (), limit: int = 6) -> list[PassageHit]:
        """Return the best passages, best first, at most two pieces of one asset; none where the knowledge is silent.

        `groups` are all that the asker reads, with their own drafts (`Person.reads`): the only place where permission is
        decided. Every hit is checked again against SQL: it still exists, and these groups are among its readers now.
        `shelves` are those of the stage: they are preferred, and of the standards, templates and checklists on them the
        nearest get every third place at the latest, even where the knowledge is silent otherwise.
        """
        stand = self._stand()
        ranking = await asyncio.to_thread(ranked, stand, text, groups, frozenset(shelves))
        candidates = await self._candidates(ranking, groups, limit)
        if stand.reranker is not None and not ranking.silent:
            candidates = await asyncio.to_thread(_reordered, stand.reranker, text, candidates)
        pieces = dealt(candidates, limit, silent=ranking.silent)
        await self._complete(pieces)
        return [_hit(piece) for piece in pieces]

    async def passage(self, passage_id: str, groups: frozenset[str]) -> tuple[Passage, Asset] | None:
        """Return one passage, or None where it is gone or not open to these groups."""
        found = (await self._records.passages_by_id([passage_id])).get(passage_id)
        return found if found is not None and _open(found[1], groups) else None

    async def closed(self, assets: Collection[str], passages: Collection[str], groups: frozenset[str]) -> dict[str, Closing]:
        """Return which of these assets, and of these passages by theirs, these groups may not read as citations, and why.

        A retired asset stays open to its groups: a citation tells what was in force then.
        """
        present = await self._records.assets_by_id(assets) if assets else {}
        if passages:
            found = await self._records.passages_by_id(list(passages))
            present |= {name: asset for name, (_, asset) in found.items()}
        judged = {name: present.get(name) for name in (*assets, *passages)}
        return {
            name: "closed" if asset else "removed"
            for name, asset in judged.items()
            if asset is None or not _among(asset.citation_readers, groups)
        }

    async def _candidates(self, ranking: Ranking, groups: frozenset[str], limit: int) -> list[Candidate]:
        """Ask SQL about the best and the standing candidates, and about more where those do not fill the places."""
        first = await self._opened(ranking, _CHECKED_FIRST, groups)
        if ranking.silent or len(ranking.candidates) <= _CHECKED_FIRST or len(dealt(first, limit, silent=False)) == limit:
            return first
        return await self._opened(ranking, _CHECKED, groups)

    async def _opened(self, ranking: Ranking, count: int, groups: frozenset[str]) -> list[Candidate]:
        """Return those of the first candidates, and of the standing ones, that may be shown."""
        hits = [hit for place, hit in enumerate(ranking.candidates) if place < count or hit.standing]
        present = await self._records.passages_by_id([hit.passage for hit in hits])
        found = [Candidate(hit, *present[hit.passage]) for hit in hits if hit.passage in present]
        return [candidate for candidate in found if _open(candidate.asset, groups)]

    async def _complete(self, pieces: Sequence[Piece]) -> None:
        """Give short pieces the passage after or before them, of the same asset, which was checked, and the same heading."""
        short = [piece for piece in pieces if sum(passage.tokens for passage in piece.passages) < SHORT_TOKENS]
        wanted = [
            (piece.best.asset.id, place)
            for piece in short
            for place in (piece.passages[0].place - 1, piece.passages[-1].place + 1)
        ]
        beside = await self._records.passages_at(wanted) if wanted else []
        shown = {passage.id for piece in pieces for passage in piece.passages}
        for piece in short:
            after_first = sorted(beside, key=lambda passage: -passage.place)
            near = next((other for other in after_first if other.id not in shown and fits(piece.passages, other)), None)
            if near is not None:
                piece.passages = joined(piece.passages, near)
                shown.add(near.id)


def _reordered(reranker: Reranker, text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Let the reranker put the candidates that it reads into its order; the others keep theirs."""
    read = [f"{candidate.passage.breadcrumb}\n{candidate.passage.text}" for candidate in candidates[:MOST_READ]]
    return [candidates[number] for number in reranker.order(text, read)] + candidates[MOST_READ:]


def _hit(piece: Piece) -> PassageHit:
    """Return a piece as it is handed out."""
    text, tokens = joined_text(piece.passages)
    best = piece.best
    ids = tuple(passage.id for passage in piece.passages)
    return PassageHit(best.passage, best.asset, best.ranked.score, text, tokens, ids, piece.kept)


def _open(asset: Asset, groups: frozenset[str]) -> bool:
    """Tell whether an asset may be shown to a person who reads these groups."""
    return _among(asset.readers, groups)


def _among(readers: frozenset[str], groups: frozenset[str]) -> bool:
    return EVERYONE in readers or not groups.isdisjoint(readers)
