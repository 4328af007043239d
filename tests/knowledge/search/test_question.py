"""How a question is read before anything is searched."""

from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from errors import EndpointError
from knowledge.search.question import QueryVectors, read_question
from knowledge.terms.glossary import Definition, Glossary, Names, Term
from tests.doubles.hashed_embedding import HashedEmbedding

PLAIN = Path(__file__).parents[3] / "knowledge" / "search" / "plain_questions.yaml"


class CountingEmbedding(HashedEmbedding):
    """Counts the texts that it is asked for."""

    def __init__(self, name: str = "counting") -> None:
        super().__init__(name=name)
        self.asked: list[str] = []

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        self.asked += texts
        return super().queries(texts)


class UnreachableEmbedding(HashedEmbedding):
    """Stands for an endpoint that is down."""

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        raise EndpointError("The embedding cannot be reached.", "无法连接嵌入模型。", detail=f"{len(texts)} texts")


def test_the_same_question_is_embedded_once() -> None:
    embedding, vectors = CountingEmbedding(), QueryVectors()
    first = vectors.vector(embedding, "Which limit?")
    assert vectors.vector(embedding, "Which limit?") is first
    assert embedding.asked == ["Which limit?"]


def test_another_embedding_makes_a_vector_of_its_own() -> None:
    vectors, other = QueryVectors(), CountingEmbedding("other")
    vectors.vector(CountingEmbedding(), "Which limit?")
    vectors.vector(other, "Which limit?")
    assert other.asked == ["Which limit?"]


def test_the_oldest_question_is_forgotten_first() -> None:
    embedding, vectors = CountingEmbedding(), QueryVectors()
    vectors.vector(embedding, "first")
    for number in range(511):
        vectors.vector(embedding, f"question {number}")
    vectors.vector(embedding, "first")
    vectors.vector(embedding, "one more")
    vectors.vector(embedding, "first")
    assert embedding.asked.count("first") == 1
    vectors.vector(embedding, "question 0")
    assert embedding.asked.count("question 0") == 2


def test_the_means_of_the_languages_are_made_once() -> None:
    embedding, vectors = CountingEmbedding(), QueryVectors()
    means = vectors.means(embedding)
    assert vectors.means(embedding) is means
    assert set(means) == {"en", "zh"}
    assert len(embedding.asked) == 2 * len(yaml.safe_load(PLAIN.read_text("utf-8")))


def test_a_term_is_told_in_the_other_language_and_kept_in_its_own() -> None:
    said = Definition("The most that one transfer may move.", "单笔转账的最高金额。")
    names = Names(("T+1 cap",), ())
    term = Term("limit", "value", "payments", "transfer limit", "转账限额", said, names, Names((), ()), "Payments", "approved")
    read = read_question("Who raises the T+1 cap of 5,000?", Glossary([term]), None, QueryVectors())
    assert read.known
    assert {"cap", "transfer", "limit"} <= set(read.words["en"])
    assert {"转账", "账限", "限额", "rais", "000"} <= set(read.words["zh"])
    assert "cap" not in read.words["zh"]


def test_an_embedding_that_cannot_be_reached_leaves_the_words() -> None:
    read = read_question("Which limit?", Glossary(()), UnreachableEmbedding(), QueryVectors())
    assert read.vector is None
    assert read.words["en"] == ["limit"]
