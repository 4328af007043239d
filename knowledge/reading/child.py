"""The process that reads files: it has no network, no children, no secrets, writes nowhere, and dies with the house."""

import contextlib
import json
import os
import struct
import sys
from typing import IO, Any, Final

from knowledge.reading.section import CannotRead

# A message: the length of its head, the length of its body, the head as JSON, the body as bytes.
FRAME: Final = struct.Struct("!II")
LONGEST_REPLY: Final = 64 * 1024 * 1024

# Above the resident memory at which the house ends the process, below the 1 GB that it promises.
_PRIVATE_MEMORY = 960 * 1024 * 1024
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _SIGKILL = 1, 9
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile",
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown", "os.kill",
    "shutil.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.", "winreg.", "pty.",
)  # fmt: skip
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def write_message(stream: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Send a message whole. Raises OSError where the other side is gone."""
    written = json.dumps(head).encode("utf-8")
    stream.write(FRAME.pack(len(written), len(body)) + written)
    stream.write(body)
    stream.flush()


def read_message(stream: IO[bytes], longest: int) -> tuple[dict[str, Any], bytes]:
    """Receive a message. Raises EOFError where the other side is gone, ValueError where the message is too long or unsound."""
    lengths = FRAME.unpack(_exactly(stream, FRAME.size))
    if sum(lengths) > longest:
        raise ValueError(f"a message of {sum(lengths)} bytes")
    head = json.loads(_exactly(stream, lengths[0]))
    return head, _exactly(stream, lengths[1])


def main() -> None:
    """Serve until the house closes the pipe."""
    incoming, outgoing = _pipes()
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl would load it, with its threads, and not need it
    _give_up_rights()
    with contextlib.suppress(EOFError, BrokenPipeError):
        write_message(outgoing, {"ready": True})
        while True:
            head, raw = read_message(incoming, sys.maxsize)
            head, body = _answered(head, raw)
            raw = b""
            write_message(outgoing, head, body)


def _answered(head: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], bytes]:
    """Read one file; return its reading, its rows, or the sentence of its refusal."""
    from knowledge.reading import formats

    try:
        if head["ask"] == "rows":
            body = json.dumps(formats.rows(head["name"], raw, head["sheet"]), ensure_ascii=False).encode("utf-8")
        else:
            body = formats.read(head["name"], raw).to_json().encode("utf-8")
    except CannotRead as refusal:
        return {"en": refusal.en, "zh": refusal.zh, "detail": refusal.detail}, b""
    except MemoryError:
        return {"limit": "memory"}, b""
    return ({}, body) if len(body) < LONGEST_REPLY - 1024 else ({"limit": "reply"}, b"")


def _exactly(stream: IO[bytes], length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep the two pipes to the house; what a library prints goes nowhere."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return incoming, outgoing


def _give_up_rights() -> None:
    """Give up, where the system lets one, the network, core dumps, memory without bound, and the right to do anything but read."""
    if sys.platform != "win32":
        import resource

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_DATA, (_PRIVATE_MEMORY, _PRIVATE_MEMORY))
            _leave_network()
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse_deeds)


def _leave_network() -> None:
    """Move into an empty network where that may be, and die with the house even where it is killed."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def _refuse_deeds(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever reaches out of the process. Raises PermissionError."""
    if event.startswith(_FORBIDDEN) or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
        raise PermissionError(f"{event} is not for a process that reads")


if __name__ == "__main__":
    main()
