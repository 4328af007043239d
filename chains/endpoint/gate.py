"""The gate to the endpoint: so many turns and calls at a time, fair between people, a line in front, and "busy" where it is full."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import Protocol, cast

from chains.endpoint import sentences as say
from chains.endpoint.asking import Abilities, Ask, Endpoint, Piece, Reply
from chains.endpoint.line import Line, LineFull, Ticket

# A place is told anew this often at most.
_LOOK_SECONDS = 1.0
_FIRST_GUESS_SECONDS = 20.0
_SHORTEST_WAIT, _LONGEST_WAIT = 5, 300


@dataclass(frozen=True)
class GateOptions:
    """At most `calls` at a time, `calls_per_person` of them for one person; as many turns, and `waiting` turns in front."""

    calls: int = 32
    calls_per_person: int = 32
    waiting: int = 100


class SharedSlots(Protocol):
    """What replicas share out among them: a call holds one of these while it is made."""

    def held(self) -> AbstractAsyncContextManager[None]:
        """Hold one until the block ends; waits for it."""
        ...


class Gate:
    """Where turns and calls come in. A turn asks for its calls only once it is inside itself, and no call waits for another call of
    its turn, so that nothing waits in a circle.
    """

    def __init__(self, options: GateOptions | None = None, shared: SharedSlots | None = None) -> None:
        chosen = options or GateOptions()
        self._most = chosen.calls
        self._turns = Line(chosen.calls, chosen.calls_per_person, chosen.waiting)
        self._calls = Line(chosen.calls, chosen.calls_per_person)
        self._shared = shared
        self._turn_seconds = _FIRST_GUESS_SECONDS
        self.shed = 0

    @property
    def waiting(self) -> int:
        """How many turns wait."""
        return self._turns.waiting

    @property
    def turns(self) -> int:
        """How many turns are inside."""
        return self._turns.inside

    @property
    def calls(self) -> int:
        """How many calls are made at this moment."""
        return self._calls.inside

    @contextmanager
    def turn(self, person: str) -> Iterator["TurnInLine"]:
        """Hold a turn's place until the block ends. Raises EndpointBusy, at once, where too many wait."""
        try:
            ticket = self._turns.enter(person)
        except LineFull as full:
            self.shed += 1
            raise self.busy() from full
        turn = TurnInLine(self, self._turns, ticket)
        try:
            yield turn
        finally:
            self._turns.leave(ticket)
            if turn.began:
                self._turn_seconds += 0.1 * (monotonic() - turn.began - self._turn_seconds)

    @asynccontextmanager
    async def call(self, person: str) -> AsyncIterator[None]:
        """Hold a call's place until the block ends; waits for it."""
        ticket = self._calls.enter(person)
        try:
            await ticket.moved.wait()
            async with self._shared.held() if self._shared is not None else nullcontext():
                yield
        finally:
            self._calls.leave(ticket)

    def endpoint_for(self, person: str, endpoint: Endpoint) -> Endpoint:
        """Return the endpoint as this person may ask it."""
        return GatedEndpoint(self, person, endpoint)

    def busy(self) -> Exception:
        """Return the error that tells somebody to come back when about so many turns have ended."""
        seconds = self._turn_seconds * (self.waiting + 1) / self._most
        rounded = 5 * -(-max(_SHORTEST_WAIT, min(_LONGEST_WAIT, seconds)) // 5)
        return say.overloaded(round(rounded), f"{self.turns} turns are answered and {self.waiting} wait")


class TurnInLine:
    """A turn before the gate and inside it; `began` is when it came in (0 before)."""

    def __init__(self, gate: Gate, line: Line, ticket: Ticket) -> None:
        self._gate, self._line, self._ticket = gate, line, ticket
        self.began = monotonic() if ticket.inside else 0.0

    @property
    def before(self) -> int | None:
        """How many turns come in before this one; None for one that is inside."""
        return None if self._ticket.inside else self._line.before(self._ticket)

    async def places(self) -> AsyncGenerator[int, None]:
        """Yield how many turns come in before this one, whenever that changed, until it is inside.

        Raises EndpointBusy where it is turned away for somebody who has fewer turns here.
        """
        told: int | None = None
        while (before := self.before) is not None:
            if self._ticket.turned_away:
                self._gate.shed += 1
                raise self._gate.busy()
            if before != told:
                told = before
                yield before
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._ticket.moved.wait()
            except TimeoutError:
                continue
        self.began = self.began or monotonic()


class GatedEndpoint:
    """The endpoint as one person asks it: every call passes the gate."""

    def __init__(self, gate: Gate, person: str, endpoint: Endpoint) -> None:
        self._gate, self._person, self._endpoint = gate, person, endpoint

    async def abilities(self) -> Abilities:
        """Return what the endpoint can do. Raises EndpointError."""
        return await self._endpoint.abilities()

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece | Reply, None]:
        """Yield the reply in pieces and a `Reply` last, once the gate lets the call in. Raises EndpointError."""
        async with self._gate.call(self._person):
            reply = cast("AsyncGenerator[Piece | Reply, None]", self._endpoint.stream(ask))
            async with aclosing(reply) as events:
                async for event in events:
                    yield event

    async def close(self) -> None:
        """Leave the endpoint open: it is everybody's."""
