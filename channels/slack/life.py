"""The life of the Slack door beside the page: opened after the house, closed before it."""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from channels import house
from channels.slack.options import SlackOptions

if TYPE_CHECKING:
    from channels.slack.door import SlackDoor


class SlackLife:
    """Holds the door while it is open; without options it stays shut, and nothing of Slack is loaded."""

    def __init__(self, options: SlackOptions | None) -> None:
        self._options = options
        self._door: SlackDoor | None = None

    def door(self) -> "SlackDoor | None":
        """Return the door, or None while it is shut."""
        return self._door

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Open the door over the house that is open by then."""
        if self._options is None:
            yield
            return
        self._door = _door_of(self._options)
        await self._door.start()
        try:
            yield
        finally:
            door, self._door = self._door, None
            await door.stop()


def _door_of(options: SlackOptions) -> "SlackDoor":
    """Return the door over the parts of the house."""
    from channels.slack.directory import SignedInPeople
    from channels.slack.door import House, SlackDoor
    from channels.slack.resting import Resting

    opened = house.opened()
    assert opened.curation is not None, "Slack is opened over a whole house"
    resting = Resting(opened.database, opened.curation.knowledge)
    return SlackDoor(options, House(opened.database, lambda: house.opened().assistant, SignedInPeople(opened.database), resting))
