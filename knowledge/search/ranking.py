"""Ranks passages against a question: within each language by meaning and words together, then across the languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from errors import KnowledgeError, Language
from knowledge.embeddings.embedding import Embedding
from knowledge.indexes.index import Index, nearest
from knowledge.search.holdings import Half, Holdings, Part
from knowledge.search.nearness import Nearness, nearness
from knowledge.search.question import QueryVectors, Question, read_question
from knowledge.search.reranking import Reranker
from knowledge.search.standing_assets import standing_rows
from knowledge.terms.glossary import Glossary

if TYPE_CHECKING:
    from knowledge.search.holdings import Flags, Floats

# Measured on XQuAD in both languages; see benchmarks/retrieval.py.
_MEANING, _WORDS = 0.65, 0.35
# What a passage gains when it lies on a shelf that the stage asked for: less than the step from a fair hit to a good one.
_SHELF_PREFERENCE = 0.1
# Candidates of each kind and language.
_CANDIDATES = 50
# One product of matrices takes a millisecond over so many passages, and misses none; a graph takes two and may.
_EXACT_TO = 20_000
# What the score and the place within a language (0.25, 0.22, 0.2, …) count beside the nearness, where the languages are
# merged. Nearness decides; the place keeps both languages in sight where an embedding knows one of them only.
_SCORE, _TURN, _TURN_FROM = 0.1, 2.0, 8
# Below these the knowledge is silent: of 1,190 XQuAD questions a language, the sample pack is silent on 73 % (English) and 64 %,
# XQuAD itself on 0.4 % at most, whichever language holds the answer.
_NEAR_FROM, _SHARED_FROM, _SHARED_ALONE_FROM = 0.22, 0.12, 0.04
# A passage without a vector that shares so much counts as the nearest of those with one: right answers of XQuAD share 0.30
# (English) and 0.15 (Chinese) in the median, others 0.03 and 0.01.
_SHARED_FULLY = 0.2
# With fewer passages than this a mean is no mean, and nearness to it says nothing.
_MEAN_FROM = 50


@dataclass(frozen=True)
class Ranked:
    """A candidate of one language: its score there (0 to 1), its nearness across languages, its share of the question's words.

    `standing` marks the best passage of an asset that the stage always considers. Of a passage that has no vector yet (not
    `embedded`), the nearness is an estimate.
    """

    passage: str
    score: float
    across: float
    share: float
    standing: bool
    embedded: bool = True


@dataclass(frozen=True)
class Ranking:
    """The candidates, best first; where `silent`, none of them was found, and the standing ones are all that may be shown."""

    candidates: list[Ranked]
    silent: bool


@dataclass
class Stand:
    """What the retriever searches at the moment; replaced as a whole, never half. The vectors of questions outlive it.

    Parts of at most `exact_to` passages are searched exactly in memory, larger ones by the index.
    """

    holdings: Holdings
    glossary: Glossary
    index: Index
    embedding: Embedding | None
    reranker: Reranker | None = None
    queries: QueryVectors = field(default_factory=QueryVectors)
    exact_to: int = _EXACT_TO


def ranked(stand: Stand, text: str, groups: frozenset[str], shelves: frozenset[str]) -> Ranking:
    """Rank each language by itself, then merge; silent where nothing is near."""
    if not text.strip() or not stand.holdings.halves:
        return Ranking([], silent=True)
    embedded = any(half.embedded.any() for half in stand.holdings.halves)
    asked = read_question(text, stand.glossary, stand.embedding if embedded else None, stand.queries)
    lists = {half.language: _ranked_half(stand, half, asked, groups, shelves) for half in stand.holdings.halves}
    lists = _estimated(lists, asked)
    return Ranking(_merged(lists, asked), _silent(stand, asked, [hit for hits in lists.values() for hit in hits]))


def _estimated(lists: dict[Language, list[Ranked]], asked: Question) -> dict[Language, list[Ranked]]:
    """Estimate the nearness of passages that have no vector yet: from that of a middling hit up to the nearest, by their words.

    Without it, everything that was just taken in would sink below the other language.
    """
    every = [hit for hits in lists.values() for hit in hits]
    known = sorted(hit.across for hit in every if hit.embedded)
    if asked.vector is None or not known or len(known) == len(every):
        return lists
    middle, best = known[len(known) // 2], max(_SHARED_FULLY, *(hit.share for hit in every))
    return {
        language: [hit if hit.embedded else replace(hit, across=middle + (known[-1] - middle) * hit.share / best) for hit in hits]
        for language, hits in lists.items()
    }


def _silent(stand: Stand, asked: Question, hits: list[Ranked]) -> bool:
    """Tell whether nothing is near: the best of a bad lot would be shown as a source otherwise."""
    if asked.known:
        return False
    if asked.vector is None:
        return not any(hit.share >= _SHARED_ALONE_FROM for hit in hits)
    few = stand.holdings.passages < _MEAN_FROM
    return not (few or any(hit.share >= _SHARED_FROM or hit.across >= _NEAR_FROM for hit in hits))


def _ranked_half(stand: Stand, half: Half, asked: Question, groups: frozenset[str], shelves: frozenset[str]) -> list[Ranked]:
    """Rank the passages of one language: 0.65 meaning, 0.35 words, each brought to 0 to 1.

    Examples and past artifacts have no share in the words: those of another initiative mislead.
    """
    import numpy

    parts = [part for part in half.parts if part.open_to(groups)]
    if not parts:
        return []
    raw = _word_scores(half, asked, parts)
    standing = standing_rows(half, parts, shelves, asked.vector, raw)
    rows = sorted({*_best_words(raw), *_best_meanings(stand, half, asked, parts), *standing})
    if not rows:
        return []
    chosen = numpy.array(rows)
    weight = max(half.word_index.weight(asked.words[half.language]), 1e-6)
    # In the asker's language the best score is full; in the other one a perfect match is, so that one shared name is not.
    full = max(float(raw.max()), 1e-6 if asked.language == half.language else weight)
    near = nearness(half, asked, chosen)
    across = near.across * half.embedded[chosen]
    scores = _scores(raw[chosen] / full, near, half.embedded[chosen])
    scores += _SHELF_PREFERENCE * numpy.array([half.shelves[row] in shelves for row in rows], dtype=numpy.float32)
    always = frozenset(standing)
    found = [
        Ranked(
            half.ids[row],
            float(scores[n]),
            float(across[n]),
            float(raw[row] / weight),
            row in always,
            bool(half.embedded[row]),
        )
        for n, row in enumerate(rows)
    ]
    found.sort(key=lambda hit: (-hit.score, hit.passage))
    return [hit for place, hit in enumerate(found) if place < _CANDIDATES or hit.standing]


def _scores(by_words: "Floats", near: Nearness, embedded: "Flags") -> "Floats":
    """Put words and meaning together; a passage that has no vector yet is ranked by its words."""
    import numpy

    if near.within is None or not embedded.any():
        return by_words.copy()
    low, high = float(near.within[embedded].min()), float(near.within[embedded].max())
    meaning = (near.within - low) / (high - low) if high > low else numpy.ones_like(near.within)
    scores: Floats = numpy.where(embedded, _MEANING * meaning + _WORDS * by_words, by_words)
    return scores


def _word_scores(half: Half, asked: Question, parts: list[Part]) -> "Floats":
    """Return BM25 scores, zero where the asker may not read, and where likeness alone counts."""
    import numpy

    scores = half.word_index.scores(asked.words[half.language])
    if len(parts) < len(half.parts):
        allowed = numpy.zeros(len(half.ids), dtype=numpy.float32)
        for part in parts:
            allowed[part.start : part.stop] = 1
        scores = scores * allowed
    # Without vectors likeness cannot be told, and words are better than nothing.
    return scores if asked.vector is None else scores * ~half.by_likeness


def _best_words(scores: "Floats") -> list[int]:
    """Return the rows that share most with the question's words."""
    import numpy

    sharing = numpy.flatnonzero(scores)
    if len(sharing) > _CANDIDATES:
        sharing = sharing[numpy.argpartition(-scores[sharing], _CANDIDATES - 1)[:_CANDIDATES]]
    rows: list[int] = sharing.tolist()
    return rows


