"""The house that is measured: the real one, on a data folder of its own that keeps the sample pack between runs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from assembly import House, IndexChoice, assemble
from knowledge.knowledge import Knowledge
from settings import Settings, load


def settings_for(data: Path, model: str | None = None, **endpoint: Any) -> Settings:
    """Return the settings of this environment on another data folder; `endpoint` changes those of the endpoint."""
    settings = load()
    changed: dict[str, Any] = {"data_dir": data}
    if model is not None:
        changed["embedded"] = settings.embedded.model_copy(update={"model": model})
    if endpoint:
        changed["endpoint"] = settings.endpoint.model_copy(update=endpoint)
    return settings.model_copy(update=changed)


@asynccontextmanager
async def opened(settings: Settings, index: IndexChoice = "memory") -> AsyncGenerator[House, None]:
    """Open the house and wait until every passage of the pack has its vector in the index."""
    house = assemble(settings, index=index)
    try:
        await house.start()
        knowledge = knowledge_of(house)
        await knowledge.sync_pack()
        while knowledge.status().waiting:
            await asyncio.sleep(0.2)
        yield house
    finally:
        await house.stop()


def knowledge_of(house: House) -> Knowledge:
    """Return the knowledge of a house that is open."""
    assert house.knowledge is not None
    return house.knowledge
