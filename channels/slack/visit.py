"""One arrival while it is answered: who asked, what may be seen there, in which words; and how they are told something."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from chains.events import Person
from channels.slack.api import SlackApi, SlackRefused
from channels.slack.people import Asker, SlackPeople
from channels.slack.sight import Place, Sight
from channels.slack.texts import SlackTexts
from errors import Language
from records.slack import Work

Json = dict[str, Any]


class Refusal(Exception):
    """Somebody may not ask; they are told why and nothing else happens."""


@dataclass(frozen=True)
class Visit:
    """`person` is who asks, with no more groups than the place allows; `whole` the same person as they are."""

    work: Work
    asker: Asker
    whole: Person
    person: Person
    place: Place
    texts: SlackTexts

    @property
    def channel(self) -> str:
        """The conversation it takes place in."""
        return self.work.channel


class Visitors:
    """Finds out who asks and where, and tells them things."""

    def __init__(self, api: SlackApi, people: SlackPeople, sight: Sight, address: str) -> None:
        self._api = api
        self._people = people
        self._sight = sight
        self._address = address

    async def visit(self, work: Work, thread: str, said: str = "") -> Visit:
        """Return the visit; `said` decides on its language where Slack does not. Raises Refusal once the person was told."""
        asker = await self._people.asker(work.person, teams_in(work.payload))
        texts = SlackTexts(asker.language or spoken(said))
        if asker.person is None:
            address = self._address or "Stagecraft"
            if asker.refused != "bot":
                await self.whisper(work, texts(f"slack_refused_{asker.refused}", address=address), thread)
            raise Refusal
        place = await self._sight.place(work.channel)
        return Visit(work, asker, asker.person, place.narrowed(asker.person), place, texts)

    async def whisper(self, work: Work, text: str, thread: str = "") -> None:
        """Tell one person something: aside in a channel, in the open where they are alone with us. Nobody is told twice."""
        channel = work.channel
        try:
            if channel.startswith("D"):
                await self._api.post(channel, text, thread=thread or None)
            else:
                await self._api.whisper(channel, work.person, text, thread or None)
        except SlackRefused as refused:
            if refused.reason in ("unreachable", "ratelimited"):
                raise
            await self._respond(work.payload, text)

    async def _respond(self, payload: Json, text: str) -> None:
        """Answer over the address that came with a command or a button: it works where we are no member."""
        address = payload.get("response_url")
        if isinstance(address, str) and address:
            await self._api.respond(address, text)


def teams_in(payload: Json) -> Collection[str]:
    """Return every workspace that a payload names for the person it comes from."""
    event, user = payload.get("event"), payload.get("user")
    named = [payload.get("team_id"), payload.get("user_team")]
    if isinstance(event, dict):
        named += [event.get(name) for name in ("team", "user_team", "source_team")]
    if isinstance(user, dict):
        named.append(user.get("team_id"))
    return {one for one in named if isinstance(one, str) and one}


def spoken(text: str) -> Language:
    """Return the language of a text."""
    from formats.language import language_of

    return language_of(text)
