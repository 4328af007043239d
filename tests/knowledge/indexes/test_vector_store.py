"""Every index keeps what LangChain promises of a vector store."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from langchain_core.documents import Document

from errors import KnowledgeError
from knowledge.indexes.chroma import ChromaIndex
from knowledge.indexes.index import Index, MemoryIndex
from knowledge.indexes.pgvector import PgVectorIndex
from knowledge.indexes.vector_store import LangChainEmbeddings, PassageStore
from tests.doubles.hashed_embedding import HashedEmbedding

EMBEDDING = LangChainEmbeddings(HashedEmbedding())
CARD = Document(id="card", page_content="A lost card is frozen at once", metadata={"shelf": "cards"})
LOAN = Document(id="loan", page_content="贷款审批权限由分行行长行使", metadata={"shelf": "lending"})


@pytest.fixture(params=["memory", "chroma", "pgvector"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    made: Index
    if request.param == "pgvector":
        made = PgVectorIndex(request.getfixturevalue("vector_postgres").url, f"hashed-{uuid4()}", 64)
    else:
        made = MemoryIndex() if request.param == "memory" else ChromaIndex(tmp_path / "index", "hashed-words")
    yield made
    made.close()


@pytest.fixture
def store(index: Index) -> PassageStore:
    return PassageStore(index, "ours", EMBEDDING)


def test_an_empty_store_finds_nothing(store: PassageStore) -> None:
    assert store.similarity_search("card", 3) == []
    assert store.get_by_ids(["card"]) == []


def test_documents_are_found_with_their_metadata_and_cosines(store: PassageStore) -> None:
    assert store.add_documents([CARD, LOAN]) == ["card", "loan"]
    assert store.similarity_search("lost card", 1) == [CARD]
    ((found, cosine),) = store.similarity_search_with_score(LOAN.page_content, 1)
    assert found == LOAN
    assert cosine == pytest.approx(1, abs=1e-4)
    assert store.similarity_search_by_vector(EMBEDDING.embed_query("贷款审批"), 1) == [LOAN]
    assert len(store.similarity_search("card", 10)) == 2


def test_texts_without_ids_get_some_and_with_ids_keep_them(store: PassageStore) -> None:
    (drawn,) = store.add_texts(["Payment limits"])
    assert store.get_by_ids([drawn])[0].page_content == "Payment limits"
    assert store.add_texts(["Fees", "Rates"], [{"n": 1}, {"n": 2}], ids=["f", "r"]) == ["f", "r"]
    assert [one.metadata["n"] for one in store.get_by_ids(["r", "gone", "f"])] == [2, 1]


def test_a_known_id_takes_the_new_text(store: PassageStore) -> None:
    store.add_documents([CARD, LOAN])
    store.add_documents([Document(id="card", page_content="Interest on deposits")])
    assert store.similarity_search("interest deposits", 1)[0].id == "card"
    assert len(store.similarity_search("card", 10)) == 2


def test_the_same_documents_twice_stand_once(store: PassageStore) -> None:
    store.add_documents([CARD, LOAN])
    store.add_documents([CARD, LOAN])
    assert len(store.similarity_search("card", 10)) == 2


def test_what_is_deleted_is_found_no_more_and_may_come_again(store: PassageStore) -> None:
    store.add_documents([CARD, LOAN])
    store.delete(["card", "never there"])
    assert store.similarity_search("lost card", 10) == [LOAN]
    store.delete()
    assert store.similarity_search("lost card", 10) == []
    store.add_documents([CARD])
    assert store.similarity_search("lost card", 10) == [CARD]


def test_deleting_all_of_one_store_leaves_its_neighbour(index: Index, store: PassageStore) -> None:
    neighbour = PassageStore.from_texts([LOAN.page_content], EMBEDDING, ids=["loan"], index=index, partition="theirs")
    store.add_documents([CARD])
    store.delete()
    assert neighbour.similarity_search("贷款", 1)[0].id == "loan"


def test_documents_that_were_kept_are_found_by_the_next_store(index: Index) -> None:
    kept = {"card": CARD, "loan": LOAN}
    assert PassageStore(index, "ours", EMBEDDING, kept).similarity_search("lost card", 1) == [CARD]


def test_it_serves_as_a_retriever_also_without_blocking(store: PassageStore) -> None:
    asyncio.run(store.aadd_documents([CARD, LOAN]))
    retriever = store.as_retriever(search_kwargs={"k": 1})
    assert retriever.invoke("lost card") == [CARD]
    assert asyncio.run(retriever.ainvoke("贷款审批")) == [LOAN]
    near = store.as_retriever(search_type="similarity_score_threshold", search_kwargs={"score_threshold": 0.3, "k": 5})
    assert near.invoke("lost card frozen") == [CARD]


def test_counts_that_do_not_match_are_refused_and_nothing_is_taken_in(store: PassageStore) -> None:
    with pytest.raises(ValueError, match="2 texts came with 1 metadata"):
        store.add_texts(["a", "b"], [{}])
    with pytest.raises(ValueError, match="2 documents came with 1 ids"):
        store.add_documents([CARD, LOAN], ids=["one"])
    assert store.similarity_search("a", 1) == []


def test_a_write_that_fails_leaves_the_store_as_it_was() -> None:
    class Full(MemoryIndex):
        full = False

        def hold(self, partition: str, ids: object, vectors: object) -> None:
            if self.full:
                raise KnowledgeError("Full.", "已满。")
            super().hold(partition, ids, vectors)  # type: ignore[arg-type]

    index = Full()
    store = PassageStore(index, "ours", EMBEDDING)
    store.add_documents([CARD])
    index.full = True
    with pytest.raises(KnowledgeError):
        store.add_documents([LOAN])
    assert store.get_by_ids(["loan"]) == []
    assert store.similarity_search("lost card", 5) == [CARD]
