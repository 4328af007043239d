"""Shows artifacts in Slack: one message or several for a card, brought up to date wherever it stands."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from chains.events import Person
from channels.elements.cards import card_props
from channels.slack.api import SlackApi, SlackRefused
from channels.slack.cards import Json, Shown, card_parts, card_text, context
from channels.slack.live import LiveMessage
from channels.slack.sight import Sight
from channels.slack.texts import SlackTexts
from channels.slack.visit import Visit
from errors import BriefError
from records.slack_places import SlackPlaces, SlackPost

if TYPE_CHECKING:
    from chains.assistant import Assistant, Mark
    from errors import Language


class MayShow(Protocol):
    """Judges whether an artifact may be shown to a person as they are seen somewhere."""

    async def may_show(self, artifact_id: str, whole: Person, here: Person) -> bool:
        """Tell whether it may."""
        ...


class Showing:
    """Draws cards and keeps them fresh."""

    def __init__(
        self,
        api: SlackApi,
        places: SlackPlaces,
        sight: Sight,
        resting: MayShow,
        assistant: "Callable[[], Assistant]",
        address: str,
    ) -> None:
        self._api = api
        self._places = places
        self._sight = sight
        self._resting = resting
        self._assistant = assistant
        self._address = address.rstrip("/")

    async def may_show(self, artifact_id: str, visit: Visit) -> bool:
        """Tell whether the place may see what the newest version of an artifact rests on."""
        return await self._resting.may_show(artifact_id, visit.whole, visit.person)

    async def drawn(self, artifact_id: str, whole: Person, here: Person, texts: SlackTexts) -> Shown:
        """Return a card as it may be shown here. Raises BriefError where there is none for this person, or not here."""
        if not await self._resting.may_show(artifact_id, whole, here):
            raise not_here()
        card = await self._assistant().card(artifact_id, here)
        address = f"{self._address}/?artifact={artifact_id}" if self._address else ""
        return Shown(card_props(card, texts, _unmarked), texts, address)

    async def first(self, visit: Visit, live: LiveMessage, thread: str, artifact_id: str) -> None:
        """Show a card for the first time: its first part in the place of what grew, the others below."""
        shown = await self.drawn(artifact_id, visit.whole, visit.person, visit.texts)
        parts = card_parts(shown)
        there = {post.part: post.ts for post in await self._places.posts_for(visit.work.id) if post.artifact == artifact_id}
        ts = await live.finish(card_text(shown), parts[0])
        await self._places.keep_post(SlackPost(visit.channel, ts, thread, artifact_id, 0), visit.work.id)
        for number, blocks in enumerate(parts[1:], 1):
            await self._put(
                SlackPost(visit.channel, there.get(number, ""), thread, artifact_id, number), shown, blocks, visit.work.id
            )

    async def again(self, artifact_id: str, visit: Visit) -> None:
        """Bring every message that shows an artifact up to date, each as its place may see it."""
        posts: dict[tuple[str, str], dict[int, SlackPost]] = {}
        for post in await self._places.posts_of(artifact_id):
            posts.setdefault((post.channel, post.thread), {})[post.part] = post
        for (channel, thread), parts in posts.items():
            here = visit.person if channel == visit.channel else (await self._sight.place(channel)).narrowed(visit.whole)
            # The change is made, whatever keeps a message elsewhere from showing it.
            with contextlib.suppress(SlackRefused, BriefError) if channel != visit.channel else contextlib.nullcontext():
                await self._redraw(channel, thread, parts, await self.drawn(artifact_id, visit.whole, here, visit.texts))

    async def _redraw(self, channel: str, thread: str, there: dict[int, SlackPost], shown: Shown) -> None:
        drawn = card_parts(shown)
        for number, blocks in enumerate(drawn):
            post = there.get(number) or SlackPost(channel, "", thread, str(shown.props["artifactId"]), number)
            await self._put(post, shown, blocks)
        for number in there.keys() - set(range(len(drawn))):
            await self._api.update(channel, there[number].ts, "…", context(["…"]))

    async def _put(self, post: SlackPost, shown: Shown, blocks: list[Json], inbox: str | None = None) -> None:
        """Update a message, or post it where there is none yet."""
        if post.ts:
            await self._api.update(post.channel, post.ts, card_text(shown), blocks)
            return
        ts = await self._api.post(post.channel, card_text(shown), blocks, post.thread)
        await self._places.keep_post(SlackPost(post.channel, ts, post.thread, post.artifact, post.part), inbox)


def not_here() -> BriefError:
    """Return the sentence for what this place may not see."""
    return BriefError(SlackTexts("en")("slack_not_here"), SlackTexts("zh")("slack_not_here"))


def _unmarked(_text: str, _language: "Language") -> "tuple[Mark, ...]":
    """Mark no terms: Slack has no hints to hover over."""
    return ()
