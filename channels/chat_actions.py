"""The buttons of the cards: what the page sends is read strictly, done by the assistant, and shown on the same card."""

import asyncio
from typing import Any

import chainlit as cl

from channels import house
from channels.buttons import button
from channels.cards import Json, card_props
from channels.chat_answer import answer_brief, update_card
from channels.chat_session import guarded, page_texts, person
from channels.from_browser import Accept, Ask, Edit, Reject


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


ACTIONS = {
    "accept": button(Accept, _accept),
    "reject": button(Reject, _reject),
    "edit": button(Edit, _edit),
    "ask": button(Ask, _ask),
}
