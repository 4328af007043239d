"""The process that reads."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.reading.child import read_message, write_message

_ROOT = str(Path(__file__).resolve().parents[3])


def _deed(code: str) -> subprocess.CompletedProcess[str]:
    """Let a process give up its rights and then do something."""
    start = f"import sys; sys.path.append({_ROOT!r}); from knowledge.reading.child import _give_up_rights; _give_up_rights()\n"
    return subprocess.run([sys.executable, "-I", "-c", start + code], check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.remove('/nowhere')",
        "import os; os.mkdir('never')",
        "open('never', 'w')",
        "open('/dev/null', 'ab')",
        "import os; os.open('never', os.O_CREAT | os.O_RDWR)",
        "import pathlib; pathlib.Path('never').write_text('x')",
    ],
)
def test_nothing_reaches_out_of_it(code: str) -> None:
    done = _deed(code)
    assert done.returncode != 0
    assert "PermissionError" in done.stderr
    assert not Path("never").exists()


def test_it_may_still_load_its_own_modules() -> None:
    assert _deed("import docx, openpyxl, pptx, pypdf, bs4, markdownify, yaml; print('read')").stdout == "read\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds private memory")
def test_its_private_memory_ends_below_one_gigabyte() -> None:
    assert "MemoryError" in _deed("x = b'x' * 1000_000_000").stderr


def test_messages_come_whole_or_not_at_all() -> None:
    stream = io.BytesIO()
    write_message(stream, {"name": "限额"}, b"body")
    written = stream.getvalue()
    assert read_message(io.BytesIO(written), 1000) == ({"name": "限额"}, b"body")
    with pytest.raises(EOFError):
        read_message(io.BytesIO(written[:-1]), 1000)
    with pytest.raises(ValueError, match="bytes"):
        read_message(io.BytesIO(written), 10)


def test_it_ends_when_the_house_closes_the_pipe() -> None:
    code = f"import sys; sys.path.append({_ROOT!r}); from knowledge.reading.child import main; main()"
    done = subprocess.run([sys.executable, "-I", "-c", code], check=False, input=b"", capture_output=True, timeout=60)
    assert done.returncode == 0
    assert b"ready" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="the module is started as on a server")
def test_it_can_be_started_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "knowledge.reading.child"], check=False, input=b"", capture_output=True, timeout=60, cwd=_ROOT
    )
    assert done.returncode == 0
