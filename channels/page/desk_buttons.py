"""The curator's and the steward's desks in the chat: files that are dropped, a search to try, terms to settle."""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import chainlit as cl

from channels import house
from channels.curation import Curation, may_curate, may_settle
from channels.elements.cards import Json
from channels.elements.knowledge_desk import hits_on_desk, is_settled, knowledge_desk
from channels.elements.term_desk import term_desk
from channels.page.buttons import button
from channels.page.from_browser import AcceptTerm, ApproveAsset, MergeTerm, OpenDesk, RefuseTerm, RemoveUpload, SearchKnowledge
from channels.page.session import page_texts, person, say
from errors import AssistantError, KnowledgeError
from formats.language import has_han

_log = logging.getLogger("stagecraft.page")
_DESK = "knowledge_desk"
_MOST_FILES = 5
# While files are read, the desk is sent anew this often; a page that nobody looks at is given up after so long.
_FRESH_SECONDS, _GIVEN_UP_SECONDS = 0.7, 900.0
_watching: set[asyncio.Task[None]] = set()


def curation() -> Curation:
    """Return what curators work with. Raises KnowledgeError on a page that was opened without it."""
    found = house.opened().curation
    if found is None:
        raise KnowledgeError("This page was opened without the upkeep of the knowledge.", "此页面未启用知识库维护功能。")
    return found


async def take_files(files: Sequence[Any]) -> None:
    """Queue the files of a message and show the desk; the queue goes on when the page is closed."""
    texts = page_texts()
    if not may_curate(person()):
        await say(texts("upload_not_curator"))
        return
    refused: list[str] = []
    for file in files[:_MOST_FILES]:
        try:
            await curation().uploads.submit(person().id, file.name, Path(file.path))
        except AssistantError as error:
            refused.append(f"{file.name}: {error.sentence(texts.language)}")
    if len(files) > _MOST_FILES:
        refused.append(texts("upload_too_many", left=len(files) - _MOST_FILES))
    await show_knowledge()
    for sentence in refused:
        await say(sentence)


async def show_knowledge() -> None:
    """Post the curator's desk and keep it fresh while files are read."""
    desk = await knowledge_desk(curation(), person(), page_texts())
    element = cl.CustomElement(name="KnowledgeDesk", props=desk)
    await cl.Message("", elements=[element]).send()
    cl.user_session.set(_DESK, {"id": element.id, "for_id": element.for_id})
    _keep_fresh(desk)


async def show_terms() -> None:
    """Post the steward's desk."""
    await cl.Message("", elements=[cl.CustomElement(name="TermDesk", props=await _terms())]).send()


async def _terms() -> Json:
    return await term_desk(curation().steward, page_texts(), may_settle=may_settle(person()))


async def _fresh_desk() -> Json:
    """Send the desk as it is now to the newest card that shows it, and return it."""
    desk = await knowledge_desk(curation(), person(), page_texts())
    place = cl.user_session.get(_DESK)
    if place is not None:
        await cl.CustomElement(id=place["id"], for_id=place["for_id"], name="KnowledgeDesk", props=desk).update()
    return desk


def _keep_fresh(desk: Json) -> None:
    """Watch the files under way, beside what the person does next."""
    if not is_settled(desk):
        task = asyncio.create_task(_watch(desk))
        _watching.add(task)
        task.add_done_callback(_watching.discard)


async def _watch(shown: Json) -> None:
    until = asyncio.get_running_loop().time() + _GIVEN_UP_SECONDS
    while not is_settled(shown) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(_FRESH_SECONDS)
        try:
            desk = await knowledge_desk(curation(), person(), page_texts())
            if desk["files"] != shown["files"]:
                desk = await _fresh_desk()
            shown = desk
        except AssistantError as error:
            _log.warning("the desk could not be refreshed: %s (%s)", error, error.detail)
            return


async def _open(payload: OpenDesk) -> Json:
    # The buttons are shown to who may; a browser can be made to press any. Offers hold words of other people's artifacts.
    may = may_curate(person()) if payload.desk == "knowledge" else may_settle(person())
    if not may:
        return {"ok": False, "error": page_texts()("desk_not_yours")}
    await (show_knowledge() if payload.desk == "knowledge" else show_terms())
    return {"ok": True}


async def _search(payload: SearchKnowledge) -> Json:
    hits = await curation().knowledge.search(payload.text, groups=person().reads)
    return {"ok": True, "hits": hits_on_desk(hits, page_texts())}


async def _approve(payload: ApproveAsset) -> Json:
    await curation().upkeep.approve(payload.asset_id, None, person())
    await _fresh_desk()
    return {"ok": True}


async def _remove(payload: RemoveUpload) -> Json:
    await curation().uploads.remove(payload.upload_id, person().id)
    await _fresh_desk()
    return {"ok": True}


async def _accept(payload: AcceptTerm) -> Json:
    from knowledge.terms.wording import Wording

    meaning = (
        {"definition_zh" if has_han(payload.definition) else "definition_en": payload.definition} if payload.definition else {}
    )
    wording = Wording(en=payload.en, zh=payload.zh, kind=payload.kind, **meaning)
    await curation().steward.accept(payload.id, wording, person=person())
    return {"ok": True, "desk": await _terms()}


async def _merge(payload: MergeTerm) -> Json:
    await curation().steward.merge(payload.id, payload.into, forbidden=payload.forbidden, person=person())
    return {"ok": True, "desk": await _terms()}


async def _refuse(payload: RefuseTerm) -> Json:
    await curation().steward.refuse(payload.id, person=person())
    return {"ok": True, "desk": await _terms()}


DESK_ACTIONS = {
    "open_desk": button(OpenDesk, _open),
    "search_knowledge": button(SearchKnowledge, _search),
    "approve_asset": button(ApproveAsset, _approve),
    "remove_upload": button(RemoveUpload, _remove),
    "accept_term": button(AcceptTerm, _accept),
    "merge_term": button(MergeTerm, _merge),
    "refuse_term": button(RefuseTerm, _refuse),
}
