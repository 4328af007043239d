"""Reads a question for search: its words for either language, its vector, and what of that is its language alone."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from errors import AssistantError, Language
from formats.language import language_of, words
from knowledge.embeddings.embedding import Embedding
from knowledge.intake.splitting import tokens_in
from knowledge.terms.glossary import Glossary, TermHit

if TYPE_CHECKING:
    from knowledge.search.holdings import Floats

_log = logging.getLogger(__name__)

_PLAIN_QUESTIONS = Path(__file__).parent / "plain_questions.yaml"
# Longer queries cost more time than they bring: the beginning of a brief says what it is about.
_QUERY_TOKENS = 110
# One vector takes some 1.5 kB.
_REMEMBERED = 512


@dataclass(frozen=True)
class Question:
    """A question, ready to be compared: its words for either language, its vector where there is an embedding.

    `means` are those of questions about anything, by language. `known` tells that it uses a term of the glossary, and thus is about the
    organisation.
    """

    language: Language
    words: dict[Language, list[str]]
    vector: "Floats | None"
    means: "Mapping[Language, Floats]"
    known: bool


class QueryVectors:
    """Remembers the vectors of the last questions: one brief is searched again by each mend, follow-up and stage."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Floats] = OrderedDict()
        self._means: dict[str, Mapping[Language, Floats]] = {}
        self._lock, self._making = threading.Lock(), threading.Lock()

    def vector(self, embedding: Embedding, text: str) -> "Floats":
        """Return the vector of a question. Raises AssistantError where the embedding cannot be reached."""
        key = (embedding.name, text)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found: Floats = embedding.queries([text])[0]
        with self._lock:
            self._kept[key] = found
            if len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        return found

    def means(self, embedding: Embedding) -> "Mapping[Language, Floats]":
        """Return the mean vector of each language's questions, made once (a second). Raises as `vector` does."""
        # Who asks while they are being made waits for them: making them twice takes longer.
        with self._making:
            if embedding.name not in self._means:
                pairs = _plain_questions()
                found = embedding.queries([pair[language] for language in ("en", "zh") for pair in pairs])
                means: dict[Language, Floats] = {"en": found[: len(pairs)].mean(axis=0), "zh": found[len(pairs) :].mean(axis=0)}
                self._means[embedding.name] = means
            return self._means[embedding.name]


def read_question(text: str, glossary: Glossary, embedding: Embedding | None, vectors: QueryVectors) -> Question:
    """Read a question. Where it uses terms of the glossary, its words in the other language are those of their names there.

    Without an embedding, or while it cannot be reached, words alone are left.
    """
    language, hits = language_of(text), glossary.found_in(text) if glossary.terms else []
    by_language: dict[Language, list[str]] = {}
    for told in ("en", "zh"):
        names = _told_in(text, hits, told)
        by_language[told] = list(dict.fromkeys([*words(text), *words(names)] if told == language else words(names)))
    vector: Floats | None = None
    means: Mapping[Language, Floats] = {}
    if embedding is not None:
        try:
            means = vectors.means(embedding)
            vector = vectors.vector(embedding, _beginning(text))
        except AssistantError as error:
            _log.warning("The question is searched by its words alone: %s", error.detail or error)
    return Question(language, by_language, vector, means, bool(hits))


def _told_in(text: str, hits: Sequence[TermHit], language: Language) -> str:
    """Return the text with its terms told by their official names in a language."""
    told, end = [], 0
    for hit in hits:
        told += [text[end : hit.start], hit.term.name(language)]
        end = hit.end
    return " ".join([*told, text[end:]])


@cache
def _plain_questions() -> list[dict[Language, str]]:
    """Return the pairs of questions whose means are the languages."""
    import yaml  # late: words alone need none

    pairs: list[dict[Language, str]] = yaml.safe_load(_PLAIN_QUESTIONS.read_text("utf-8"))
    return pairs


def _beginning(text: str) -> str:
    """Return as much of the text as is worth its time in the embedding, by the estimate of tokens."""
    while tokens_in(text) > _QUERY_TOKENS:
        text = text[: int(len(text) * max(0.3, min(0.95, _QUERY_TOKENS / tokens_in(text))))]
    return text
