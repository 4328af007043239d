"""What an operator chooses for the doors that keys open."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class ApiOptions:
    """How many days a new key is valid, and how many calls a key may make a minute."""

    key_days: int = 180
    calls_a_minute: int = 120

    @property
    def key_lifetime(self) -> timedelta:
        """How long a new key is valid."""
        return timedelta(days=self.key_days)
