"""So many at a time, so many of them for one person, and a line in front: whose turn it is goes round among those who wait."""

import asyncio
from collections import Counter, deque
from dataclasses import dataclass, field


class LineFull(Exception):
    """Nobody else may wait."""


@dataclass(eq=False)
class Ticket:
    """A place in the line, and then inside; `moved` is set when it comes in, or is turned away for somebody who waits for less."""

    key: str
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    inside: bool = False
    turned_away: bool = False


class Line:
    """At most `most` are inside, at most `most_each` with one key, and at most `most_waiting` in front (None: without end).

    Who is let in next goes round among the keys that wait, so that thirty tickets of one person hold nobody else up. Where the line
    is full, the last ticket of the longest wait makes room for somebody who has fewer.
    """

    def __init__(self, most: int, most_each: int, most_waiting: int | None = None) -> None:
        self._most, self._most_each, self._most_waiting = most, most_each, most_waiting
        # The order of the keys is the order in which they are let in.
        self._lines: dict[str, deque[Ticket]] = {}
        self._inside: Counter[str] = Counter()
        self.inside = 0
        self.waiting = 0

    def enter(self, key: str) -> Ticket:
        """Take a place, inside where there is one. Raises LineFull."""
        if self.inside == self._most or key in self._lines or self._inside[key] >= self._most_each:
            self._make_room(key)
        ticket = Ticket(key)
        self._lines.setdefault(key, deque()).append(ticket)
        self.waiting += 1
        self._let_in()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Give the place up, inside or in the line; the next one comes in."""
        if ticket.inside:
            ticket.inside = False
            self.inside -= 1
            self._inside[ticket.key] -= 1
            if not self._inside[ticket.key]:
                del self._inside[ticket.key]
        elif not ticket.turned_away:
            self._drop(ticket)
        self._let_in()

    def before(self, ticket: Ticket) -> int:
        """Return how many come in before this one, as far as the line stands now; 0 also for one that is inside."""
        if ticket.key not in self._lines or ticket.inside or ticket.turned_away:
            return 0
        own = self._lines[ticket.key].index(ticket)
        count, is_ahead = own, True
        for key, line in self._lines.items():
            if key == ticket.key:
                is_ahead = False
            else:
                count += min(len(line), own + is_ahead)
        return count

    def _make_room(self, key: str) -> None:
        """Raise LineFull where nobody may wait for this key, and turn another one away where somebody waits for more."""
        if self._most_waiting is None or self.waiting < self._most_waiting:
            return
        longest = max(self._lines.values(), key=len, default=deque[Ticket]())
        if len(longest) <= len(self._lines.get(key, ())) + 1:
            raise LineFull
        last = longest[-1]
        self._drop(last)
        last.turned_away = True
        last.moved.set()

    def _drop(self, ticket: Ticket) -> None:
        line = self._lines[ticket.key]
        line.remove(ticket)
        self.waiting -= 1
        if not line:
            del self._lines[ticket.key]

    def _let_in(self) -> None:
        """Let in who may come in."""
        while self.inside < self._most and (key := self._next()) is not None:
            line = self._lines.pop(key)
            ticket = line.popleft()
            if line:
                # At the end of the round.
                self._lines[key] = line
            self.waiting -= 1
            self.inside += 1
            self._inside[key] += 1
            ticket.inside = True
            ticket.moved.set()

    def _next(self) -> str | None:
        """Return the first key in the round that may have one more inside."""
        return next((key for key in self._lines if self._inside[key] < self._most_each), None)
