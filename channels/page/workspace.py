"""The buttons for what an artifact rests on and what became of it: versions, refresh, write again, proposals, answers, trace."""

import chainlit as cl

from channels import house
from channels.elements.card_standing import compared, versions_told
from channels.elements.cards import Json
from channels.elements.trace_desk import trace_desk
from channels.page.actions import start_answer
from channels.page.buttons import button
from channels.page.from_browser import (
    Accept,
    Clarify,
    CompareVersions,
    Decide,
    OpenArtifact,
    OpenWorkspace,
    Redo,
    SelectItem,
)
from channels.page.posted_cards import post_card, shown, shown_with_others
from channels.page.session import guarded, page_texts, person


async def _open_card(payload: OpenArtifact) -> Json:
    """Show the card that the address of the page names, such as a link of a tool's."""
    async with guarded():
        await post_card(payload.artifact_id)
    return {"ok": True}


async def _versions(payload: OpenArtifact) -> Json:
    texts = page_texts()
    found = await house.opened().assistant.desk.versions(payload.artifact_id, person(), texts.language)
    return {"ok": True, "versions": versions_told(found, texts)}


async def _compare(payload: CompareVersions) -> Json:
    found = await house.opened().assistant.desk.compare(payload.artifact_id, payload.before, payload.after, person())
    return {"ok": True, **compared(found, page_texts())}


async def _refresh(payload: SelectItem) -> Json:
    texts = page_texts()
    desk = house.opened().assistant.desk
    done = await desk.refresh(payload.artifact_id, payload.version, person(), texts.language, item=payload.item)
    answer = await shown(payload.artifact_id)
    if done.unwritten:
        return {"ok": False, "error": texts("redo_unwritten", items=", ".join(done.unwritten))}
    return answer if done.proposals else {"ok": False, "error": done.notice or texts("redo_same")}


async def _redo(payload: Redo) -> Json:
    texts = page_texts()
    desk = house.opened().assistant.desk
    done = await desk.regenerate(payload.artifact_id, payload.version, payload.item, payload.remark, person(), texts.language)
    answer = await shown(payload.artifact_id)
    if not done.proposals:
        return {"ok": False, "error": done.notice or texts("redo_same")}
    return answer


async def _still_right(payload: SelectItem) -> Json:
    await house.opened().assistant.desk.still_right(payload.artifact_id, payload.version, [payload.item], person())
    return await shown_with_others(payload.artifact_id)


async def _take(payload: Decide) -> Json:
    await house.opened().assistant.desk.accept_proposals(payload.artifact_id, [payload.proposal], person())
    return await shown_with_others(payload.artifact_id)


async def _discard(payload: Decide) -> Json:
    await house.opened().assistant.desk.discard_proposals(payload.artifact_id, [payload.proposal], person())
    return await shown(payload.artifact_id)


async def _approve(payload: Accept) -> Json:
    await house.opened().assistant.desk.approve(payload.artifact_id, payload.version, person())
    return await shown(payload.artifact_id)


async def _clarify(payload: Clarify) -> Json:
    """Ask the brief again with the person's answers in it."""
    stage, brief, upstream = await house.opened().assistant.with_answers(payload.artifact_id, payload.answers, person())
    await start_answer(stage, brief, upstream)
    return {"ok": True}


async def _trace(payload: OpenArtifact) -> Json:
    """Post the trace of the workspace that an artifact belongs to."""
    assistant, texts = house.opened().assistant, page_texts()
    workspace = await assistant.workspace_of(payload.artifact_id, person())
    table = await assistant.desk.trace(workspace, person(), texts.language)
    await cl.Message("", elements=[cl.CustomElement(name="TraceDesk", props=trace_desk(table, texts))]).send()
    return {"ok": True}


async def _trace_again(payload: OpenWorkspace) -> Json:
    texts = page_texts()
    table = await house.opened().assistant.desk.trace(payload.workspace, person(), texts.language)
    return {"ok": True, "desk": trace_desk(table, texts)}


WORKSPACE_ACTIONS = {
    "open_card": button(OpenArtifact, _open_card),
    "versions": button(OpenArtifact, _versions),
    "compare": button(CompareVersions, _compare),
    "refresh": button(SelectItem, _refresh),
    "redo": button(Redo, _redo),
    "still_right": button(SelectItem, _still_right),
    "take_proposal": button(Decide, _take),
    "discard_proposal": button(Decide, _discard),
    "approve": button(Accept, _approve),
    "clarify": button(Clarify, _clarify),
    "trace": button(OpenArtifact, _trace),
    "trace_again": button(OpenWorkspace, _trace_again),
}
