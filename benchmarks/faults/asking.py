"""The assistant as people of the desks reach it: over a model that cites all that it is shown, and over the page's addresses."""

import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from chains.assistant import Assistant
from chains.endpoint.asking import Ask
from chains.events import Person
from chains.flow import Flow
from channels.web.routes import routes
from knowledge.knowledge import Knowledge
from records.ledger import Ledger
from records.workspaces import Workspaces
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import Said, ScriptedEndpoint


def assistant_over(knowledge: Knowledge, endpoint: ScriptedEndpoint) -> Assistant:
    """Return the assistant of a house with this knowledge and this model."""
    database = knowledge.records.database
    return Assistant(Flow(catalog(), knowledge, endpoint, Workspaces(database), Ledger(database)), knowledge)


def shown_in(ask: Ask) -> str:
    """Return what a model was shown for the brief."""
    return "\n".join(message.text for message in ask.messages if message.role == "user")


def stories_citing(ask: Ask, words: str = "") -> Said:
    """Cite everything that was shown, a story each, which repeats `words`."""
    role = _first_enumeration(ask.schema, "role")
    stories = [
        {
            "id": f"S{number}",
            "role": role,
            "want": f"raise the transfer limit {key} {words}",
            "benefit": "money moves",
            "entities": [],
            "sources": [key],
        }
        for number, key in enumerate(sorted(set(re.findall(r"\[(P\d+)\]", shown_in(ask)))), 1)
    ]
    return {"stories": stories, "questions": []}


@asynccontextmanager
async def client_of(assistant: Assistant, people: Iterable[Person]) -> AsyncGenerator[httpx.AsyncClient, None]:
    """Open a client of the page's addresses; the header `x-person` says who asks."""
    known = {person.id: person for person in people}
    application = FastAPI()
    application.include_router(routes(lambda: assistant, lambda request: known[request.headers["x-person"]]))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://127.0.0.1") as client:
        yield client


def addresses(artifact: str, turn: str) -> list[str]:
    """Return where the page shows or hands out what an artifact rests on."""
    passages = [f"/artifacts/{artifact}/passages/P{number}" for number in range(1, 7)]
    return [*passages, f"/artifacts/{artifact}/export/md", f"/artifacts/{artifact}/export/json", f"/turns/{turn}/prompt"]


def _first_enumeration(schema: Any, name: str) -> str:
    """Return the first value that a field of this name may have."""
    if isinstance(schema, dict):
        if name in schema and isinstance(schema[name], dict) and "enum" in schema[name]:
            return str(schema[name]["enum"][0])
        return next(filter(None, (_first_enumeration(part, name) for part in schema.values())), "")
    return ""
