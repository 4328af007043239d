"""A line for each turn that ends: which, of which stage, through which door, how it ended and how long it took; of whom, as a mark."""

import hashlib
import hmac
import logging
import secrets

from chains.observing import CallTold, TurnTold
from channels.watching.lines import TURNS
from records.turns import AdoptionKind

_log = logging.getLogger(TURNS)


# One for the whole process, so that all lines of it agree.
_DRAWN_KEY = secrets.token_bytes(32)


class PersonMarks:
    """Turns a person's id into a mark that is the same in every line and tells nothing: made with a key, so that no list of people
    can be tried against it. Without a key of the settings the mark changes at each start.
    """

    def __init__(self, key: str | None = None) -> None:
        self._key = key.encode() if key else _DRAWN_KEY

    def __call__(self, person_id: str) -> str:
        """Return the mark of a person; nothing for nobody."""
        return hmac.new(self._key, person_id.encode(), hashlib.sha256).hexdigest()[:12] if person_id else ""


class TurnLog:
    """Writes the lines."""

    def __init__(self, marks: PersonMarks) -> None:
        self._marks = marks

    def turn_began(self) -> None:
        """Write nothing: the end says it all."""

    def turn_ended(self, turn: TurnTold) -> None:
        """Write the line of a turn."""
        told = {"turn": turn.id, "failure": turn.failure_id, "person": self._marks(turn.person), "door": turn.door}
        told |= {"stage": turn.stage, "outcome": turn.outcome}
        numbers = {
            "seconds": round(turn.seconds, 3),
            "first_token_seconds": turn.first_token_seconds and round(turn.first_token_seconds, 3),
        }
        _log.info("turn ended", extra={**told, **numbers, "tokens": turn.tokens})

    def called(self, call: CallTold) -> None:
        """Write nothing: the endpoint's own module warns of faults."""

    def adopted(self, stage: str, kind: AdoptionKind) -> None:
        """Write nothing."""
