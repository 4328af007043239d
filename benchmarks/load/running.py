"""The programs of a run, each in a process of its own: the endpoint, the page, the people; and what the page costs meanwhile."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.figures import ROOT

_START_SECONDS = 180.0
_ANSWER_LIMIT = 1 << 28
_SETTLE_SECONDS, _SETTLE_TRIES, _SETTLED_SHARE = 3.0, 60, 0.2
Json = dict[str, Any]


@dataclass
class Running:
    """What runs: addresses of endpoint and page, the driver to give orders to, the page's process to watch."""

    page: str
    endpoint: str
    process: psutil.Process
    endpoint_process: psutil.Process
    driver: asyncio.subprocess.Process

    async def order(self, **order: Any) -> Json:
        """Have the driver do something and return what it tells. Raises RuntimeError where it ended."""
        assert self.driver.stdin is not None
        assert self.driver.stdout is not None
        self.driver.stdin.write(json.dumps(order).encode() + b"\n")
        line = await self.driver.stdout.readline()
        if not line:
            raise RuntimeError("the driver ended; see driver.log")
        told: Json = json.loads(line)
        return told

    async def settled(self) -> None:
        """Wait until the page has made its vectors and loaded what it needs: it uses hardly any processor then."""
        for _ in range(_SETTLE_TRIES):
            used = _used(self.process)
            await asyncio.sleep(_SETTLE_SECONDS)
            if _used(self.process) - used < _SETTLED_SHARE * _SETTLE_SECONDS:
                return

    async def seen(self) -> Json:
        """Return what the endpoint saw."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            told: Json = (await client.get(f"{self.endpoint}/seen")).json()
        return told


@dataclass
class Watch:
    """What a process costs while something goes on: memory (MiB, with its seconds) and processor seconds."""

    process: psutil.Process
    every: float
    memory: list[tuple[float, float]] = field(default_factory=list)
    cpu: float = 0.0
    seconds: float = 0.0

    @contextlib.asynccontextmanager
    async def on(self) -> AsyncGenerator[None, None]:
        """Watch until the block ends."""
        began, used = time.monotonic(), _used(self.process)
        task = asyncio.create_task(self._sample(began))
        try:
            yield
        finally:
            task.cancel()
            self.cpu, self.seconds = _used(self.process) - used, time.monotonic() - began

    async def _sample(self, began: float) -> None:
        while True:
            self.memory.append((time.monotonic() - began, self.process.memory_info().rss / 2**20))
            await asyncio.sleep(self.every)

    def slope(self, since: float) -> float:
        """Return how many MiB a minute the memory grew from `since` seconds on, by least squares."""
        points = [(at / 60, size) for at, size in self.memory if at >= since]
        if len(points) < 2:
            return 0.0
        mean_at, mean_size = (sum(values) / len(points) for values in zip(*points, strict=True))
        spread = sum((at - mean_at) ** 2 for at, _ in points)
        return float(sum((at - mean_at) * (size - mean_size) for at, size in points) / spread)


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user) + float(times.system)


@contextlib.asynccontextmanager
async def running(folder: Path, *, rate: float, python: str = sys.executable, **settings: str) -> AsyncGenerator[Running, None]:
    """Start the endpoint, the page with these settings and the driver, and end them with the block.

    Raises RuntimeError where one does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ports = [_free_port(), _free_port()]
    page, endpoint = (f"http://127.0.0.1:{port}" for port in ports)
    served = _environment(folder, f"{endpoint}/v1", settings)
    async with contextlib.AsyncExitStack() as stack:
        asked = await _started(stack, folder, "endpoint", "-m", "benchmarks.load.endpoint", str(ports[1]), str(rate))
        await _until_answered(f"{endpoint}/seen", asked)
        web = ("-m", "uvicorn", "app:app", "--port", str(ports[0]), "--log-level", "warning")
        server = await _started(stack, folder, "page", *web, variables=served, python=python)
        await _until_answered(f"{page}/health", server)
        driver = await _started(stack, folder, "driver", "-m", "benchmarks.load.driver", page, piped=True)
        yield Running(page, endpoint, psutil.Process(server.pid), psutil.Process(asked.pid), driver)


@contextlib.asynccontextmanager
async def endpoint_running(folder: Path, rate: float) -> AsyncGenerator[str, None]:
    """Start the endpoint alone and yield its address. Raises RuntimeError where it does not start."""
    folder.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    async with contextlib.AsyncExitStack() as stack:
        asked = await _started(stack, folder, "endpoint", "-m", "benchmarks.load.endpoint", str(port), str(rate))
        await _until_answered(f"http://127.0.0.1:{port}/seen", asked)
        yield f"http://127.0.0.1:{port}"


def _environment(folder: Path, endpoint: str, settings: dict[str, str]) -> dict[str, str]:
    """Return an environment of these settings of ours and of no other."""
    held = {name: value for name, value in os.environ.items() if not name.upper().startswith("STAGECRAFT_")}
    known = {
        "DATA_DIR": str(folder / "data"),
        "ENDPOINT__BASE_URL": endpoint,
        "ENDPOINT__MODEL": "load",
        "ENDPOINT__STRUCTURED": "schema",
        "ENDPOINT__CONTEXT_TOKENS": "16384",
        **settings,
    }
    return held | {f"STAGECRAFT_{name}": value for name, value in known.items()}


async def _started(
    stack: contextlib.AsyncExitStack,
    folder: Path,
    name: str,
    *arguments: str,
    variables: dict[str, str] | None = None,
    python: str = sys.executable,
    piped: bool = False,
) -> asyncio.subprocess.Process:
    """Start a program, its log beside the others, and end it with the stack."""
    log = stack.enter_context((folder / f"{name}.log").open("wb"))
    process = await asyncio.create_subprocess_exec(
        python,
        *arguments,
        cwd=ROOT,
        env=variables,
        stdin=asyncio.subprocess.PIPE if piped else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE if piped else log,
        stderr=log,
        limit=_ANSWER_LIMIT,
    )
    stack.push_async_callback(_end, process)
    return process


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(20):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _until_answered(address: str, process: asyncio.subprocess.Process) -> None:
    """Wait until an address answers. Raises RuntimeError where it does not in time."""
    until = time.monotonic() + _START_SECONDS
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        while time.monotonic() < until and process.returncode is None:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(address)).status_code == 200:
                    return
            await asyncio.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
