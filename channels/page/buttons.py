"""The callback of a button: what the page sends is read strictly, and every error becomes a sentence for the person."""

from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from pydantic import ValidationError

from channels.elements.cards import Json
from channels.page.from_browser import Payload
from channels.page.session import logged, page_texts, visitor_now
from errors import AssistantError


def button(read: type[Payload], act: Callable[[Any], Awaitable[Json]]) -> Callable[[cl.Action], Awaitable[Json]]:
    """Return the callback of a button that does `act` with what `read` makes of its payload."""

    async def pressed(action: cl.Action) -> Json:
        texts = page_texts()
        if await visitor_now(cl.context.session) is None:
            return {"ok": False, "error": texts("signed_out")}
        try:
            return await act(read.model_validate(action.payload))
        except ValidationError:
            return {"ok": False, "error": texts("action_unsound")}
        except AssistantError as error:
            return {"ok": False, "error": error.sentence(texts.language)}
        except Exception:  # noqa: BLE001 - the one boundary of the buttons
            return {"ok": False, "error": texts("unexpected", id=logged("a button"))}

    return pressed
