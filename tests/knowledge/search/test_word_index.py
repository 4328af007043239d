"""BM25 kept as numbers scores like the library's own."""

import bm25s
import numpy as np
import pytest

from knowledge.search.word_index import WordIndex

TEXTS = [["transfer", "limit", "limit"], ["card"], ["transfer", "card", "fee", "transfer"], [], ["fee"] * 9]


def indexed(texts: list[list[str]]) -> WordIndex:
    vocabulary: dict[str, int] = {}
    numbers = [vocabulary.setdefault(word, len(vocabulary)) for text in texts for word in text]
    made = WordIndex(vocabulary, np.array(numbers, dtype=np.int32), np.array([len(text) for text in texts], dtype=np.int32))
    vocabulary["later"] = len(vocabulary)
    return made


@pytest.mark.parametrize("asked", [["transfer"], ["limit", "fee"], ["card", "nothing of that", "later"]])
def test_scores_are_those_of_the_library(asked: list[str]) -> None:
    texts = [text or ["…"] for text in TEXTS]
    library = bm25s.BM25(method="lucene")
    library.index(texts, show_progress=False)
    assert indexed(texts).scores(asked) == pytest.approx(library.get_scores(asked), abs=1e-6)


def test_words_that_no_text_has_score_nothing_and_weigh_most() -> None:
    index = indexed(TEXTS)
    assert index.scores(["later", "never"]).tolist() == [0] * 5
    assert index.weight(["never"]) > index.weight(["card"]) > 0
    assert index.weight(["card", "card"]) == index.weight(["card"])


@pytest.mark.parametrize("texts", [[[]], [[], []], [["one"]]])
def test_texts_without_words_are_rows_all_the_same(texts: list[list[str]]) -> None:
    assert len(indexed(texts).scores(["one"])) == len(texts)
