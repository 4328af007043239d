"""A thread that is opened again: every card of it as things stand now, and an answer that still comes is followed to its end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import chainlit as cl
from chainlit.session import ws_sessions_id

from channels import house
from channels.curation import may_curate, may_settle
from channels.elements.cards import Json
from channels.elements.ended import ended_props
from channels.elements.knowledge_desk import knowledge_desk
from channels.elements.term_desk import term_desk
from channels.elements.trace_desk import trace_desk
from channels.page.posted_cards import CARD, current_props, forget_all, remember, remember_turn
from channels.page.session import page_texts, person
from errors import AssistantError
from records.turns import Turn

_FOLLOW_SECONDS = 1.0
_following: set[asyncio.Task[None]] = set()


def last_stage(thread: Json) -> str:
    """Return the name of the stage that was chosen last in a thread; nothing where none was."""
    asked = [step["modes"] for step in thread.get("steps") or [] if step["type"] == "user_message" and step.get("modes")]
    return str(asked[-1].get("stage", "")) if asked else ""


async def up_to_date(thread: Json) -> None:
    """Put into a thread's cards how things stand, and remember where each is shown. A desk that is closed to the person by now goes."""
    forget_all()
    kept = []
    for element in thread.get("elements") or []:
        props = await _fresh(element)
        if props is not None:
            kept.append({**element, "props": props} if element["type"] == "custom" else element)
    thread["elements"] = kept


async def _fresh(element: Json) -> Json | None:
    """Return an element's properties as they are now; None where it is not to be shown any more."""
    stored: Json = element.get("props") or {}
    make = _MADE.get(str(element["name"])) if element["type"] == "custom" else None
    if make is None:
        return stored
    try:
        return await make(stored, cl.CustomElement(id=element["id"], for_id=element["forId"], name=element["name"], props=stored))
    except AssistantError as error:
        # What it showed is gone or closed by now, or cannot be read at this moment.
        return {**stored, "notices": [error.sentence(page_texts().language)]}


async def _card(stored: Json, element: Any) -> Json:
    """Return a card's properties: its artifact's, those of its turn, or as it was."""
    if artifact := stored.get("artifactId"):
        return await _of_artifact(artifact, element)
    turn = await house.opened().assistant.turn(stored["turnId"], person()) if stored.get("turnId") else None
    if turn is None:
        return _abandoned(stored)
    remember_turn(turn.id, element)
    if turn.outcome == "answering":
        _follow(turn.id, element)
    if turn.outcome == "questions" and stored.get("questions"):
        return {**stored, "labels": page_texts().labels()}
    return await _of_turn(turn, element)


async def _of_artifact(artifact_id: str, element: Any) -> Json:
    remember(artifact_id, element)
    return await current_props(artifact_id)


async def _of_turn(turn: Turn, element: Any) -> Json:
    """Return the properties of a turn's card."""
    if turn.outcome == "answered" and turn.artifact:
        return await _of_artifact(turn.artifact, element)
    assistant, texts = house.opened().assistant, page_texts()
    return ended_props(turn, person(), assistant.stage(turn.stage, texts.language).title, texts, assistant.draft_views)


def _abandoned(stored: Json) -> Json:
    """Return the properties of a card whose turn never began: nothing works on it any more, and it can be asked again."""
    texts = page_texts()
    if stored.get("phase") != "working":
        return {**stored, "labels": texts.labels()}
    badge = {"tone": "interrupted", "text": texts("status_interrupted")}
    ended = {"phase": "interrupted", "badge": badge, "error": texts("interrupted"), "goOn": False}
    return {**stored, **ended, "labels": texts.labels()}


def _follow(turn_id: str, element: Any) -> None:
    """Show how an answer that another page or server gives goes on."""
    task = asyncio.create_task(_followed(turn_id, element))
    _following.add(task)
    task.add_done_callback(_following.discard)


async def _followed(turn_id: str, element: Any) -> None:
    """Show a turn's card again whenever it has changed, until it has ended or this page is gone."""
    session = cl.context.session
    await cl.context.emitter.task_start()
    while ws_sessions_id.get(session.id) is session:
        await asyncio.sleep(_FOLLOW_SECONDS)
        with contextlib.suppress(AssistantError):
            turn = await house.opened().assistant.turn(turn_id, person())
            if turn is None:
                break
            props = await _of_turn(turn, element)
            if props != element.props:
                element.props = props
                await cl.context.emitter.send_element(element.to_dict())
            if turn.outcome != "answering":
                break
    await cl.context.emitter.task_end()


async def _knowledge(_stored: Json, _element: Any) -> Json | None:
    curation = house.opened().curation
    if curation is None or not may_curate(person()):
        return None
    return await knowledge_desk(curation, person(), page_texts())


async def _terms(_stored: Json, _element: Any) -> Json | None:
    curation = house.opened().curation
    if curation is None:
        return None
    return await term_desk(curation.steward, page_texts(), may_settle=may_settle(person()))


async def _trace(stored: Json, _element: Any) -> Json | None:
    texts = page_texts()
    return trace_desk(await house.opened().assistant.desk.trace(stored["workspace"], person(), texts.language), texts)


_MADE: dict[str, Callable[[Json, Any], Awaitable[Json | None]]] = {
    CARD: _card,
    "KnowledgeDesk": _knowledge,
    "TermDesk": _terms,
    "TraceDesk": _trace,
}
