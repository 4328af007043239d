"""Serves the page with the scripted assistant: `python -m tests.doubles.scripted_page PORT DATA_DIR [METHOD]`."""

import sys
from pathlib import Path
from typing import Any, cast

import uvicorn

from channels.house import Opened
from channels.signin.options import Method, SignIn
from channels.web.application import application
from records.database import Database, sqlite_url
from records.migrate import migrate
from tests.doubles.scripted_assistant import ScriptedAssistant


def main(port: int, data_dir: Path, method: Method = "none") -> None:
    """Serve until told to end, to people who sign in by a method."""
    data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(sqlite_url(data_dir.absolute()))

    async def start() -> Opened:
        await migrate(database)
        return Opened(cast(Any, ScriptedAssistant()), database, brief_characters=20_000)

    page = application(start, database.close, data_dir=data_dir, signin=SignIn(method))
    uvicorn.run(page, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *cast("list[Method]", sys.argv[3:]))
