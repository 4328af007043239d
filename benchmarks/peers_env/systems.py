"""LangChain, LlamaIndex and Haystack as their tutorials set them up, each over the same paragraphs.

A system is made of the paragraphs of a language (number → text) and returns, for a question, the numbers of the paragraphs whose
pieces it finds, best piece first; a paragraph of which several pieces are found stands there as often.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from benchmarks.peers_env.embeddings import KeptEmbedding

# Pieces asked for: more than any default, so that ten paragraphs come although a paragraph may be cut in several pieces.
PIECES = 30

Search = Callable[[str], list[str]]


def langchain(paragraphs: Mapping[str, str], embedding: KeptEmbedding | None) -> Search:
    """LangChain's tutorial: RecursiveCharacterTextSplitter(1000, 200), Chroma, similarity search (default k 4)."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [Document(page_content=text, metadata={"number": number}) for number, text in paragraphs.items()]
    pieces = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True).split_documents(documents)
    store = Chroma(collection_name=f"peers-{uuid4()}", embedding_function=_given(embedding))
    store.add_documents(pieces)
    retriever = store.as_retriever(search_kwargs={"k": PIECES})
    return lambda question: [str(found.metadata["number"]) for found in retriever.invoke(question)]


def llamaindex(paragraphs: Mapping[str, str], embedding: KeptEmbedding | None) -> Search:
    """LlamaIndex's default: VectorStoreIndex over SentenceSplitter(1024, 200) (default similarity_top_k 2)."""
    from llama_index.core import Document, VectorStoreIndex

    documents = [Document(text=text, doc_id=number) for number, text in paragraphs.items()]
    index = VectorStoreIndex.from_documents(documents, embed_model=_for_llamaindex(_given(embedding)))
    retriever = index.as_retriever(similarity_top_k=PIECES)
    return lambda question: [str(found.node.ref_doc_id) for found in retriever.retrieve(question)]


def haystack_words(paragraphs: Mapping[str, str], _embedding: KeptEmbedding | None) -> Search:
    """Haystack's default by words: InMemoryBM25Retriever over whole documents (default top_k 10)."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=number, content=text) for number, text in paragraphs.items()])
    retriever = InMemoryBM25Retriever(store, top_k=PIECES)
    return lambda question: [found.id for found in retriever.run(query=question)["documents"]]


def haystack_vectors(paragraphs: Mapping[str, str], embedding: KeptEmbedding | None) -> Search:
    """Haystack's default by vectors: InMemoryEmbeddingRetriever over whole documents (default top_k 10)."""
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    given = _given(embedding)
    vectors = given.embed_documents(list(paragraphs.values()))
    store = InMemoryDocumentStore()
    store.write_documents(
        [
            Document(id=number, content=text, embedding=vector)
            for (number, text), vector in zip(paragraphs.items(), vectors, strict=True)
        ]
    )
    retriever = InMemoryEmbeddingRetriever(store, top_k=PIECES)
    return lambda question: [found.id for found in retriever.run(query_embedding=given.embed_query(question))["documents"]]


SYSTEMS: dict[str, Callable[[Mapping[str, str], KeptEmbedding | None], Search]] = {
    "langchain": langchain,
    "llamaindex": llamaindex,
    "haystack-words": haystack_words,
    "haystack-vectors": haystack_vectors,
}


def _given(embedding: KeptEmbedding | None) -> Any:
    if embedding is None:
        raise RuntimeError("This system needs an embedding.")
    return embedding


def _for_llamaindex(embedding: KeptEmbedding) -> Any:
    """Return the embedding in the shape that LlamaIndex asks for."""
    from llama_index.core.embeddings import BaseEmbedding

    class Embedded(BaseEmbedding):  # type: ignore[misc]
        def _get_query_embedding(self, query: str) -> list[float]:
            return embedding.embed_query(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return embedding.embed_query(query)

        def _get_text_embedding(self, text: str) -> list[float]:
            return embedding.embed_documents([text])[0]

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            return embedding.embed_documents(texts)

    return Embedded(embed_batch_size=64)
