"""How far an answer is, on standard error: one line that changes on a terminal, a line for each step in a log."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import click

from chains.events import DraftGrew, Event, StepDone, TextArrived, TurnBegan, TurnEnded, TurnWaits
from channels.elements.live import step_title, waiting
from channels.terminal.harmless import one_line
from channels.terminal.texts import TerminalTexts

_STEPS = frozenset({"gather", "plan", "outline", "items", "whole", "read", "check", "mend"})
_REDRAW_SECONDS = 0.1


class Progress(Protocol):
    """What is told every event of an answer."""

    def take(self, event: Event) -> None:
        """Show what the event says of the progress."""
        ...


@contextmanager
def progress_for(texts: TerminalTexts) -> Iterator[Progress]:
    """Yield what fits standard error, and leave a terminal's line empty behind."""
    if not sys.stderr.isatty():
        yield Lines(texts)
        return
    line = Line(texts)
    line.draw()
    try:
        yield line
    finally:
        line.clear()


class Lines:
    """A line for the turn, for every step, and for every item that is done."""

    def __init__(self, texts: TerminalTexts) -> None:
        self._texts = texts
        self._done = 0

    def take(self, event: Event) -> None:
        """Write the line of an event that has one."""
        match event:
            case TurnWaits():
                self._write(waiting(event, self._texts))
            case TurnBegan():
                self._write(self._texts("cli_turn", model=event.model, turn=event.turn_id))
            case StepDone():
                facts = "; ".join(event.lines)
                self._write(f"{step_title(event.name, self._texts)} ({event.seconds:.1f} s){': ' if facts else ''}{facts}")
            case DraftGrew() if event.done > self._done:
                self._done = event.done
                self._write(self._texts("cli_item", done=event.done, expected=event.expected))
            case TurnEnded():
                tokens = f"{event.tokens.get('prompt', 0)} + {event.tokens.get('completion', 0)}"
                self._write(self._texts("cli_ended", seconds=f"{event.seconds:.1f}", tokens=tokens))

    @staticmethod
    def _write(text: str) -> None:
        click.echo(one_line(text), err=True)


class Line:
    """The one line of a terminal: what is being done, and for how long."""

    def __init__(self, texts: TerminalTexts) -> None:
        self._texts = texts
        self._began = time.monotonic()
        self._drawn = 0.0
        self._doing = texts("doing_begin")

    def take(self, event: Event) -> None:
        """Take in what is being done, and draw it where it changed or time went by."""
        match event:
            case StepDone() if event.name in _STEPS:
                self._doing = self._texts(f"doing_{event.name}")
                self.draw()
            case DraftGrew() if event.done < event.expected:
                self._doing = self._texts("doing_item", number=event.done + 1, expected=event.expected)
                self._draw_seldom()
            case TextArrived():
                self._draw_seldom()
            case TurnWaits():
                self._doing = waiting(event, self._texts)
                self.draw()

    def draw(self) -> None:
        """Write the line anew."""
        self._drawn = time.monotonic()
        seconds = self._texts("seconds", seconds=round(self._drawn - self._began))
        click.echo(f"\r\x1b[2K{one_line(f'{self._doing} · {seconds}')}", err=True, nl=False)

    def clear(self) -> None:
        """Leave the line empty."""
        click.echo("\r\x1b[2K", err=True, nl=False)

    def _draw_seldom(self) -> None:
        if time.monotonic() - self._drawn >= _REDRAW_SECONDS:
            self.draw()
