"""The embedding that the settings choose: how it is made, and how it is made again after they chose another one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from errors import AssistantError, EndpointError
from knowledge.embeddings.embedding import EmbeddedE5, Embedding, SentenceTransformersEmbedding
from knowledge.embeddings.endpoint import EmbeddingServer, EndpointEmbedding
from knowledge.notices import NO_PACKAGED, WORDS_CHOSEN, Notice, by_words_until
from records.serving import Serving

Kind = Literal["embedded", "folder", "endpoint", "none"]


@dataclass(frozen=True)
class EmbeddingChoice:
    """Plain values of the settings; `folder` belongs to the kind of that name, `server` to `endpoint`."""

    kind: Kind
    folder: Path | None = None
    server: EmbeddingServer | None = None
    query_prefix: str = ""
    passage_prefix: str = ""

    @property
    def is_wanted(self) -> bool:
        """Tell whether it may yet come: only a server may be away for a while."""
        return self.kind == "endpoint"

    @property
    def origin(self) -> Mapping[str, Any]:
        """What is committed of it; never a key."""
        return {
            "choice": self.kind,
            "folder": str(self.folder.resolve()) if self.folder else "",
            "base_url": self.server.base_url if self.server else "",
            "model": self.server.model if self.server else "",
            "query_prefix": self.query_prefix,
            "passage_prefix": self.passage_prefix,
        }

    def begin(self) -> tuple[Embedding | None, Notice | None]:
        """Make it, or say why words alone are searched. Raises ConfigurationError where a folder holds no model."""
        try:
            made = self.make()
        except EndpointError as error:
            return None, by_words_until(error)
        if made is not None:
            return made, None
        return None, WORDS_CHOSEN if self.kind == "none" else NO_PACKAGED

    def make(self) -> Embedding | None:
        """Make it, None for words alone and where the packaged one does not run.

        Takes 0.3 s (`embedded`), 12 s (`folder`), or one call. Raises ConfigurationError, EndpointError.
        """
        if self.kind == "folder" and self.folder is not None:
            return SentenceTransformersEmbedding(self.folder, self.query_prefix, self.passage_prefix)
        if self.kind == "endpoint" and self.server is not None:
            return EndpointEmbedding(self.server)
        if self.kind != "embedded":
            return None
        try:
            return EmbeddedE5()
        except (ImportError, OSError, RuntimeError):
            return None

    def former(self, served: Serving) -> Embedding | None:
        """Make the embedding that served before, None where it is not to be had, or is another one by now."""
        choice = self._at(served.origin)
        try:
            if choice.kind == "endpoint" and choice.server is not None:
                # Its server need not answer now: the vectors that are there say how long one is.
                made: Embedding | None = EndpointEmbedding(choice.server, int(served.origin.get("dimensions", 0)))
            else:
                made = choice.make()
        except AssistantError:
            return None
        return made if made is not None and made.name == served.embedding else None

    def _at(self, origin: Mapping[str, Any]) -> "EmbeddingChoice":
        """Return the choice of an origin; a server is asked with the present key, and only at its present address."""
        query, passage = str(origin.get("query_prefix", "")), str(origin.get("passage_prefix", ""))
        server = None
        if self.server is not None and self.server.base_url == origin.get("base_url"):
            model = str(origin.get("model", ""))
            server = replace(self.server, model=model, query_prefix=query, passage_prefix=passage)
        folder = Path(origin["folder"]) if origin.get("folder") else None
        return EmbeddingChoice(origin.get("choice", "none"), folder, server, query, passage)
