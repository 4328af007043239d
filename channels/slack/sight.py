"""What may be seen where: in a direct message all that the person may read, in a channel what is open to everyone there."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from chains.events import Person
from channels.slack.api import SlackApi, SlackRefused
from channels.slack.people import Remembered, SlackPeople, is_guest
from records.slack_places import SlackPlaces

Json = dict[str, Any]
OPEN = frozenset({"everyone"})
# More members than this are not looked through one by one: such a channel sees what is open to everyone.
_MOST_MEMBERS = 300


@dataclass(frozen=True)
class Place:
    """A conversation as it stands now: `alone` where nobody but the person and the assistant reads, `group` what an admin opened
    to it, `workspace` the one that its artifacts belong to."""

    channel: str
    alone: bool
    group: str | None = None
    workspace: str | None = None

    def narrowed(self, person: Person) -> Person:
        """Return the person with no more groups than what they are shown here may rest on."""
        if self.alone:
            return person
        opened = {self.group} if self.group and self.group in person.groups else set()
        return replace(person, groups=OPEN | opened, alone=False)


class Sight:
    """Looks conversations up."""

    def __init__(self, api: SlackApi, people: SlackPeople, places: SlackPlaces, teams: Collection[str]) -> None:
        self._api = api
        self._people = people
        self._places = places
        self._teams = frozenset(teams)
        self._conversations: Remembered[Json] = Remembered()
        self._closed: Remembered[bool] = Remembered()

    async def place(self, channel: str) -> Place:
        """Return what a conversation is; one that Slack does not describe sees what is open to everyone."""
        found = await self._conversations.get(channel, lambda: self._look(channel))
        if found.get("is_im"):
            return Place(channel, alone=True)
        settled = await self._places.channel(channel)
        group = settled.group
        if group and (_is_shared(found) or not await self._closed.get(channel, lambda: self._among_ourselves(channel))):
            group = None
        return Place(channel, alone=False, group=group, workspace=settled.workspace)

    async def _look(self, channel: str) -> Json:
        try:
            return dict((await self._api.ask("conversations.info", channel=channel)).get("channel") or {})
        except SlackRefused:
            return {"is_shared": True}

    async def _among_ourselves(self, channel: str) -> bool:
        """Tell whether nobody in a channel is a guest or of another organisation; False where that cannot be told."""
        try:
            members = await self._members(channel)
            if members is None:
                return False
            for member in members:
                profile = await self._people.profile(member)
                ours = profile.get("is_bot") or str(profile.get("team_id") or "") in self._teams
                if is_guest(profile) or profile.get("is_stranger") or not ours:
                    return False
        except SlackRefused:
            return False
        return True

    async def _members(self, channel: str) -> list[str] | None:
        """Return who is in a channel; None where there are too many to look at."""
        members: list[str] = []
        cursor = ""
        while True:
            found = await self._api.ask("conversations.members", channel=channel, limit=200, cursor=cursor)
            members += [str(one) for one in found.get("members", [])]
            cursor = str((found.get("response_metadata") or {}).get("next_cursor") or "")
            if len(members) > _MOST_MEMBERS:
                return None
            if not cursor:
                return members


def _is_shared(conversation: Json) -> bool:
    """Tell whether another organisation reads along, or is invited to."""
    if conversation.get("is_shared") and not conversation.get("is_org_shared"):
        return True
    return any(conversation.get(name) for name in ("is_ext_shared", "is_pending_ext_shared", "pending_connected_team_ids"))
