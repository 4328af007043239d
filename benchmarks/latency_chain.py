"""LangChain's tutorial chain in its own process and environment, asked line by line."""

import asyncio
import hashlib
import json
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import ROOT
from benchmarks.kept_e5 import vectors_in


class Chain:
    """LangChain's chain in its own process; without one, it never answers."""

    def __init__(self, process: asyncio.subprocess.Process | None) -> None:
        self._process = process

    async def search(self, query: str, *, recall: bool) -> float | None:
        """Return the seconds of a search, as they are measured there; None without a process."""
        if self._process is None:
            return None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"query": query, "recall": recall}).encode() + b"\n")
        return float((await self.line())["seconds"])

    async def line(self) -> dict[str, Any]:
        """Return what the process says next. Raises RuntimeError where it ended."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("LangChain's chain ended before it answered; see latency/langchain.log in the benchmarks' data.")
        answer: dict[str, Any] = json.loads(line)
        return answer


@asynccontextmanager
async def chain_over(python: Path | None, data: Path, texts: list[str], rows: int) -> AsyncGenerator[Chain, None]:
    """Start LangChain's chain over so many rows of these texts; without its Python, a chain that never answers."""
    if python is None:
        yield Chain(None)
        return
    folder = data / "latency"
    given, log = folder / "texts.json", folder / "langchain.log"
    given.write_text(json.dumps(texts, ensure_ascii=False), "utf-8")
    store = folder / f"langchain-{rows}-{hashlib.sha256(given.read_bytes()).hexdigest()[:12]}"
    command = [str(python), "-m", "benchmarks.peers_env.serve_search", str(given), str(rows), str(store), str(vectors_in(data))]
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=said)
    try:
        chain = Chain(process)
        await chain.line()
        yield chain
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
