"""Keeps the vectors of texts in a file, by model and kind of text, so that no text is embedded twice over all runs."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

# Vectors embedded between two writings of the file: what a stop costs.
_AT_A_TIME = 128
# Length of the noise on a vector of length 1.
_NOISE = 0.2


class KeptVectors:
    """The vectors of one model for one kind of text: float32, one row a text."""

    def __init__(self, folder: Path, model: str, embed: "Callable[[list[str]], Matrix]") -> None:
        """Read what is kept below `folder` for `model`; `embed` is asked for the rest."""
        import numpy

        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._embed = folder / f"{model}.npz", embed
        self._known: dict[str, Matrix] = {}
        if self._path.exists():
            with numpy.load(self._path) as kept:
                self._known = dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))

    def of(self, texts: list[str]) -> "Matrix":
        """Return the vectors of the texts, embedding and keeping those that are not kept yet."""
        import numpy

        names = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = {name: text for name, text in zip(names, texts, strict=True) if name not in self._known}
        for start in range(0, len(missing), _AT_A_TIME):
            some = dict(list(missing.items())[start : start + _AT_A_TIME])
            self._known.update(zip(some, self._embed(list(some.values())), strict=True))
            self._write()
        return numpy.array([self._known[name] for name in names], dtype=numpy.float32)

    def _write(self) -> None:
        """Replace the file as a whole, so that a stop leaves the former one."""
        import numpy

        fresh = self._path.with_suffix(".new.npz")
        numpy.savez(fresh, names=numpy.array(list(self._known)), vectors=numpy.array(list(self._known.values())))
        fresh.replace(self._path)


def repeated(vectors: "Matrix", rows: int) -> "Matrix":
    """Return so many rows: the vectors again and again, all but the first time with small noise (cosine to the original 0.98)."""
    import numpy

    chance = numpy.random.default_rng(7)
    count, dimensions = vectors.shape
    found = numpy.resize(vectors, (rows, dimensions)).astype(numpy.float32)
    noise = chance.standard_normal((max(0, rows - count), dimensions), dtype=numpy.float32)
    found[count:] += noise * (_NOISE / dimensions**0.5)
    found /= numpy.linalg.norm(found, axis=1, keepdims=True)
    return found
