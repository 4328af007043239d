"""What a stage always considers: the nearest passage of each asset on its shelves, whatever the words."""

import numpy as np
from numpy.typing import NDArray

from knowledge.search.holdings import Half, Part
from knowledge.search.nearness import nearness
from knowledge.search.question import Question
from knowledge.search.standing_assets import standing_rows
from knowledge.search.word_index import WordIndex

TYPES = ("standard", "standard", "template", "domain-rule", "checklist", "standard")
SHELVES = ("guides", "guides", "guides", "guides", "other", "guides")
ASSETS = ("a", "a", "b", "c", "d", "e")
NOTHING = np.zeros(6, dtype=np.float32)
OPEN = (Part("en:everyone", frozenset(["everyone"]), 0, 5),)


def half(vectors: NDArray[np.float32]) -> Half:
    """Return six passages; the last one is open to the board alone."""
    ids = tuple(f"p{row}" for row in range(6))
    counted = np.ones(6, dtype=np.int32)
    return Half(
        language="en",
        ids=ids,
        texts=ids,
        shelves=SHELVES,
        types=TYPES,
        assets=ASSETS,
        rows={name: row for row, name in enumerate(ids)},
        parts=(*OPEN, Part("en:board", frozenset(["board"]), 5, 6)),
        word_index=WordIndex({f"w{row}": row for row in range(6)}, np.arange(6, dtype=np.int32), counted),
        vectors=vectors,
        embedded=np.ones(6, dtype=np.bool_),
        mean=np.asarray(vectors.mean(axis=0), dtype=np.float32),
    )


def test_each_asset_gives_its_nearest_passage_and_closed_ones_give_none() -> None:
    mine = half(np.eye(6, dtype=np.float32))
    question = np.array([0.1, 0.9, 0.5, 1, 1, 1], dtype=np.float32)
    assert standing_rows(mine, OPEN, ["guides"], question, NOTHING) == [1, 2]
    assert standing_rows(mine, mine.parts, ["guides"], question, NOTHING) == [5, 1, 2]


def test_other_shelves_and_other_types_give_none() -> None:
    mine = half(np.eye(6, dtype=np.float32))
    question = np.ones(6, dtype=np.float32)
    assert standing_rows(mine, OPEN, [], question, NOTHING) == []
    assert standing_rows(mine, OPEN, ["unknown"], question, NOTHING) == []
    assert standing_rows(mine, OPEN, ["other"], question, NOTHING) == [4]


def test_without_vectors_the_words_tell_which_is_nearest() -> None:
    words = np.array([0, 3, 4, 9, 9, 9], dtype=np.float32)
    assert standing_rows(half(np.eye(6, dtype=np.float32)), OPEN, ["guides"], None, words) == [2, 1]


def question(vector: NDArray[np.float32] | None, language: str = "en") -> Question:
    """Return a question whose languages lie apart along the last axis."""
    english, chinese = np.zeros(6, dtype=np.float32), np.zeros(6, dtype=np.float32)
    english[5], chinese[5] = 0.5, -0.5
    return Question(language, {"en": [], "zh": []}, vector, {"en": english, "zh": chinese}, known=False)  # type: ignore[arg-type]


def test_a_passage_is_nearer_where_its_neighbour_of_the_same_asset_is_near_too() -> None:
    vectors = np.zeros((6, 6), dtype=np.float32)
    vectors[:, 0] = (1, 0.8, 0.2, 1, 0.2, 0.2)
    near = nearness(half(vectors), question(np.eye(6, dtype=np.float32)[0]), np.array([0, 3])).within
    assert near is not None
    assert near[0] < near[1] == 1


def test_from_the_other_language_the_language_itself_does_not_count() -> None:
    vectors = np.zeros((6, 6), dtype=np.float32)
    vectors[:, 5] = 0.5
    vectors[0, 0], vectors[1, 5] = 1, -0.5
    asked = np.zeros(6, dtype=np.float32)
    asked[0], asked[5] = 0.6, -0.5
    rows = np.array([0, 1, 2])
    near = nearness(half(vectors), question(asked, "zh"), rows).within
    assert near is not None
    assert near.argmax() == 0
    assert near[1] < 0.5


def test_without_a_vector_nothing_is_near() -> None:
    near = nearness(half(np.eye(6, dtype=np.float32)), question(None), np.array([0, 1]))
    assert near.within is None
    assert near.across.tolist() == [0, 0]
