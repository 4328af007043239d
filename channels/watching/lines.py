"""How a log line reads: one JSON object, or one text for a terminal; the same facts in both, and nothing that anybody wrote."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Literal

from channels.watching.masking import Masking

if TYPE_CHECKING:
    from settings import Settings

ACCESS, TURNS = "stagecraft.access", "stagecraft.turns"
# What a line may carry beside its message; anything else that a caller adds is left out.
FIELDS = (
    "turn", "failure", "person", "door", "stage", "outcome", "method", "route", "status", "seconds", "first_token_seconds", "tokens",
)  # fmt: skip
_CHECKOUT = f"{Path(__file__).resolve().parents[2]}/"
_MOST_FRAMES, _MOST_CAUSES = 12, 4
Told = dict[str, Any]


@dataclass(frozen=True)
class LogOptions:
    """How lines are written: their form, whether each request and turn has one (`info`), and the words that are masked."""

    format: Literal["json", "text"] = "text"
    level: Literal["info", "warning"] = "warning"
    person_key: str | None = field(default=None, repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)


def log_options(settings: "Settings") -> LogOptions:
    """Return how the settings want lines written."""
    chosen = settings.logs
    key = chosen.person_key.get_secret_value() if chosen.person_key else None
    return LogOptions(chosen.format, chosen.level, key, settings.hidden())


class Lines(logging.Formatter):
    """Writes a record as one line; an exception as its kinds and places, and at most the first line of its text, masked."""

    def __init__(self, options: LogOptions) -> None:
        super().__init__()
        self._write = _as_json if options.format == "json" else _as_text
        self._masked = Masking(options.hidden)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        told: Told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "process": record.process,
            "logger": record.name,
            "message": self._masked(record.getMessage()),
        }
        told |= {name: self._field(value) for name in FIELDS if (value := getattr(record, name, None)) not in (None, "")}
        if record.exc_info and record.exc_info[1] is not None:
            told["error"] = [self._error(error) for error in _causes(record.exc_info[1])]
        return self._write(told)

    def _field(self, value: Any) -> Any:
        return self._masked(value) if isinstance(value, str) else value

    def _error(self, error: BaseException) -> Told:
        frames = [
            f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(error.__traceback__)
        ]
        return {"type": type(error).__name__, "text": self._masked(str(error)), "at": frames[-_MOST_FRAMES:]}


@contextmanager
def on_standard_error(options: LogOptions) -> Iterator[None]:
    """Write lines of warnings and errors, and of requests and turns where that is chosen, until the block ends.

    A server that starts another way than by our command has a log of its own, with the addresses that people asked for: its
    lines come here, and those of its requests nowhere. Within another such block this one does nothing.
    """
    root = logging.getLogger()
    if any(isinstance(there.formatter, Lines) and isinstance(there, logging.StreamHandler) for there in root.handlers):
        yield
        return
    screen = logging.StreamHandler(sys.stderr)
    screen.setFormatter(Lines(options))
    screen.addFilter(_may_pass)
    root.addHandler(screen)
    told = [logging.getLogger(name) for name in (ACCESS, TURNS)]
    levels = [logger.level for logger in told]
    for logger in told:
        logger.setLevel(logging.INFO if options.level == "info" else logging.WARNING)
    try:
        with _server_lines_here():
            yield
    finally:
        root.removeHandler(screen)
        for logger, level in zip(told, levels, strict=True):
            logger.setLevel(level)


@contextmanager
def _server_lines_here() -> Iterator[None]:
    """Have the server's own loggers write nothing by themselves, and nothing at all of requests."""
    loggers = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error", "uvicorn.access")]
    before = [(logger, logger.handlers[:], logger.propagate) for logger in loggers]
    for logger in loggers:
        is_access = logger.name == "uvicorn.access"
        logger.handlers[:] = [logging.NullHandler()] if is_access else []
        logger.propagate = not is_access
    try:
        yield
    finally:
        for logger, handlers, propagate in before:
            logger.handlers[:] = handlers
            logger.propagate = propagate


def _may_pass(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or record.name in (ACCESS, TURNS)


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error and what it came from, outermost first."""
    found: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None and len(found) < _MOST_CAUSES:
        found.append(seen)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return found


def _short(path: str) -> str:
    """Return a file's path below the checkout or the packages."""
    return path.rpartition("site-packages/")[2].removeprefix(_CHECKOUT)


def _as_json(told: Told) -> str:
    return json.dumps(told, ensure_ascii=False, default=str)


def _as_text(told: Told) -> str:
    head = "{time} {level} {process} {logger}: {message}".format(**told)
    line = " ".join([head, *(f"{name}={told[name]}" for name in FIELDS if name in told)])
    errors = [
        part
        for error in told.get("error", ())
        for part in (f"  {error['type']}: {error['text']}", *(f"    {at}" for at in error["at"]))
    ]
    return "\n".join([line, *errors])
