"""Answers searches with LangChain's tutorial chain over many rows; run in the peers' environment, driven by lines on stdin.

`python -m benchmarks.peers_env.serve_search TEXTS ROWS FOLDER VECTORS`: TEXTS is a JSON list that is repeated up to ROWS rows, FOLDER
keeps the store between runs, VECTORS the vectors. A line `{"query": …, "recall": …}` is answered by `{"seconds": …}`; with `recall`
the vector of a query that was asked before is not made again.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers_env.embeddings import KeptEmbedding, tutorial_embedding
from benchmarks.peers_env.vectors import repeated

_ROWS_AT_A_TIME = 1000


class RecallingEmbedding:
    """The tutorial's embedding, which answers from memory where it is told to."""

    def __init__(self) -> None:
        self._model, self._asked = tutorial_embedding(), dict[str, list[float]]()
        self.recalls = False

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a query."""
        if not self.recalls:
            self._asked[text] = self._model.embed_query(text)
        return self._asked[text]


def main(arguments: Sequence[str]) -> None:
    """Fill the store where it is not full, then answer until stdin ends."""
    texts: list[str] = json.loads(Path(arguments[0]).read_text("utf-8"))
    embedding = RecallingEmbedding()
    store = _store(texts, int(arguments[1]), Path(arguments[2]), Path(arguments[3]), embedding)
    retriever = store.as_retriever()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        embedding.recalls = asked["recall"]
        begun = time.perf_counter()
        retriever.invoke(asked["query"])
        print(json.dumps({"seconds": time.perf_counter() - begun}), flush=True)


def _store(texts: list[str], rows: int, folder: Path, vectors: Path, embedding: RecallingEmbedding) -> Any:
    """Return LangChain's Chroma with so many rows; their vectors are given, since embedding them would take hours."""
    import chromadb
    from langchain_chroma import Chroma

    client = chromadb.PersistentClient(str(folder))
    collection = client.get_or_create_collection("rows", embedding_function=None)
    if collection.count() < rows:
        model = KeptEmbedding("minilm", vectors)
        matrix = repeated(model.passages(texts), rows)
        for start in range(collection.count(), rows, _ROWS_AT_A_TIME):
            some = range(start, min(start + _ROWS_AT_A_TIME, rows))
            collection.add(
                ids=[str(row) for row in some],
                embeddings=matrix[some.start : some.stop],
                documents=[texts[row % len(texts)] for row in some],
                metadatas=[{"number": row} for row in some],
            )
    return Chroma(collection_name="rows", embedding_function=embedding, client=client)


if __name__ == "__main__":
    main(sys.argv[1:])
