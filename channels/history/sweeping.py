"""Frees what Chainlit never does: what was said, noted and uploaded in pages that are gone stays in its memory and on the disk."""

import asyncio
import logging
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from chainlit.chat_context import chat_contexts
from chainlit.config import FILES_DIRECTORY
from chainlit.session import ws_sessions_id
from chainlit.user_session import user_sessions

_log = logging.getLogger("stagecraft.page")
SWEEP_SECONDS = 60.0


@dataclass(frozen=True)
class Swept:
    """How many messages' lists, notes and folders of files were freed."""

    contexts: int
    notes: int
    folders: int


async def keep_swept(seconds: float = SWEEP_SECONDS) -> None:
    """Sweep again and again until cancelled."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await sweep()
        except OSError as error:
            _log.warning("the files of pages that are gone could not be removed: %s", error)


async def sweep() -> Swept:
    """Free what belongs to no page that is open or may come back, and return how much that was. Raises OSError."""
    open_now = frozenset(ws_sessions_id)
    contexts, notes = _dropped(chat_contexts, open_now), _dropped(user_sessions, open_now)
    return Swept(contexts, notes, await asyncio.to_thread(_removed, Path(FILES_DIRECTORY)))


def _dropped(held: dict[str, object], open_now: Collection[str]) -> int:
    gone = [session for session in held if session not in open_now]
    for session in gone:
        del held[session]
    return len(gone)


def _removed(folder: Path) -> int:
    """Remove the folders of pages that are gone; who is open is asked per folder, since a page may open meanwhile."""
    if not folder.is_dir():
        return 0
    gone = [inside for inside in folder.iterdir() if inside.is_dir() and inside.name not in ws_sessions_id]
    for inside in gone:
        shutil.rmtree(inside, ignore_errors=True)
    return len(gone)
