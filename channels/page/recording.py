"""The one history of the page: what is said and shown goes on record through it."""

import contextlib
from typing import Any

import chainlit as cl
from chainlit.utils import utc_now

from channels import house
from channels.history.layer import ChatHistory
from channels.page.session import page_texts
from channels.rendering import plain
from errors import AssistantError


async def _tell_unsaved() -> None:
    """Tell the person that a write waits; the sentence itself is not put on record."""
    note = cl.Message(plain(page_texts()("chat_unsaved")))
    note.created_at = utc_now()
    await cl.context.emitter.send_step(note.to_dict())


HISTORY = ChatHistory(lambda: house.opened().database, _tell_unsaved)


async def show_only(element: Any) -> None:
    """Show an element that is made anew whenever the page opens, and therefore never put on record."""
    message = cl.Message("")
    message.created_at = utc_now()
    await cl.context.emitter.send_step(message.to_dict())
    await element.send(for_id=message.id, persist=False)


async def recorded(element: Any) -> None:
    """Put an element on record as it is, without showing it anew; trouble of the records was told, and is tried again."""
    with contextlib.suppress(AssistantError):
        await HISTORY.create_element(element)


async def all_recorded() -> None:
    """Wait until this page has put on record what it can; trouble of the records was told, and is tried again."""
    with contextlib.suppress(AssistantError):
        await HISTORY.flush()
