"""The house's side of reading: hands files to a reading process, watches what each of them costs, and ends it beyond a limit."""

import asyncio
import json
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from knowledge.reading.limits import LARGEST_FILE, checked_size
from knowledge.reading.section import CannotRead, Reading
from knowledge.reading.worker import Worker

_LOOK_EVERY: Final = 0.03  # seconds
_RESTING_MEMORY: Final = 300 * 1024 * 1024  # a process that holds more after a file makes room for a new one

Limit = Literal["memory", "cpu", "wall", "reply"]


@dataclass(frozen=True)
class Allowance:
    """What one file may cost: resident bytes (the process is ended in time to stay below 1 GB), seconds of CPU and of the clock."""

    memory: int = 900 * 1024 * 1024
    cpu: float = 30.0
    wall: float = 60.0


class _BrokeOff(CannotRead):
    """The process ended by itself, or was ended from outside, in the middle of a file."""


class Reader:
    """Reads files one after the other in one process, which starts with the first file and ends after a minute without any."""

    def __init__(self, allowance: Allowance | None = None, *, idle: float = 60.0) -> None:
        self._allowance = allowance or Allowance()
        self._idle = idle
        self._worker: Worker | None = None
        self._turn = asyncio.Lock()
        self._rest: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def read(self, path: Path, name: str | None = None) -> Reading:
        """Return what a file says; `name` is told where the path is not what the person calls it. Raises CannotRead."""
        return await self.read_bytes(await asyncio.to_thread(_bytes_of, path), name or path.name)

    async def read_bytes(self, raw: bytes, name: str) -> Reading:
        """Return what the bytes of a file say. Raises CannotRead."""
        return Reading.from_json(await self._asked({"ask": "read", "name": name}, raw))

    async def rows(self, path: Path, sheet: str | None = None) -> list[list[str]]:
        """Return the rows of a CSV or XLSX file as text, empty ones left out; `sheet` names one of a workbook. Raises CannotRead."""
        raw = await asyncio.to_thread(_bytes_of, path)
        found: list[list[str]] = json.loads(await self._asked({"ask": "rows", "name": path.name, "sheet": sheet}, raw))
        return found

    async def close(self) -> None:
        """End the process, also in the middle of a file, whose reader is told so."""
        self._is_closed = True
        if self._worker is not None:
            await asyncio.to_thread(self._worker.end)
        async with self._turn:
            self._dismiss()

    @property
    def worker_id(self) -> int | None:
        """The id of the process that reads, None while there is none."""
        return self._worker.id if self._worker is not None and self._worker.runs() else None

    async def _asked(self, head: dict[str, Any], raw: bytes) -> bytes:
        """Wait for a turn, have the file read, and return the body of the reply. Raises CannotRead."""
        checked_size(raw)
        async with self._turn:
            try:
                reply, body = await self._asked_once(head, raw)
            except _BrokeOff:  # the process may have been ended from outside: a file is guilty only of the second time
                reply, body = await self._asked_once(head, raw)
        if "en" in reply:
            raise CannotRead(reply["en"], reply["zh"], detail=reply["detail"])
        if "limit" in reply:
            raise _beyond(reply["limit"], self._allowance)
        return body

    async def _asked_once(self, head: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
        """Have the file read by the process, and leave that one fit for the next file, or ended."""
        worker = self._awake()
        asking = asyncio.create_task(asyncio.to_thread(worker.ask, head, raw))
        try:
            passed = await self._watch(worker, asking)
            return await self._reply(worker, asking, passed)
        finally:
            await self._settle(worker, asking)

    async def _watch(self, worker: Worker, asking: asyncio.Task[Any]) -> Limit | None:
        """Wait until the file is read; end the process where it passes a limit, and return which."""
        began, spent_before = time.monotonic(), None
        while not (await asyncio.wait({asking}, timeout=_LOOK_EVERY))[0]:
            memory, spent = worker.cost()
            spent_before = spent if spent_before is None else spent_before
            passed = self._passed(memory, spent - spent_before, time.monotonic() - began)
            if passed:
                await asyncio.to_thread(worker.end)
                return passed
        if spent_before is not None and worker.cost()[0] > _RESTING_MEMORY:
            await asyncio.to_thread(worker.end)
        return None

    def _passed(self, memory: int, cpu: float, wall: float) -> Limit | None:
        if memory > self._allowance.memory:
            return "memory"
        if cpu > self._allowance.cpu:
            return "cpu"
        return "wall" if wall > self._allowance.wall else None

    async def _reply(self, worker: Worker, asking: asyncio.Task[Any], passed: Limit | None) -> tuple[dict[str, Any], bytes]:
        """Return the reply, or a refusal where the process ended instead of replying. Raises CannotRead."""
        try:
            reply, body = await asking
        except (EOFError, OSError, ValueError) as error:
            if passed:
                raise _beyond(passed, self._allowance) from error
            status = await asyncio.to_thread(worker.end)
            raise self._ended(status) from error
        return reply, body

    def _ended(self, status: int) -> CannotRead:
        if self._is_closed:
            return _closing()
        return _BrokeOff(
            "The process that reads files broke off at it: save it again in its own program, or as text.",
            "读取进程在处理该文件时中断：请用原程序重新保存，或另存为文本。",
            detail=f"exit status {status}",
        )

    def _awake(self) -> Worker:
        """Return the process, a new one where there is none."""
        if self._is_closed:
            raise _closing()
        if self._rest is not None:
            self._rest.cancel()
        if self._worker is not None and not self._worker.runs():
            self._dismiss()
        if self._worker is None:
            self._worker = Worker()
        return self._worker

    async def _settle(self, worker: Worker, asking: asyncio.Task[Any]) -> None:
        """Leave the process ready for the next file, or none: also where the one who asked went away in the middle."""
        if not asking.done():
            worker.end()
            await asyncio.wait({asking})
        if not worker.runs():
            self._dismiss()
        self._rest = asyncio.get_running_loop().call_later(self._idle, self._dismiss_idle)

    def _dismiss_idle(self) -> None:
        if not self._turn.locked():
            self._dismiss()

    def _dismiss(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _bytes_of(path: Path) -> bytes:
    """Return the bytes of a plain file. Raises CannotRead where it is none, is too large, or cannot be opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CannotRead("It is no plain file: give the file itself.", "这不是普通文件：请提供文件本身。")
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CannotRead(
            f"It cannot be opened ({error.strerror}): see that it is there and may be read.",
            f"无法打开（{error.strerror}）：请确认文件存在且有读取权限。",
        ) from error
    checked_size(raw)
    return raw


def _beyond(limit: Limit, allowance: Allowance) -> CannotRead:
    """Return the refusal that names the limit."""
    cost = {
        "memory": ("takes more than 1 GB of memory", "占用内存超过 1 GB"),
        "cpu": (f"takes more than {allowance.cpu:g} s of computing", f"计算时间超过 {allowance.cpu:g} 秒"),
        "wall": (f"takes longer than {allowance.wall:g} s", f"用时超过 {allowance.wall:g} 秒"),
        "reply": ("gives more than 64 MB of text", "产生的文字超过 64 MB"),
    }[limit]
    return CannotRead(
        f"Reading it {cost[0]}, the limit for one file: split it, or save it as text.",
        f"读取该文件{cost[1]}，已达单个文件的上限：请拆分，或另存为文本。",
    )


def _closing() -> CannotRead:
    return CannotRead("It was not read, the program is closing: try again.", "程序正在关闭，文件未读取：请重试。")
