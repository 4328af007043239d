"""Tells a client how far an answer is, where it asked to be told."""

import time
from typing import TYPE_CHECKING, Any

from channels.elements.live import step_title
from channels.texts import texts_in
from errors import Language

if TYPE_CHECKING:
    from mcp.shared.context import RequestContext

    from channels.mcp.tools import Progress

_EVERY_SECONDS = 0.5


def telling_progress(context: "RequestContext[Any, Any, Any]", language: Language) -> "Progress":
    """Return what tells each step, and the growth in between at most twice a second; a silent one where nobody asked."""
    token = context.meta.progressToken if context.meta is not None else None
    texts = texts_in(language)
    count, told_at = 0, 0.0

    async def tell(about: str) -> None:
        nonlocal count, told_at
        is_growth = not about.isalpha()
        if token is None or not about or (is_growth and time.monotonic() - told_at < _EVERY_SECONDS):
            return
        count, told_at = count + 1, time.monotonic()
        message = about if is_growth else texts("mcp_begun") if about == "begun" else step_title(about, texts)
        await context.session.send_progress_notification(
            token, count, message=message, related_request_id=str(context.request_id)
        )

    return tell
