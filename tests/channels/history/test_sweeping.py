"""What Chainlit keeps of pages that are gone is freed; what belongs to an open page stays."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chainlit.chat_context import chat_contexts
from chainlit.config import FILES_DIRECTORY
from chainlit.session import ws_sessions_id
from chainlit.user_session import user_sessions

from channels.history.sweeping import Swept, sweep

PAGES, MESSAGE = 60, 100_000
FILES = Path(FILES_DIRECTORY)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    for held in (chat_contexts, user_sessions, ws_sessions_id):
        held.clear()


def leave_behind(page: str) -> None:
    """What a page leaves: a long message, a note, an uploaded file."""
    chat_contexts[page] = [cast(Any, "m" * MESSAGE + page)]
    user_sessions[page] = {"note": page}
    (FILES / page).mkdir(parents=True, exist_ok=True)
    (FILES / page / "upload").write_bytes(b"x")


async def test_memory_is_flat_again_when_pages_are_gone() -> None:
    await sweep()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for page in range(PAGES):
            leave_behind(f"gone-{page}")
        held = tracemalloc.get_traced_memory()[0] - before
        assert held > PAGES * MESSAGE
        assert await sweep() == Swept(PAGES, PAGES, PAGES)
        assert tracemalloc.get_traced_memory()[0] - before < held / 20
    finally:
        tracemalloc.stop()
    assert not any(FILES.iterdir())


async def test_an_open_page_keeps_what_is_its_own() -> None:
    for page in ("open", "gone"):
        leave_behind(page)
    ws_sessions_id["open"] = cast(Any, SimpleNamespace(id="open"))
    assert await sweep() == Swept(1, 1, 1)
    assert (set(chat_contexts), set(user_sessions), {path.name for path in FILES.iterdir()}) == ({"open"}, {"open"}, {"open"})
    assert (FILES / "open" / "upload").read_bytes() == b"x"
