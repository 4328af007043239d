"""How far an ingest is, as one bar for reading and one for embedding, with counts and the time left."""

from types import TracebackType
from typing import Any, Self, TextIO

from tqdm import tqdm

from knowledge.intake.ingest import Progress

_TITLES = {"reading": "Reading files", "embedding": "Embedding passages"}
# A log keeps every state of a bar as a line of its own.
_LOG_SECONDS = 10.0


class Bars:
    """The bars on a stream; a new one begins where the work changes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._doing = ""
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def show(self, progress: Progress) -> None:
        """Show how far it is."""
        if progress.doing != self._doing:
            self.close()
            self._doing, self._bar = progress.doing, self._opened(progress)
        self._bar.total = progress.total
        self._bar.update(progress.done - self._bar.n)

    def _opened(self, progress: Progress) -> Any:
        every = 0.1 if self._stream.isatty() else _LOG_SECONDS
        title = _TITLES[progress.doing]
        return tqdm(total=progress.total, desc=title, file=self._stream, mininterval=every, dynamic_ncols=True, unit="")

    def close(self) -> None:
        """End the bar that is shown, so that text may follow."""
        if self._bar is not None:
            self._bar.close()
            self._bar, self._doing = None, ""
