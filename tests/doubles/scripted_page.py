"""Serves the page with the scripted assistant: `python -m tests.doubles.scripted_page PORT DATA_DIR`."""

import sys
from pathlib import Path
from typing import Any, cast

import uvicorn

from channels.web.application import application
from tests.doubles.scripted_assistant import ScriptedAssistant


def main(port: int, data_dir: Path) -> None:
    """Serve until told to end."""
    assistant = ScriptedAssistant()
    page = application(cast(Any, assistant.start), assistant.stop, data_dir=data_dir, brief_characters=20_000)
    uvicorn.run(page, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=3)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
