"""Who somebody in Slack is: the person of the directory with the same verified e-mail, or a polite no."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

from chains.events import Person
from channels.slack.api import SlackApi, SlackRefused
from errors import Language

Json = dict[str, Any]
Reason = Literal["guest", "foreign", "bot", "no_email", "unknown", "unavailable"]
# A person who is deactivated in Slack, or becomes a guest, is known as such after a minute at most.
_REMEMBERED_SECONDS = 60.0
_MOST_REMEMBERED = 2000
_Found = TypeVar("_Found")


class Directory(Protocol):
    """Finds a person of the directory by their verified e-mail, once they have signed in to the page."""

    async def by_email(self, email: str) -> Person | None:
        """Return the person; None where there is none, or they may not come in any more."""
        ...


class Remembered(Generic[_Found]):
    """What was looked up, for a short time; never for ever."""

    def __init__(self, seconds: float = _REMEMBERED_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._found: OrderedDict[str, tuple[float, _Found]] = OrderedDict()

    async def get(self, key: str, look: Callable[[], Awaitable[_Found]]) -> _Found:
        """Return what was found a short time ago, or look now."""
        known = self._found.get(key)
        if known is not None and known[0] > self._clock():
            return known[1]
        found = await look()
        self._found[key] = (self._clock() + self._seconds, found)
        self._found.move_to_end(key)
        while len(self._found) > _MOST_REMEMBERED:
            self._found.popitem(last=False)
        return found


@dataclass(frozen=True)
class Asker:
    """Somebody in Slack: who they are in the directory, or why they may not ask; `language` is what they read, if Slack says."""

    slack_id: str
    person: Person | None
    language: Language | None
    refused: Reason | None = None


class SlackPeople:
    """Looks people up in Slack and in the directory."""

    def __init__(self, api: SlackApi, directory: Directory, teams: Collection[str]) -> None:
        self._api = api
        self._directory = directory
        self._teams = frozenset(teams)
        self._profiles: Remembered[Json] = Remembered()

    async def profile(self, user: str) -> Json:
        """Return what Slack knows of a user. Raises SlackRefused."""

        async def look() -> Json:
            found = await self._api.ask("users.info", user=user, include_locale="true")
            return dict(found.get("user") or {})

        return await self._profiles.get(user, look)

    async def asker(self, user: str, teams: Collection[str]) -> Asker:
        """Return who a user is; `teams` are the workspaces that the payload names for them. The directory is asked each time."""
        try:
            profile = await self.profile(user)
        except SlackRefused:
            return Asker(user, None, None, "unavailable")
        language: Language | None = None
        if locale := str(profile.get("locale") or ""):
            language = "zh" if locale.lower().startswith("zh") else "en"
        refused = self._refused(profile, teams)
        if refused is not None:
            return Asker(user, None, language, refused)
        person = await self._directory.by_email(str(_email(profile)))
        return Asker(user, person, language, None if person is not None else "unknown")

    def _refused(self, profile: Json, teams: Collection[str]) -> Reason | None:
        """Return why this user may not ask, whoever they are in the directory."""
        if profile.get("is_bot") or profile.get("deleted"):
            return "bot"
        home = str(profile.get("team_id") or "")
        if profile.get("is_stranger") or not self._teams.issuperset({home, *(team for team in teams if team)}):
            return "foreign"
        if is_guest(profile):
            return "guest"
        return None if _email(profile) and profile.get("is_email_confirmed") else "no_email"


def is_guest(profile: Json) -> bool:
    """Tell whether a user is a guest of the workspace."""
    return bool(profile.get("is_restricted") or profile.get("is_ultra_restricted"))


def _email(profile: Json) -> str:
    held = profile.get("profile")
    found = held.get("email") if isinstance(held, dict) else None
    return found if isinstance(found, str) else ""
