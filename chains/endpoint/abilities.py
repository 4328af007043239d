"""Finds out once what an endpoint can do; what the settings say is taken as given and not asked."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from chains.endpoint import sentences as say
from chains.endpoint.asking import Abilities, Ask, Message, Reply
from chains.endpoint.options import EndpointOptions
from errors import BrokenReply, EndpointMisconfigured

CONTEXT_TOKENS = 8192
# Words that no model says of its own accord: an answer from this list proves that the schema was decoded under.
ODD_WORDS = ("korvax", "blimfo")
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": list(ODD_WORDS)}},
    "required": ["answer"],
    "additionalProperties": False,
}
QUESTION = Ask((Message("user", 'Is water wet? Answer as JSON, such as {"answer": "yes"}.'),), SCHEMA, "answer", 200)

Get = Callable[[str], Awaitable[Any]]
Call = Callable[[Ask, Abilities], Awaitable[Reply]]


async def find_out(options: EndpointOptions, get: Get, call: Call) -> Abilities:
    """Return the abilities of an endpoint: model and context from its list, the schema and streaming by one small call.

    `get` returns the JSON at a path, `call` makes one call. Raises EndpointError where the endpoint cannot be reached, refuses
    the key, or neither names a model nor was given one.
    """
    notes: list[str] = []
    entry = await _listed(options, get, notes)
    way = ("items" if options.demonstration else "whole") if options.way == "auto" else options.way
    found = Abilities(
        model=options.model or str(entry["id"]),
        structured=options.structured != "prompt",
        streaming=options.streaming is not False,
        context_tokens=options.context_tokens or await _context(entry, get, notes),
        way=way,
        parallel=options.parallel,
        demonstration=options.demonstration,
    )
    if options.structured == "auto":
        found = await _with_schema(found, options, call, notes)
    return replace(found, notes=tuple(notes))


async def _listed(options: EndpointOptions, get: Get, notes: list[str]) -> dict[str, Any]:
    """Return the model's entry of the server's list; empty where the list is not needed or not there."""
    if options.model and options.context_tokens:
        return {}
    try:
        listed = await get("/models")
    except BrokenReply:
        if not options.model:
            raise
        listed = None
    entries = _entries(listed)
    if options.model:
        entries = [entry for entry in entries if entry["id"] == options.model]
        if not entries:
            notes.append("The server does not list the model named in the settings.")
            return {}
    if not entries:
        raise say.misconfigured("the server lists no model and the settings name none")
    return entries[0]


def _entries(listed: Any) -> list[dict[str, Any]]:
    """Return the models of a list; none where it has another shape."""
    data = listed.get("data") if isinstance(listed, dict) else None
    return [entry for entry in data if isinstance(entry, dict) and entry.get("id")] if isinstance(data, list) else []


async def _context(entry: dict[str, Any], get: Get, notes: list[str]) -> int:
    """Return the longest prompt and reply together, in tokens, from the first place that says so."""
    meta = entry.get("meta") if isinstance(entry.get("meta"), dict) else {}
    said: list[Any] = [entry.get("max_model_len"), (meta or {}).get("n_ctx")]
    if not any(isinstance(number, int) for number in said) and entry.get("owned_by") == "llamacpp":
        said += [await _props(get), (meta or {}).get("n_ctx_train")]
    for number in said:
        if isinstance(number, int) and number > 0:
            return number
    notes.append(f"The server does not say how much its model reads: {CONTEXT_TOKENS} tokens are assumed.")
    return CONTEXT_TOKENS


async def _props(get: Get) -> Any:
    """Return the context of one slot as llama.cpp's server tells it, None where it does not."""
    try:
        props = await get("/props")
        return props["default_generation_settings"]["n_ctx"]
    except (BrokenReply, KeyError, TypeError):
        return None


async def _with_schema(found: Abilities, options: EndpointOptions, call: Call, notes: list[str]) -> Abilities:
    """Find out by one call whether the schema is decoded under, and by another where that one failed whether it streams."""
    try:
        return replace(found, structured=_odd(await call(QUESTION, found), notes))
    except (EndpointMisconfigured, BrokenReply) as error:
        plain = replace(QUESTION, schema=None)
        try:
            await call(plain, found)
        except BrokenReply:
            if options.streaming is not None:
                raise
            # Some gateways answer in one body whatever was asked for: seen by the client as a stream without a word.
            whole = replace(found, streaming=False)
            reply = await call(QUESTION, whole)
            notes.append("The server does not stream: answers appear at once.")
            return replace(whole, structured=_odd(reply, notes))
        notes.append(f"The server refuses a JSON Schema ({type(error).__name__}): it stands in the prompt instead.")
        return replace(found, structured=False)


def _odd(reply: Reply, notes: list[str]) -> bool:
    """Tell whether the reply is one that only the schema explains."""
    try:
        if json.loads(reply.text)["answer"] in ODD_WORDS:
            return True
    except (ValueError, KeyError, TypeError):
        pass
    notes.append("The server takes a JSON Schema and does not keep to it: it stands in the prompt instead.")
    return False
