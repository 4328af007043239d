"""How much later the first token comes than in a raw call with the same prompt: what gathering, planning and recording cost.

Both calls go in turn to one server on loopback that answers at once, so that the difference is our own work.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import Figure, Journal
from benchmarks.opened import opened, settings_for
from chains.assistant import Assistant
from chains.events import AnswerFailed, MaterialGathered, Person, Request, StepDone, TextArrived, TurnBegan
from evaluation.briefs import read_briefs
from knowledge.embeddings.choice import EmbeddingChoice
from tests.doubles.misbehaving_server import MisbehavingServer

TARGET = 0.150
WORDS = (10, 30, 60, 100)
WITHOUT_EMBEDDING = 60
WARM_UP = 3
ASKER = Person("benchmark", "Benchmark")


@dataclass(frozen=True)
class Timed:
    """One answer against one raw call, in seconds; `parts` tell where the time until the first token went."""

    ours: float
    raw: float
    embedding: float
    parts: dict[str, float]

    @property
    def added(self) -> float:
        """What we add to the raw call."""
        return self.ours - self.raw


async def measure(data: Path, journal: Journal, *, runs: int) -> None:
    """Print the added time for each length of brief, for a strong endpoint (`whole`) and a weak one (`items`)."""
    for way in ("whole", "items"):
        async with MisbehavingServer([_reply]) as server, _house(data, server.base_url, way) as house:
            assert house.assistant is not None
            for words in WORDS:
                timed = await _timed(house.assistant, server, words, runs)
                for figure in _figures(way, words, timed):
                    journal.tell(figure)


def _house(data: Path, address: str, way: str) -> Any:
    """Return the house as the page has it: the real knowledge in Chroma, the real records, an endpoint on loopback."""
    settings = settings_for(
        data, base_url=address, model="scripted", way=way, structured="schema", context_tokens=8192, api_key=None
    )
    return opened(settings, "chroma")


async def _timed(assistant: Assistant, server: MisbehavingServer, words: int, runs: int) -> list[Timed]:
    """Answer and call in turn; the first few do not count."""
    embedding, _ = await asyncio.to_thread(EmbeddingChoice("embedded").begin)
    assert embedding is not None
    timed = []
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for number in range(WARM_UP + runs):
            brief = _brief(words, number)
            since = time.perf_counter()
            await asyncio.to_thread(embedding.queries, [brief])
            embedded = time.perf_counter() - since
            sent = len(server.requests)
            ours, parts = await _ours(assistant, brief)
            raw = await _raw(client, server, server.requests[sent])
            timed.append(Timed(ours, raw, embedded, parts))
    return timed[WARM_UP:]


async def _ours(assistant: Assistant, brief: str) -> tuple[float, dict[str, float]]:
    """Return the seconds until the first text of an answer arrived, and how they divide."""
    begun = last = time.perf_counter()
    first = 0.0
    parts: dict[str, float] = {}
    async for event in assistant.answer(Request("user_stories", brief, ASKER, workspace="benchmark", channel="benchmark")):
        now = time.perf_counter()
        if isinstance(event, AnswerFailed):
            raise RuntimeError(f"{event.sentence} (brief: {brief!r}, {event.draft[:200]})")
        if first:
            continue
        name = _part(event)
        if name:
            parts[name] = parts.get(name, 0.0) + now - last
            last = now
        if isinstance(event, TextArrived):
            first = now - begun
    if not first:
        raise RuntimeError(f"no text arrived for {brief!r}")
    return first, parts


def _part(event: object) -> str:
    """Return what ends with an event."""
    match event:
        case TurnBegan():
            return "record"
        case StepDone(name=name):
            return name
        case MaterialGathered():
            return "gather"
        case TextArrived():
            return "endpoint"
        case _:
            return ""


async def _raw(client: httpx.AsyncClient, server: MisbehavingServer, body: dict[str, Any]) -> float:
    """Return the seconds until the first text of a raw call with the same body arrived."""
    since = time.perf_counter()
    first = 0.0
    async with client.stream("POST", f"{server.base_url}/chat/completions", json=body) as response:
        async for text in _texts(response):
            first = first or (time.perf_counter() - since if text else 0.0)
    return first


async def _texts(response: httpx.Response) -> AsyncGenerator[str, None]:
    async for line in response.aiter_lines():
        if line.startswith("data: {"):
            choices = json.loads(line.removeprefix("data: "))["choices"]
            yield choices[0]["delta"].get("content") or "" if choices else ""


def _figures(way: str, words: int, timed: list[Timed]) -> list[Figure]:
    """Return median and 95th percentile of the added time, and where it went."""
    added = sorted(one.added for one in timed)
    embedding = _median([one.embedding for one in timed])
    most = TARGET if words <= WITHOUT_EMBEDDING else TARGET + embedding
    told = f"under {most * 1000:.0f} ms"
    median, late = _median(added), added[min(len(added) - 1, int(len(added) * 0.95))]
    name = f"added before the first token, {words} words, {way}"
    parts = {part: _median([one.parts.get(part, 0.0) for one in timed]) for part in timed[0].parts}
    parts |= {"raw": _median([one.raw for one in timed]), "embedding": embedding}
    spread = ", ".join(f"{part} {seconds * 1000:.0f}" for part, seconds in parts.items())
    return [
        Figure("first_token", f"{name}: median", f"{median * 1000:.0f} ms", told, median < most),
        Figure("first_token", f"{name}: p95", f"{late * 1000:.0f} ms", told, late < most),
        Figure("first_token", f"  where it went, ms: {spread}", ""),
    ]


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _brief(words: int, number: int) -> str:
    """Return a brief of so many words, another one for each number, made of what analysts wrote; an action comes first."""
    opening, written = ["A", "customer", "can", "see", "the", "account;"], list[str]()
    for brief in read_briefs():
        if brief.language == "en" and brief.kind == "ordinary":
            written += brief.text.split()
    return " ".join([*opening, *islice(cycle(written), number * 37, number * 37 + words - len(opening))])


def _reply(body: dict[str, Any]) -> str:
    """Return a sound reply to whatever schema the request holds."""
    held: dict[str, Any] = body["response_format"]["json_schema"]["schema"]
    return json.dumps(_filled(held, held.get("$defs", {})))


def _filled(schema: dict[str, Any], named: dict[str, Any]) -> Any:
    """Return the shortest value that a schema allows."""
    if "$ref" in schema:
        return _filled(named[schema["$ref"].rsplit("/", 1)[1]], named)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: "S1" if name == "id" else _filled(inner, named) for name, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return [_filled(schema["items"], named)] * schema.get("minItems", 0)
    return "see the income records of the account"
