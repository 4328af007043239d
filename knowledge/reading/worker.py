"""One reading process as the house sees it: started with nothing of the house's environment, asked, weighed, ended."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import psutil

from knowledge.reading.child import LONGEST_REPLY, read_message, write_message

_START: Final = "import sys; sys.path[:] = sys.argv[1:]; from knowledge.reading.child import main; main()"
_ROOT: Final = str(Path(__file__).resolve().parents[2])


class Worker:
    """A reading process; it is asked from one thread at a time, and may be ended from any."""

    def __init__(self) -> None:
        paths = [each for each in sys.path if each]
        command = [sys.executable, "-I", "-B", "-X", "utf8", "-W", "ignore", "-c", _START, *paths]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command if _ROOT in paths else [*command, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            process_group=0,  # an interrupt at the terminal is for the house, not for the file that is being read
        )
        self._weighed = psutil.Process(self._process.pid)
        self._is_ready = False

    @property
    def id(self) -> int:
        """The process id."""
        return self._process.pid

    def ask(self, head: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
        """Hand over one file and wait. Raises EOFError, OSError or ValueError where the process ends or replies nonsense."""
        outgoing, incoming = self._process.stdin, self._process.stdout
        if outgoing is None or incoming is None:
            raise EOFError
        if not self._is_ready:
            read_message(incoming, LONGEST_REPLY)
            self._is_ready = True
        write_message(outgoing, head, raw)
        return read_message(incoming, LONGEST_REPLY)

    def runs(self) -> bool:
        """Tell whether the process is there to be asked."""
        return self._process.poll() is None

    def cost(self) -> tuple[int, float]:
        """Return the resident bytes and the seconds of CPU so far, nothing where the process is gone."""
        try:
            times = self._weighed.cpu_times()
            return self._weighed.memory_info().rss, times.user + times.system
        except psutil.Error:
            return 0, 0.0

    def end(self) -> int:
        """End the process and return its exit status; a thread that is asking it sees the end of the pipe."""
        self._process.kill()
        return self._process.wait()

    def close(self) -> None:
        """End the process and close its pipes; only when nobody asks it."""
        self.end()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


def _environment() -> dict[str, str]:
    """Return what an interpreter cannot start without: nothing, or on Windows where the system lies."""
    return {"SYSTEMROOT": os.path.expandvars("%SYSTEMROOT%")} if sys.platform == "win32" else {}
