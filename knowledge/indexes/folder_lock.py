"""Keeps an index folder to one process: two of them leave it unopenable without a word."""

import sys
from pathlib import Path
from typing import IO

from errors import KnowledgeError


class FolderInUse(KnowledgeError):
    """Another process has the folder."""


class FolderLock:
    """Held from its making to `release`; the system frees it when the process dies, however that happens."""

    def __init__(self, folder: Path) -> None:
        """Take the lock. Raises FolderInUse where another process has it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: IO[bytes] = (folder / "lock").open("ab")
        try:
            _lock(self._file)
        except OSError as error:
            self._file.close()
            raise FolderInUse(
                f"Another process uses the index folder {folder}. Stop it, or give this one a data folder of its own.",
                f"索引文件夹 {folder} 正被另一个进程使用。请先停止该进程，或为本进程指定单独的数据文件夹。",
            ) from error

    def release(self) -> None:
        """Free the folder for another process."""
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
