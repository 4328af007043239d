"""Ranks passages against a brief: within each language by meaning and words together, then across the languages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors import KnowledgeError, Language
from formats.language import language_of, words
from knowledge.embedding import Embedding
from knowledge.glossary import Glossary
from knowledge.holdings import Half, Holdings, Part
from knowledge.index import Index, nearest
from knowledge.splitting import tokens_in

if TYPE_CHECKING:
    from knowledge.holdings import Floats

# Measured on XQuAD in both languages; see benchmarks/retrieval.py.
_MEANING, _WORDS = 0.65, 0.35
# What a passage gains when it lies on a shelf that the stage asked for: less than the step from a fair hit to a good one.
_SHELF_PREFERENCE = 0.1
# Candidates of each kind and language.
_CANDIDATES = 50
# Longer queries cost more time than they bring: the beginning of a brief says what it is about.
_QUERY_TOKENS = 110
# Merging: 2 / (8 + place) + centred cosine finds 2 to 3 answers in 100 more than taking turns (store half in each language).
_TURN, _TURN_FROM = 2.0, 8
# Below both the knowledge is silent: of 400 XQuAD questions to the sample pack 69 % are, of its own headings none.
_NEAR_FROM, _SHARED_FROM, _SHARED_ALONE_FROM = 0.22, 0.12, 0.04
# With fewer passages than this a mean is no mean, and nearness to it says nothing.
_MEAN_FROM = 50


@dataclass(frozen=True)
class _Asked:
    """A query, ready to be compared: its words for either language, its vector where there is an embedding.

    `known` tells that it uses a term of the glossary, and thus is about the organisation.
    """

    language: Language
    words: dict[Language, list[str]]
    vector: "Floats | None"
    known: bool


@dataclass(frozen=True)
class Ranked:
    """A candidate of one language: its score there, its nearness across languages, its share of the query's words."""

    passage: str
    score: float
    across: float
    share: float


@dataclass
class Stand:
    """What the retriever searches at the moment; replaced as a whole, never half."""

    holdings: Holdings
    glossary: Glossary
    index: Index
    embedding: Embedding | None


def ranked(stand: Stand, text: str, groups: frozenset[str], shelves: frozenset[str]) -> list[Ranked]:
    """Rank each language by itself, then merge; nothing where the knowledge is silent."""
    if not text.strip():
        return []
    asked = _asked(stand, text)
    lists = {half.language: _ranked_half(stand, half, asked, groups, shelves) for half in stand.holdings.halves}
    return [] if _silent(stand, asked, [hit for hits in lists.values() for hit in hits]) else _merged(lists, asked.language)


def _silent(stand: Stand, asked: _Asked, hits: list[Ranked]) -> bool:
    """Tell whether nothing is near: the best of a bad lot would be shown as a source otherwise."""
    if asked.known:
        return False
    if asked.vector is None:
        return not any(hit.share >= _SHARED_ALONE_FROM for hit in hits)
    few = stand.holdings.passages < _MEAN_FROM
    return not (few or any(hit.share >= _SHARED_FROM or hit.across >= _NEAR_FROM for hit in hits))


def _asked(stand: Stand, text: str) -> _Asked:
    """Read the query; each language gets, besides its words, the names that the glossary has for its terms."""
    own = words(text)
    terms = {hit.term for hit in stand.glossary.found_in(text)} if stand.glossary.terms else set()
    by_language: dict[Language, list[str]] = {}
    for language in ("en", "zh"):
        names = [word for term in sorted(terms, key=lambda term: term.id) for word in words(term.name(language))]
        by_language[language] = list(dict.fromkeys([*own, *names]))
    vector = None
    if stand.embedding is not None and any(half.embedded.any() for half in stand.holdings.halves):
        vector = stand.embedding.queries([_beginning(text)])[0]
    return _Asked(language_of(text), by_language, vector, bool(terms))


def _beginning(text: str) -> str:
    """Return as much of the text as is worth its time in the embedding, by the estimate of tokens."""
    while tokens_in(text) > _QUERY_TOKENS:
        text = text[: int(len(text) * max(0.3, min(0.95, _QUERY_TOKENS / tokens_in(text))))]
    return text


