"""What the portal's page offers along with a brief: asked of the browser when the brief comes, shown to the person beforehand."""

import chainlit as cl

from channels.widget.reading import read_context

_ASKED = "stagecraft_context"
# A browser answers within a blink, or not at all: a page may show the chat without our script.
_SECONDS = 2


def is_widget() -> bool:
    """Tell whether the open chat is in a portal's page."""
    return bool(getattr(cl.context.session, "client_type", "") == "copilot")


async def offered_by_page() -> tuple[str, ...]:
    """Return the text that the portal's page offers, as long as the person has not taken it away; nothing outside the widget."""
    if not is_widget():
        return ()
    return read_context(await cl.context.emitter.send_call_fn(_ASKED, {}, timeout=_SECONDS))