def _best_meanings(stand: Stand, half: Half, asked: Question, parts: list[Part]) -> Iterable[int]:
    """Return the rows that lie nearest: by the index where a part is large, exactly where it is small.

    While the index is being filled or broken, memory answers in its place.
    """
    if asked.vector is None:
        return []
    found: list[tuple[str, float]] = []
    for part in parts:
        stretch = slice(part.start, part.stop)
        try:
            if part.stop - part.start <= stand.exact_to:
                found += nearest(half.ids[stretch], half.vectors[stretch], asked.vector, _CANDIDATES)
            else:
                found += stand.index.search(part.name, asked.vector, _CANDIDATES)
        except KnowledgeError:
            found += nearest(half.ids[stretch], half.vectors[stretch], asked.vector, _CANDIDATES)
    found.sort(key=lambda hit: -hit[1])
    rows = (half.rows.get(passage) for passage, _ in found[:_CANDIDATES])
    return [row for row in rows if row is not None and half.embedded[row]]


def _merged(lists: Mapping[Language, list[Ranked]], asked: Question) -> list[Ranked]:
    """Merge by nearness in meaning, and by score and place within the language.

    The order of the asker's language stays. In the other one words say little, so that nearness may mend its order.
    """
    placed = []
    for language, hits in lists.items():
        worth = float("inf")
        for place, hit in enumerate(hits):
            own = hit.across + _SCORE * hit.score + _TURN / (_TURN_FROM + place)
            worth = min(worth, own) if language == asked.language else own
            placed.append((-worth, place, hit.passage, hit))
    return [entry[3] for entry in sorted(placed, key=lambda entry: entry[:3])]
