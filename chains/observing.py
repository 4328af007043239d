"""Tells observers of turns, calls to the endpoint and adoption, as they were put on record: no text, no prompt, no key among it.

It hooks in at two places, the ledger that all records go through and the endpoint that all calls go through, so that every door
and every kind of work is seen alike. The turn that a call belongs to is found by the context it is made in.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from chains.endpoint.asking import Abilities, Ask, Endpoint, Piece, Reply
from errors import AssistantError
from records.turns import Adoption, AdoptionKind, Ending, TurnEnd, TurnStart

_log = logging.getLogger("stagecraft.observing")
_Told = Callable[["Observer"], None]


@dataclass(frozen=True)
class CallTold:
    """One call to the endpoint: what for, how it ended, and when (seconds, `began` since the epoch).

    `fault` is `none`, `cancelled`, `bug` or the kind of AssistantError, such as `EndpointBusy`.
    """

    name: str
    fault: str
    began: float
    seconds: float
    first_token_seconds: float | None
    tokens: int


@dataclass(frozen=True)
class StepTold:
    """A step of a turn and how many seconds it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class TurnTold:
    """A turn that has ended, without a word of what was asked or answered; `began` is in seconds since the epoch."""

    id: str
    stage: str
    door: str
    person: str
    language: str
    model: str
    outcome: Ending
    began: float
    seconds: float
    first_token_seconds: float | None
    tokens: dict[str, int]
    severities: tuple[str, ...]
    mends: int
    steps: tuple[StepTold, ...]
    calls: tuple[CallTold, ...]
    failure_id: str


class Observer(Protocol):
    """Told in the loop, after the fact: it must not wait. What it raises is logged and costs nobody an answer."""

    def turn_began(self) -> None:
        """A turn is under way."""
        ...

    def turn_ended(self, turn: TurnTold) -> None:
        """A turn has ended."""
        ...

    def called(self, call: CallTold) -> None:
        """A call to the endpoint has ended, of a turn or of the finding out."""
        ...

    def adopted(self, stage: str, kind: AdoptionKind) -> None:
        """Something of a stage was taken, edited or refused."""
        ...


@dataclass
class _OpenTurn:
    """A turn under way; seconds are those of `perf_counter`."""

    start: TurnStart
    began: float = field(default_factory=time.time)
    since: float = field(default_factory=time.perf_counter)
    first_token: float | None = None
    calls: list[CallTold] = field(default_factory=list)
    has_ended: bool = False


_turn: ContextVar[_OpenTurn | None] = ContextVar("stagecraft_turn", default=None)


class Observing:
    """Watches the ledger (see records.watcher) and calls, and passes on what they tell."""

    def __init__(self, observers: Sequence[Observer] = ()) -> None:
        self._observers = tuple(observers)
        self._open: dict[str, _OpenTurn] = {}

    def began(self, turn_id: str, start: TurnStart) -> None:
        """Remember the turn until it ends, here and for the calls that are made in this context."""
        self._open[turn_id] = turn = _OpenTurn(start)
        _turn.set(turn)
        self._tell(lambda observer: observer.turn_began())

    def ended(self, turn_id: str, end: TurnEnd) -> None:
        """Tell of the turn; one that this process did not begin is not its to count."""
        turn = self._open.pop(turn_id, None)
        if turn is not None:
            turn.has_ended = True
            told = _told(turn_id, turn, end)
            self._tell(lambda observer: observer.turn_ended(told))

    def adopted(self, stage: str, adoption: Adoption) -> None:
        """Tell of the adoption; what was brought in with an archive was said elsewhere, and once already."""
        if adoption.reason != "imported":
            self._tell(lambda observer: observer.adopted(stage, adoption.kind))

    def called(self, call: CallTold) -> None:
        """Tell of a call."""
        self._tell(lambda observer: observer.called(call))

    def _tell(self, tell: _Told) -> None:
        for observer in self._observers:
            try:
                tell(observer)
            except Exception:  # noqa: BLE001 - what watches an answer must never cost it
                _log.exception("an observer failed")


class ObservedEndpoint:
    """An endpoint whose calls are told of; it asks the one that it is made with."""

    def __init__(self, endpoint: Endpoint, observing: Observing) -> None:
        self._endpoint = endpoint
        self._observing = observing

    async def abilities(self) -> Abilities:
        """Return what the endpoint can do. Raises as it does."""
        return await self._endpoint.abilities()

    async def stream(self, ask: Ask) -> AsyncIterator[Piece | Reply]:
        """Yield the reply as the endpoint gives it, and tell of the call when it has ended. Raises as the endpoint does."""
        turn = _turn.get()
        call = _Call(ask.schema_name, turn if turn is not None and not turn.has_ended else None)
        with self._told(call):
            async with aclosing(cast("Any", self._endpoint.stream(ask))) as events:
                async for event in events:
                    call.arrived(event)
                    yield event

    async def close(self) -> None:
        """Close the endpoint."""
        await self._endpoint.close()

    @contextmanager
    def _told(self, call: "_Call") -> Iterator[None]:
        """Tell of a call however it ends."""
        try:
            yield
        except AssistantError as error:
            call.fault = type(error).__name__
            raise
        except Exception:
            call.fault = "bug"
            raise
        except BaseException:
            call.fault = call.fault if call.is_whole else "cancelled"
            raise
        finally:
            told = call.end()
            if call.turn is not None:
                call.turn.calls.append(told)
            self._observing.called(told)


class _Call:
    """One call while it runs."""

    def __init__(self, name: str, turn: _OpenTurn | None) -> None:
        self.turn = turn
        self.fault = "none"
        self.is_whole = False
        self._name = name
        self._began, self._since = time.time(), time.perf_counter()
        self._first: float | None = None
        self._tokens = 0

    def arrived(self, event: Piece | Reply) -> None:
        """Note the first token, of the call and of its turn, and what the end says of the cost."""
        now = time.perf_counter()
        if self._first is None:
            self._first = now - self._since
            if self.turn is not None and self.turn.first_token is None:
                self.turn.first_token = now - self.turn.since
        if isinstance(event, Reply):
            self.is_whole, self._tokens = True, event.completion_tokens

    def end(self) -> CallTold:
        """Return what there is to tell."""
        return CallTold(self._name, self.fault, self._began, time.perf_counter() - self._since, self._first, self._tokens)


def _told(turn_id: str, turn: _OpenTurn, end: TurnEnd) -> TurnTold:
    start = turn.start
    return TurnTold(
        id=turn_id,
        stage=start.stage,
        door=start.channel,
        person=start.asker,
        language=start.language,
        model=end.model or start.model,
        outcome=end.outcome,
        began=turn.began,
        seconds=end.seconds if end.seconds is not None else time.perf_counter() - turn.since,
        first_token_seconds=turn.first_token,
        tokens=dict(end.tokens),
        severities=tuple(str(finding["severity"]) for finding in end.findings),
        mends=len(end.mends),
        steps=tuple(StepTold(str(step["name"]), float(step["seconds"])) for step in end.steps),
        calls=tuple(turn.calls),
        failure_id=end.failure_id or "",
    )
