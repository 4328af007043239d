"""Who may begin a turn now: how often one person asks, and how many turns there are at a time."""

from dataclasses import dataclass
from typing import get_args

from chains.endpoint.gate import Gate, GateOptions
from chains.endpoint.sharing import LeasedSlots
from chains.sentences import say
from errors import AskedTooOften, Language
from records.database import Database
from records.leases import Leases
from records.limits import Limit, Limits

_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True)
class Allowance:
    """How many turns one person may begin; 0 is without limit."""

    turns_a_minute: int = 0
    turns_an_hour: int = 0


class Admission:
    """The gate, and what each person is allowed; without limits everybody may ask as often as they like."""

    def __init__(
        self,
        gate: Gate | None = None,
        limits: Limits | None = None,
        allowance: Allowance | None = None,
        shared: LeasedSlots | None = None,
    ) -> None:
        self.gate = gate or Gate()
        self._limits = limits
        self._shared = shared
        self._allowance = allowance or Allowance()

    async def count(self, person: str) -> None:
        """Count one more turn of a person's. Raises AskedTooOften where they have begun too many, RecordsError."""
        allowed = ((self._allowance.turns_a_minute, _MINUTE), (self._allowance.turns_an_hour, _HOUR))
        asked = [Limit(f"turns/{seconds:.0f}/{person}", most, seconds) for most, seconds in allowed if most]
        if self._limits is None or not asked:
            return
        taken = await self._limits.take_all(*asked)
        if not taken.allowed:
            seconds = max(1, round(taken.retry_after + 0.5))
            told = (say("too-often", language, seconds=seconds) for language in get_args(Language))
            raise AskedTooOften(*told, detail=f"more turns than {self._allowance}", retry_after=seconds)

    async def close(self) -> None:
        """End what runs behind the gate."""
        if self._shared is not None:
            await self._shared.close()


def admission_of(
    database: Database, options: GateOptions, allowance: Allowance | None = None, *, calls_of_replicas: int = 0
) -> Admission:
    """Return the admission of one replica; with `calls_of_replicas` so many calls are shared out among all, in PostgreSQL."""
    shared = None
    if calls_of_replicas and not database.is_sqlite:
        shared = LeasedSlots(Leases(database, "endpoint", calls_of_replicas))
    return Admission(Gate(options, shared), Limits(database), allowance, shared)
