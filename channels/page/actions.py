"""The buttons of the cards: what the page sends is read strictly, done by the assistant, and shown on the same card."""

import asyncio

import chainlit as cl

from channels import house
from channels.elements.cards import Json
from channels.page.answer import answer_brief
from channels.page.buttons import button
from channels.page.from_browser import Accept, Ask, Edit, Reject
from channels.page.posted_cards import shown, shown_with_others
from channels.page.session import guarded, page_texts, person


async def _accept(payload: Accept) -> Json:
    assistant = house.opened().assistant
    card = await assistant.accept(payload.artifact_id, payload.version, person(), payload.item)
    return await shown(payload.artifact_id, card)


async def _reject(payload: Reject) -> Json:
    assistant = house.opened().assistant
    card = await assistant.reject(payload.artifact_id, payload.version, person(), payload.reason, payload.item)
    return await shown_with_others(payload.artifact_id, card)


async def _edit(payload: Edit) -> Json:
    assistant = house.opened().assistant
    card = await assistant.edit(payload.artifact_id, payload.version, person(), payload.item, payload.text)
    return await shown_with_others(payload.artifact_id, card)


async def _ask(payload: Ask) -> Json:
    await start_answer(payload.stage, payload.brief, tuple(payload.upstream), payload.shown)
    return {"ok": True}


async def start_answer(stage_name: str, text: str, upstream: tuple[str, ...], shown: str = "") -> None:
    """Post a brief as the person's message and answer it; the button does not wait for the answer. Raises BriefError."""
    stage = house.opened().assistant.stage(stage_name, page_texts().language)
    brief = text.strip()[: house.opened().brief_characters]
    message = cl.Message(shown or brief, author=person().name, type="user_message", command=stage.title)
    await message.send()
    cl.context.session.current_task = asyncio.create_task(_run(message.id, stage.name, brief, upstream))


async def _run(message_id: str, stage: str, brief: str, upstream: tuple[str, ...]) -> None:
    """Answer under a run of its own, as Chainlit does for a typed message."""
    await cl.context.emitter.task_start()
    try:
        async with cl.Step(name="on_message", type="run", parent_id=message_id), guarded():
            await answer_brief(stage, brief, upstream)
    finally:
        await cl.context.emitter.task_end()


ACTIONS = {
    "accept": button(Accept, _accept),
    "reject": button(Reject, _reject),
    "edit": button(Edit, _edit),
    "ask": button(Ask, _ask),
}
