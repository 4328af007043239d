"""Which running program wrote a record, and whether that program still runs."""

import os
import socket
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import uuid4

# Where the system does not tell when a process started, a token drawn once a process at least tells two of them apart.
_DRAWN = uuid4().hex[:12]


@cache
def this_instance() -> str:
    """Return `host:pid:start token` of this process.

    The token is the process's start in clock ticks since boot: it tells a restarted container, whose process has the same
    host name and the same id 1 again, from the one that died.
    """
    state = _state(os.getpid())
    return f"{socket.gethostname()}:{os.getpid()}:{state.started if state else _DRAWN}"


def is_gone(instance: str, seen_from: str) -> bool | None:
    """Tell whether an instance has ended: its process is not there, or its id now belongs to one that started later.

    None where it cannot be told: from another host, and where the system does not say when a process started.
    """
    if instance == seen_from:
        return False
    if _host(instance) != _host(seen_from):
        return None
    _, pid, token = instance.rsplit(":", 2)
    if int(pid) == os.getpid():
        return True
    if sys.platform == "win32":
        # There, signal 0 would interrupt the process instead of asking for it.
        return None
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        # It is there, and another user's.
        pass
    state = _state(int(pid))
    return None if state is None else state.ended or state.started != token


@dataclass(frozen=True)
class _State:
    """What Linux tells of a process: when it started, and whether it ended and only waits to be collected."""

    started: str
    ended: bool


def _state(pid: int) -> _State | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The second field is the program's name in brackets, which may hold spaces; the state is the third, the start the 22nd.
    rest = status.rpartition(")")[2].split()
    return _State(rest[19], rest[0] in "ZX")


def _host(instance: str) -> str:
    return instance.rsplit(":", 2)[0]