def _ranked_half(stand: Stand, half: Half, asked: _Asked, groups: frozenset[str], shelves: frozenset[str]) -> list[Ranked]:
    """Rank the passages of one language: 0.65 meaning, 0.35 words, each brought to 0 to 1."""
    import numpy

    parts = [part for part in half.parts if part.open_to(groups)]
    if not parts:
        return []
    raw = _word_scores(half, asked, parts)
    weight = max(half.word_index.weight(asked.words[half.language]), 1e-6)
    # In the asker's language the best score is full; in the other one a perfect match is, so that one shared name is not.
    full = max(float(raw.max()), 1e-6) if asked.language == half.language else weight
    by_words = raw / max(full, float(raw.max()))
    rows = sorted({*_best_words(by_words), *_best_meanings(stand, half, asked, parts)})
    if not rows:
        return []
    chosen = numpy.array(rows)
    lexical = by_words[chosen]
    scores, across = lexical, lexical
    if asked.vector is not None:
        known = half.embedded[chosen]
        scores = numpy.where(known, _MEANING * _stretched(half.vectors[chosen] @ asked.vector, known) + _WORDS * lexical, lexical)
        across = _across(stand.holdings, half, asked.language, asked.vector, chosen)
    preferred = numpy.array([half.shelves[row] in shelves for row in rows], dtype=numpy.float32)
    scores = scores + _SHELF_PREFERENCE * preferred
    found = [Ranked(half.ids[row], float(scores[n]), float(across[n]), float(raw[row] / weight)) for n, row in enumerate(rows)]
    return sorted(found, key=lambda hit: (-hit.score, hit.passage))[:_CANDIDATES]


def _word_scores(half: Half, asked: _Asked, parts: list[Part]) -> "Floats":
    """Return BM25 scores, zero where the asker may not read."""
    import numpy

    scores = half.word_index.scores(asked.words[half.language])
    allowed = numpy.zeros(len(half.ids), dtype=numpy.bool_)
    for part in parts:
        allowed[part.start : part.stop] = True
    closed: Floats = numpy.where(allowed, scores, numpy.float32(0))
    return closed


def _best_words(scores: "Floats") -> list[int]:
    """Return the rows that share most with the query's words."""
    import numpy

    count = min(_CANDIDATES, len(scores))
    best = numpy.argpartition(-scores, count - 1)[:count]
    return [int(row) for row in best if scores[row] > 0]


def _best_meanings(stand: Stand, half: Half, asked: _Asked, parts: list[Part]) -> Iterable[int]:
    """Return the rows that the index finds nearest; while it is being filled or broken, memory answers in its place."""
    if asked.vector is None:
        return []
    found: list[tuple[str, float]] = []
    for part in parts:
        try:
            found += stand.index.search(part.name, asked.vector, _CANDIDATES)
        except KnowledgeError:
            stretch = slice(part.start, part.stop)
            found += nearest(half.ids[stretch], half.vectors[stretch], asked.vector, _CANDIDATES)
    found.sort(key=lambda hit: -hit[1])
    rows = (half.rows.get(passage) for passage, _ in found[:_CANDIDATES])
    return [row for row in rows if row is not None and half.embedded[row]]


def _stretched(cosines: "Floats", known: Any) -> "Floats":
    """Bring cosines to 0 to 1 among the candidates that have a vector."""
    if not known.any():
        return cosines
    low, high = float(cosines[known].min()), float(cosines[known].max())
    stretched: Floats = (cosines - low) / (high - low) if high > low else cosines * 0 + 1
    return stretched


def _across(holdings: Holdings, half: Half, language: Language, vector: "Floats", chosen: Any) -> "Floats":
    """Return cosines after the mean of each language is taken away: what is left is meaning, not language."""
    import numpy

    means = {other.language: other.mean for other in holdings.halves}
    query = vector - means.get(language, half.mean)
    passages = half.vectors[chosen] - half.mean
    lengths = numpy.linalg.norm(passages, axis=1) * numpy.linalg.norm(query)
    centred: Floats = passages @ query / numpy.maximum(lengths, 1e-6)
    return centred


def _merged(lists: Mapping[Language, list[Ranked]], language: Language) -> list[Ranked]:
    """Merge by place in its own language and nearness in meaning.

    The order of the asker's language stays. In the other one words say little, so that nearness may mend its order.
    """
    placed = []
    for of, hits in lists.items():
        worth = float("inf")
        for place, hit in enumerate(hits):
            own = _TURN / (_TURN_FROM + place) + hit.across
            worth = min(worth, own) if of == language else own
            placed.append((-worth, place, hit.passage, hit))
    return [entry[3] for entry in sorted(placed, key=lambda entry: entry[:3])]
