"""`/v1/chat/completions`: a stage answers a conversation, as OpenAI's clients ask and read."""

import contextlib
import re
from functools import partial
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from chains.events import Request
from chains.sentences import refuse
from channels import house
from channels.api.answering import Answer
from channels.api.callers import Caller, key_caller, language_of
from channels.api.chat_request import ChatRequest, read_chat
from channels.api.conversation import Conversation, read_conversation
from channels.api.links import card_link
from channels.api.models import stage_of
from channels.api.refusals import TURN_HEADER, Refusal, refusal_for, where_of
from channels.api.shape import Shape
from channels.api.streaming import streamed, unless_gone
from channels.api.written import Json
from channels.texts import texts_in
from errors import Language, NothingThere

WORKSPACE_HEADER = "X-Stagecraft-Workspace"
UPSTREAM_HEADER = "X-Stagecraft-Upstream"
_MOST_UPSTREAM = 20
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_LONGEST_WORKSPACE = 255
_LEFT = 499


async def complete(request: HttpRequest) -> Response:
    """Answer a conversation. Raises Refusal, KeyRefused and AssistantError."""
    caller = await key_caller(request, "ask")
    chat = await read_chat(request)
    stage = stage_of(chat.model, language_of(request))
    asked = await _request(request, chat, caller, stage.name)
    answer = Answer(
        house.opened().assistant,
        asked,
        as_json=chat.wants_json,
        grows=bool(chat.stream) and not chat.wants_json,
        link=card_link(request),
    )
    shape = Shape(stage.name, usage=chat.wants_usage)
    if chat.stream:
        return await streamed(answer, shape, partial(refusal_for, language=language_of(request), where=where_of(request)))
    text = await unless_gone(request, answer)
    if text is None:
        return Response(status_code=_LEFT)
    return Json(shape.completion(answer, text), headers=_headers(answer))


async def _request(request: HttpRequest, chat: ChatRequest, caller: Caller, stage: str) -> Request:
    """Return what is asked of the stage. Raises Refusal and NothingThere."""
    texts = texts_in(language_of(request))
    metadata = chat.metadata or {}
    conversation = read_conversation(chat.messages)
    if conversation is None:
        raise Refusal(400, "no_message", texts("api_no_message"), "messages")
    workspace = " ".join((_header(request, WORKSPACE_HEADER) or metadata.get("workspace") or caller.key.workspace).split())
    if not 1 <= len(workspace) <= _LONGEST_WORKSPACE:
        raise Refusal(400, "invalid_value", texts("api_workspace_unsound"), WORKSPACE_HEADER)
    upstream = await _upstream(_header(request, UPSTREAM_HEADER) or metadata.get("upstream", ""), caller, language_of(request))
    upstream = upstream or await _carried_on(stage, conversation, caller)
    most = house.opened().brief_characters
    if len(conversation.brief) > most:
        told = texts("api_brief_long", length=f"{len(conversation.brief):,}", most=f"{most:,}")
        raise Refusal(400, "brief_too_long", told, "messages")
    if not conversation.brief and not upstream:
        raise Refusal(400, "no_message", texts("api_no_message"), "messages")
    language: Language | None = {"en": "en", "zh": "zh"}.get(metadata.get("language", ""))  # type: ignore[assignment]
    return Request(stage, conversation.brief, caller.person, workspace, "api", language, upstream, conversation.material)


async def _upstream(named: str, caller: Caller, language: Language) -> tuple[str, ...]:
    """Return the artifacts that were named. Raises Refusal, and NothingThere where one is not the caller's."""
    ids = tuple(dict.fromkeys(part for part in re.split(r"[\s,]+", named) if part))
    if len(ids) > _MOST_UPSTREAM:
        raise Refusal(400, "invalid_value", texts_in(language)("api_upstream_many", most=_MOST_UPSTREAM), UPSTREAM_HEADER)
    if any(not _ID.fullmatch(artifact) for artifact in ids):
        raise refuse("no-artifact")
    for artifact in ids:
        await house.opened().assistant.workspace_of(artifact, caller.person)
    return ids


async def _carried_on(stage: str, conversation: Conversation, caller: Caller) -> tuple[str, ...]:
    """Return the newest artifact of the conversation that the stage may rest on, if there is one."""
    assistant = house.opened().assistant
    upstream = assistant.stage(stage, "en").upstream
    for artifact in conversation.artifacts if upstream else ():
        try:
            card = await assistant.card(artifact, caller.person)
        except NothingThere:
            continue
        if card.stage in upstream:
            return (artifact,)
    return ()


def _header(request: HttpRequest, name: str) -> str:
    """Return a header's text: percent-encoded, or the bytes of UTF-8 that some clients send as they are."""
    value = request.headers.get(name, "").strip()
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode("utf-8")
    return unquote(value)


def _headers(answer: Answer) -> dict[str, str]:
    artifact = {"X-Stagecraft-Artifact": answer.ready.artifact_id} if answer.ready else {}
    return {TURN_HEADER: answer.turn, **artifact}
