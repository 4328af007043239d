"""The buttons of the cards: what the page sends is read strictly, done by the assistant, and shown on the same card."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from pydantic import ValidationError

from channels import house
from channels.cards import Json, card_props
from channels.chat_answer import answer_brief, update_card
from channels.chat_session import guarded, logged, page_texts, person
from channels.from_browser import Accept, Ask, Edit, Payload, Reject
from errors import AssistantError


async def _accept(payload: Accept) -> Json:
    assistant = house.opened().assistant
    return await _shown(await assistant.accept(payload.artifact_id, payload.version, person(), payload.item))


async def _reject(payload: Reject) -> Json:
    assistant = house.opened().assistant
    return await _shown(await assistant.reject(payload.artifact_id, payload.version, person(), payload.reason, payload.item))


async def _edit(payload: Edit) -> Json:
    assistant = house.opened().assistant
    return await _shown(await assistant.edit(payload.artifact_id, payload.version, person(), payload.item, payload.text))


async def _ask(payload: Ask) -> Json:
    """Post the brief as the person's message and answer it; the button does not wait for the answer."""
    stage = house.opened().assistant.stage(payload.stage, page_texts().language)
    brief = payload.brief.strip()[: house.opened().brief_characters]
    message = cl.Message(brief, author=person().name, type="user_message", command=stage.title)
    await message.send()
    task = asyncio.create_task(_run(message.id, stage.name, brief, tuple(payload.upstream)))
    cl.context.session.current_task = task
    return {"ok": True}


async def _run(message_id: str, stage: str, brief: str, upstream: tuple[str, ...]) -> None:
    """Answer under a run of its own, as Chainlit does for a typed message."""
    await cl.context.emitter.task_start()
    try:
        async with cl.Step(name="on_message", type="run", parent_id=message_id), guarded():
            await answer_brief(stage, brief, upstream)
    finally:
        await cl.context.emitter.task_end()


async def _shown(card: Any) -> Json:
    """Show the artifact's new state; a page that has lost track of its card gets it in the answer."""
    props = card_props(card, page_texts(), house.opened().assistant.marks)
    return {"ok": True} if await update_card(card.artifact_id, props) else {"ok": True, "card": props}


def _button(read: type[Payload], act: Callable[[Any], Awaitable[Json]]) -> Callable[[cl.Action], Awaitable[Json]]:
    """Return the callback of a button: a sentence for the person in place of every error."""

    async def pressed(action: cl.Action) -> Json:
        texts = page_texts()
        try:
            return await act(read.model_validate(action.payload))
        except ValidationError:
            return {"ok": False, "error": texts("action_unsound")}
        except AssistantError as error:
            return {"ok": False, "error": error.sentence(texts.language)}
        except Exception:  # noqa: BLE001 - the one boundary of the buttons
            return {"ok": False, "error": texts("unexpected", id=logged("a button"))}

    return pressed


ACTIONS = {
    "accept": _button(Accept, _accept),
    "reject": _button(Reject, _reject),
    "edit": _button(Edit, _edit),
    "ask": _button(Ask, _ask),
}
