"""Chosen embeddings of hashed words: any of them may be away, and any may be made again as long as it is `kept`."""

from collections.abc import Mapping
from typing import Any

from errors import EndpointUnreachable
from knowledge.embeddings.embedding import Embedding
from records.serving import Serving
from tests.doubles.hashed_embedding import HashedEmbedding


class HashedChoice:
    """The choice of one embedding; `kept` are the former ones that are still to be had."""

    def __init__(self, embedding: HashedEmbedding, kept: tuple[HashedEmbedding, ...] = (), *, away: bool = False) -> None:
        self.embedding, self.kept, self.away = embedding, kept, away
        self.is_wanted = True

    @property
    def origin(self) -> Mapping[str, Any]:
        return {"choice": "hashed", "name": self.embedding.name}

    def make(self) -> Embedding:
        if self.away:
            raise EndpointUnreachable("It is away.", "它不在。")
        return self.embedding

    def former(self, served: Serving) -> Embedding | None:
        return next((one for one in self.kept if one.name == served.origin["name"] == served.embedding), None)
