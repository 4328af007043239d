"""Where the terminal's commands keep what an operator needs to know: a log below the data folder, never the screen."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from channels.watching.lines import Lines, LogOptions


class HouseLog(logging.Handler):
    """Opens `logs/stagecraft.log` at its first line: where the data folder lies is known only once the settings are read."""

    def __init__(self, data_dir: Callable[[], Path], options: Callable[[], LogOptions]) -> None:
        super().__init__(logging.WARNING)
        self._data_dir = data_dir
        self._options = options
        self._file: logging.FileHandler | None = None
        self.is_lost = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; what cannot be written makes the log lost, never the command."""
        try:
            if self._file is None:
                self._file = _opened(self._data_dir(), self._options())
            self._file.emit(record)
        except OSError:
            self.is_lost = True

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        super().close()


@contextmanager
def logged(data_dir: Callable[[], Path], options: Callable[[], LogOptions] = LogOptions) -> Iterator[HouseLog]:
    """Keep warnings and errors of everything that runs within in the house's log, and off the screen."""
    log = HouseLog(data_dir, options)
    root = logging.getLogger()
    root.addHandler(log)
    try:
        yield log
    finally:
        root.removeHandler(log)
        log.close()


def _opened(data_dir: Path, options: LogOptions) -> logging.FileHandler:
    """Open the log for appending; the folders are closed to other users of the machine."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = data_dir / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    file = logging.FileHandler(folder / "stagecraft.log", encoding="utf-8", errors="backslashreplace")
    file.setFormatter(Lines(options))
    return file
