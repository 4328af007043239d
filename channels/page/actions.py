"""The buttons of the cards: what the page sends is read strictly, done by the assistant, and shown on the same card."""

import asyncio

import chainlit as cl

from chains.events import Request
from channels import house
from channels.elements.cards import Json
from channels.page.answer import answer_brief, go_on
from channels.page.buttons import button
from channels.page.from_browser import Accept, Ask, Edit, GoOn, Reject
from channels.page.posted_cards import Place, place_of_turn, shown, shown_with_others
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


async def _go_on(payload: GoOn) -> Json:
    """Start the answer anew where it was cut off; the button does not wait for it."""
    request = await house.opened().assistant.going_on(payload.turn_id, person(), "page")
    place = place_of_turn(payload.turn_id)
    cl.context.session.current_task = asyncio.create_task(_run_on(request, place))
    return {"ok": True}


async def _run_on(request: Request, place: Place | None) -> None:
    await cl.context.emitter.task_start()
    try:
        async with guarded():
            await go_on(request, place)
    finally:
        await cl.context.emitter.task_end()


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
    "go_on": button(GoOn, _go_on),
}
