"""The Slack door: opened with the house, fed by HTTP events or by Socket Mode, answering from one inbox."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from channels.slack.answering import Answers
from channels.slack.api import SlackApi, SlackRefused, web_client
from channels.slack.bot import Bot, make_bot
from channels.slack.conversation import Conversation
from channels.slack.options import SlackOptions
from channels.slack.payloads import Delivery
from channels.slack.people import Directory, SlackPeople
from channels.slack.presses import Presses
from channels.slack.showing import MayShow, Showing
from channels.slack.sight import Sight
from channels.slack.submissions import Submissions
from channels.slack.visit import Visitors
from channels.slack.worker import Worker
from records.database import Database
from records.instances import this_instance
from records.ledger import Ledger
from records.limits import Limits
from records.slack import SlackInbox
from records.slack_places import SlackPlaces

if TYPE_CHECKING:
    from chains.assistant import Assistant

Json = dict[str, Any]
_log = logging.getLogger("stagecraft.slack")
_CONNECT_SECONDS = 15.0


@dataclass(frozen=True)
class House:
    """What the door needs of the house."""

    database: Database
    assistant: "Callable[[], Assistant]"
    directory: Directory
    resting: MayShow


class SlackDoor:
    """Takes in what Slack sends and answers it; opened by `start`, closed by `stop`."""

    def __init__(self, options: SlackOptions, house: House) -> None:
        self.options = options
        self._inbox = SlackInbox(house.database)
        self._api = SlackApi(web_client(options.bot_token, options.base_url))
        self._submissions, self._bot = _assembled(options, house, self._api, self._inbox)
        self._worker = Worker(self._inbox, self._bot.answer, self._bot.give_up, this_instance(), options.parallel)
        self._socket: Any = None
        self._connecting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to answer; with Socket Mode, connect, and go on trying where Slack cannot be reached."""
        self._worker.start()
        if self.options.socket:
            self._connecting = asyncio.create_task(self._connect())

    async def stop(self) -> None:
        """Stop taking in, finish what modals asked for, and put unfinished answers back into line."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        if self._socket is not None:
            await self._socket.close()
        await self._submissions.close()
        await self._worker.stop()

    async def _connect(self) -> None:
        from channels.slack.socket_mode import connected

        while self._socket is None:
            try:
                self._socket = await connected(self.options, self._api, self)
            except SlackRefused as refused:
                _log.warning("Slack cannot be reached over the socket: %s", refused.detail)
                await asyncio.sleep(_CONNECT_SECONDS)

    async def take(self, delivery: Delivery) -> Json:
        """Put what came on record, or answer it where Slack waits for that, and return what Slack is told.

        Raises RecordsError: Slack then sends it again.
        """
        if delivery.kind == "verification":
            return delivery.payload
        if delivery.kind == "submission":
            return await self._bot.submitted(delivery.payload)
        arrival = delivery.arrival
        if arrival is not None:
            taken = self._inbox.take_if_known if delivery.only_if_known else self._inbox.take
            if await taken(arrival):
                self._worker.wake()
        return {}


def _assembled(options: SlackOptions, house: House, api: SlackApi, inbox: SlackInbox) -> tuple[Submissions, Bot]:
    """Put the parts together."""
    places, assistant = SlackPlaces(house.database), house.assistant
    people = SlackPeople(api, house.directory, options.teams)
    sight = Sight(api, people, places, options.teams)
    visitors = Visitors(api, people, sight, options.public_url)
    showing = Showing(api, places, sight, house.resting, assistant, options.public_url)
    answers = Answers(api, inbox, places, showing, assistant, this_instance(), options.send_seconds)
    conversation = Conversation(
        api, inbox, places, Ledger(house.database), Limits(house.database), visitors, answers, assistant, options
    )
    presses = Presses(api, visitors, showing, answers, conversation, assistant)
    submissions = Submissions(visitors, showing, assistant)
    return submissions, make_bot(api, visitors, conversation, presses, submissions)
