"""Reads the best candidates once more, question and passage together, with a cross-encoder from a local folder."""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from errors import ConfigurationError

# Candidates that are read at most, and how many between two looks at the clock.
MOST_READ = 20
_AT_A_TIME = 4


class Reranker(Protocol):
    """Puts candidates into a better order; it sees no candidate that the asker may not read. Blocks: run it in a thread."""

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the numbers of the texts, best first, each once."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder, on the processor, within a budget of seconds."""

    def __init__(self, folder: Path, seconds: float) -> None:
        """Load the model. Raises ConfigurationError where the folder holds none, or one that would run code of its own."""
        if not folder.is_dir() or not list(folder.rglob("*.safetensors")):
            raise ConfigurationError(f"{folder} holds no reranking model: no *.safetensors file was found in it.")
        # Read by the Hugging Face libraries at import: nothing may be looked up outside the house.
        os.environ["HF_HUB_OFFLINE"] = "1"  # noqa: TID251
        try:
            from safetensors import SafetensorError
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise ConfigurationError(
                "Reranking from a folder needs the extra: pip install 'stagecraft[local-models]'."
            ) from error
        try:
            self._model = CrossEncoder(
                str(folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,
                num_labels=1,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, ImportError, RuntimeError, SafetensorError) as error:
            raise ConfigurationError(f"The reranking model in {folder} cannot be loaded: {error}") from error
        self._seconds = seconds
        self._lock = threading.Lock()

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the numbers of the texts, best first; those that the time did not reach keep their places behind."""
        until = time.monotonic() + self._seconds
        read: list[tuple[float, int]] = []
        with self._lock:
            for start in range(0, min(len(texts), MOST_READ), _AT_A_TIME):
                if time.monotonic() >= until:
                    break
                some = range(start, min(start + _AT_A_TIME, len(texts), MOST_READ))
                scores = self._model.predict([(question, texts[number]) for number in some], show_progress_bar=False)
                read += zip((-float(score) for score in scores), some, strict=True)
        return [number for _, number in sorted(read)] + list(range(len(read), len(texts)))
