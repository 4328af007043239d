"""BM25 over the words of passages, kept as numbers so that a hundred thousand passages fit and are rebuilt in seconds."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Numbers = NDArray[np.int32]

# The library's own defaults.
_K1, _B = 1.5, 0.75


class WordIndex:
    """Scores rows; row n is the n-th text.

    `vocabulary` gives every word its number and may grow later; `numbers` are the words of all texts one after the other,
    `lengths` says how many of them each text has.
    """

    def __init__(self, vocabulary: Mapping[str, int], numbers: "Numbers", lengths: "Numbers") -> None:
        import bm25s
        import numpy

        self._vocabulary, self._size = vocabulary, len(lengths)
        words, rows, counts = _counted(numbers, lengths)
        self._seen = numpy.bincount(words, minlength=1)
        idf = numpy.log(1 + (self._size - self._seen + 0.5) / (self._seen + 0.5)).astype(numpy.float32)
        average = max(float(lengths.mean()), 1.0) if self._size else 1.0
        fullness = (_K1 * (1 - _B + _B * lengths / average)).astype(numpy.float32)
        # The library fills this matrix text by text in Python: 17 s for what takes 2 s at once.
        self._bm25: Any = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        self._bm25.nonoccurrence_array = None
        self._bm25.scores = {
            "data": idf[words] * (counts / (counts + fullness[rows])),
            "indices": rows,
            "indptr": numpy.concatenate([[0], numpy.cumsum(self._seen)]),
            "num_docs": self._size,
        }

    def scores(self, asked: list[str]) -> "Floats":
        """Return the BM25 score of every row."""
        import numpy

        known = [number for number in map(self._number, asked) if number >= 0]
        if not known:
            return numpy.zeros(self._size, dtype=numpy.float32)
        found: Floats = self._bm25.get_scores_from_ids(known)
        return found

    def weight(self, asked: list[str]) -> float:
        """Return the total idf of the asked words: the score of a row that says everything that was asked."""
        seen = [int(self._seen[number]) if number >= 0 else 0 for number in map(self._number, set(asked))]
        return sum(math.log(1 + (self._size + 0.5) / (count + 0.5)) for count in seen)

    def _number(self, word: str) -> int:
        """Return the number of a word, -1 where no row has it."""
        number = self._vocabulary.get(word, -1)
        return number if number < len(self._seen) and number >= 0 and self._seen[number] else -1


def _counted(numbers: "Numbers", lengths: "Numbers") -> "tuple[Numbers, Numbers, Floats]":
    """Return each pair of word and row once, sorted by word, with how often the row says the word."""
    import numpy

    size = max(len(lengths), 1)
    # One number a pair: sorting them all at once is what makes this quick.
    pairs = numbers.astype(numpy.int64) * size
    pairs += numpy.repeat(numpy.arange(len(lengths), dtype=numpy.int64), lengths)
    pairs.sort()
    first = numpy.flatnonzero(numpy.concatenate([[True], pairs[1:] != pairs[:-1]])) if len(pairs) else pairs
    counts = numpy.diff(numpy.append(first, len(pairs))).astype(numpy.float32)
    pairs = pairs[first]
    words = pairs // size
    pairs -= words * size
    return words.astype(numpy.int32), pairs.astype(numpy.int32), counts
