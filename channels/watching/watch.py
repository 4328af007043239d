"""Everything that watches one house, put together: its observers, its readiness, and what the routes for an operator work with."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chains.observing import Observing
from channels.watching.house import WatchedHouse
from channels.watching.lines import log_options
from channels.watching.metrics import Metrics
from channels.watching.readiness import Readiness
from channels.watching.tracing import Tracing
from channels.watching.turns import PersonMarks, TurnLog

if TYPE_CHECKING:
    from settings import Settings


@dataclass(frozen=True)
class MetricsGuard:
    """Which other machines may read the metrics: those of these networks, or whoever sends the token."""

    allowed_networks: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Watch:
    """What the routes tell from; opened with the house."""

    metrics: Metrics
    readiness: Readiness
    guard: MetricsGuard = MetricsGuard()


class Watchers:
    """Who is told what happens, from before the house opens until after it has closed."""

    def __init__(self, settings: "Settings") -> None:
        collector, chosen = settings.tracing.endpoint, settings.metrics
        token = chosen.token.get_secret_value() if chosen.token else None
        self._guard = MetricsGuard(tuple(map(str, chosen.allowed_networks)), token)
        self._house: WatchedHouse | None = None
        self._metrics = Metrics(lambda: self._house)
        self._tracing = Tracing(collector) if collector is not None else None
        lines = TurnLog(PersonMarks(log_options(settings).person_key))
        self.observing = Observing([self._metrics, lines, *([self._tracing] if self._tracing is not None else [])])

    def watch(self, house: WatchedHouse) -> Watch:
        """Return what the routes tell from, of a house that is open now."""
        self._house = house
        return Watch(self._metrics, Readiness(house), self._guard)

    async def close(self) -> None:
        """Send the last spans."""
        if self._tracing is not None:
            await asyncio.to_thread(self._tracing.close)
