"""What is at hand while Chainlit calls: whose page it is, whether its chat has begun, and the content of a file that is sent along."""

import asyncio
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainlit.context import ChainlitContextException, context
from chainlit.session import WebsocketSession

if TYPE_CHECKING:
    from chainlit.element import Element


def person_at_hand() -> str | None:
    """Return the id of the person whose page calls; None where no page does."""
    try:
        user = context.session.user
    except ChainlitContextException:
        return None
    return str(user.identifier) if user is not None else None


def has_begun(session: Any) -> bool:
    """Whether something was asked in a page's chat."""
    return bool(not isinstance(session, WebsocketSession) or session.has_first_interaction)


def is_id(text: Any) -> bool:
    """Whether a text is a UUID as we write it: the browser chooses the ids of threads."""
    try:
        return bool(str(uuid.UUID(text)) == text)
    except (ValueError, TypeError, AttributeError):
        return False


async def content_of(element: "Element") -> bytes | None:
    """Return the content of a file; None where it is gone."""
    if element.content:
        return element.content.encode() if isinstance(element.content, str) else element.content
    path = Path(element.path) if element.path else None
    try:
        return await asyncio.to_thread(path.read_bytes) if path is not None else None
    except FileNotFoundError:
        return None


def take_seen(task: "asyncio.Task[Any] | None") -> None:
    """Count a task's exception as seen: where Chainlit awaits it, it is raised there; where not, it has been told here."""
    if task is not None:
        task.add_done_callback(lambda done: None if done.cancelled() else done.exception())
