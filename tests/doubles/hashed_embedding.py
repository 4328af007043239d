"""An embedding of hashed words: quick, repeatable, and near where words are shared."""

import hashlib
import threading

import numpy as np
from numpy.typing import NDArray

from formats.language import words


class HashedEmbedding:
    """Puts every word at a place of its own; counts what it was asked for."""

    def __init__(self, dimensions: int = 64, *, name: str = "hashed-words", fail_after: int | None = None) -> None:
        self.name, self.dimensions = name, dimensions
        self.passages_made = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self._fail_after = fail_after

    def passages(self, texts: list[str]) -> NDArray[np.float32]:
        self.may_go_on.wait(10)
        if self._fail_after is not None and self.passages_made >= self._fail_after:
            raise RuntimeError("the power went")
        self.passages_made += len(texts)
        return self.queries(texts)

    def queries(self, texts: list[str]) -> NDArray[np.float32]:
        matrix = np.full((len(texts), self.dimensions), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                matrix[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimensions] += 1
        found: NDArray[np.float32] = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        return found
