"""A partition of any index behind LangChain's vector store interface, for programs that are written against LangChain."""

from collections.abc import Iterable, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from knowledge.embeddings.embedding import Embedding
from knowledge.indexes.index import Index, MemoryIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from knowledge.indexes.index import Matrix


class LangChainEmbeddings(Embeddings):
    """An embedding of ours as LangChain calls it."""

    def __init__(self, embedding: Embedding) -> None:
        self._embedding = embedding

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of texts that are to be found."""
        return [[float(number) for number in row] for row in self._embedding.passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a text that asks."""
        return [float(number) for number in self._embedding.queries([text])[0]]


class PassageStore(VectorStore):
    """Documents beside the index that finds them; scores are cosines, the nearest first.

    The index holds vectors alone, so `documents` keeps what they belong to: a mapping in memory, or one of the caller's
    own that outlives the process. A store is the only writer of its partition. There is no filter and no permission
    here: whoever opens a store reads all of it.
    """

    def __init__(
        self, index: Index, partition: str, embedding: Embeddings, documents: MutableMapping[str, Document] | None = None
    ) -> None:
        """Embed what `documents` already has. Raises KnowledgeError where the index cannot be written."""
        self._index, self._partition, self._embedding = index, partition, embedding
        self._documents: MutableMapping[str, Document] = documents if documents is not None else {}
        self._vectors: dict[str, list[float]] = {}
        if self._documents:
            self._hold(self._embedded(list(self._documents.values())))

    @property
    def embeddings(self) -> Embeddings:
        """What turns texts into vectors."""
        return self._embedding

    def add_documents(self, documents: list[Document], **kwargs: Any) -> list[str]:
        """Take documents in and return their ids; one whose id is known takes the former's place."""
        ids = kwargs.pop("ids", None) or [document.id or str(uuid4()) for document in documents]
        if len(ids) != len(documents):
            raise ValueError(f"{len(documents)} documents came with {len(ids)} ids.")
        named = [
            Document(id=key, page_content=one.page_content, metadata=one.metadata)
            for key, one in zip(ids, documents, strict=True)
        ]
        self._hold(self._vectors | self._embedded(named))
        self._documents.update({str(one.id): one for one in named})
        return list(ids)

    def add_texts(
        self, texts: Iterable[str], metadatas: list[dict[str, Any]] | None = None, *, ids: list[str] | None = None, **_kwargs: Any
    ) -> list[str]:
        """Take texts in and return their ids. Raises ValueError where there are not as many metadata or ids as texts."""
        written = list(texts)
        told = metadatas if metadatas is not None else [{} for _ in written]
        if len(told) != len(written):
            raise ValueError(f"{len(written)} texts came with {len(told)} metadata.")
        documents = [Document(page_content=text, metadata=data) for text, data in zip(written, told, strict=True)]
        return self.add_documents(documents, ids=ids)

    def delete(self, ids: list[str] | None = None, **_kwargs: Any) -> bool | None:
        """Remove these, or all where none are named; ids that are not there are passed over."""
        gone = set(self._vectors if ids is None else ids)
        self._hold({key: vector for key, vector in self._vectors.items() if key not in gone})
        for key in gone:
            self._documents.pop(key, None)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """Return the documents that are there, in the order asked."""
        return [self._documents[key] for key in ids if key in self._documents]

    def similarity_search(self, query: str, k: int = 4, **_kwargs: Any) -> list[Document]:
        """Return the nearest documents."""
        return [document for document, _ in self.similarity_search_with_score(query, k)]

    def similarity_search_with_score(self, query: str, k: int = 4, **_kwargs: Any) -> list[tuple[Document, float]]:
        """Return the nearest documents with their cosines."""
        return self._nearest(self._embedding.embed_query(query), k)

    def similarity_search_by_vector(self, embedding: list[float], k: int = 4, **_kwargs: Any) -> list[Document]:
        """Return the documents nearest to a vector."""
        return [document for document, _ in self._nearest(embedding, k)]

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        index: Index | None = None,
        partition: str = "langchain",
        **_kwargs: Any,
    ) -> "PassageStore":
        """Return a store of these texts, in memory where no index is given."""
        store = cls(index or MemoryIndex(), partition, embedding)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    def _select_relevance_score_fn(self) -> "Callable[[float], float]":
        """Say how a score becomes 0 to 1: a cosine below nought is no relevance at all."""
        return lambda cosine: min(1.0, max(0.0, cosine))

    def _embedded(self, documents: list[Document]) -> dict[str, list[float]]:
        vectors = self._embedding.embed_documents([document.page_content for document in documents]) if documents else []
        return {str(document.id): vector for document, vector in zip(documents, vectors, strict=True)}

    def _hold(self, vectors: dict[str, list[float]]) -> None:
        """Write first, remember then: a failed write leaves the store as it was."""
        if changed := {key for key, vector in vectors.items() if self._vectors.get(key, vector) != vector}:
            kept = {key: vector for key, vector in vectors.items() if key not in changed}
            # An index takes an id for its vector: what changed has to leave before it comes again.
            self._write(kept)
        self._write(vectors)
        self._vectors = vectors

    def _write(self, vectors: dict[str, list[float]]) -> None:
        import numpy

        width = len(next(iter((vectors or self._vectors).values()), ()))
        matrix = _unit(list(vectors.values())) if vectors else numpy.zeros((0, width), dtype=numpy.float32)
        if width:
            self._index.hold(self._partition, list(vectors), matrix)

    def _nearest(self, vector: list[float], count: int) -> list[tuple[Document, float]]:
        if not self._vectors or count < 1:
            return []
        hits = self._index.search(self._partition, _unit([vector])[0], min(count, len(self._vectors)))
        return [(self._documents[key], cosine) for key, cosine in hits if key in self._documents]


def _unit(vectors: list[list[float]]) -> "Matrix":
    """Return vectors of length one, as every index of ours expects them."""
    import numpy

    matrix = numpy.asarray(vectors, dtype=numpy.float32)
    found: Matrix = matrix / numpy.maximum(numpy.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return found
