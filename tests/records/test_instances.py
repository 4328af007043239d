"""A program that died is told from one that runs."""

import os
import subprocess
import sys
from pathlib import Path

from records.instances import is_gone, this_instance

ROOT = Path(__file__).parents[2]
HOST, PID, TOKEN = this_instance().rsplit(":", 2)


def instance_of(child: subprocess.Popen[bytes]) -> str:
    """What the child would say of itself, told by a third process that takes its id."""
    code = f"import os; os.getpid = lambda: {child.pid}; from records.instances import this_instance; print(this_instance())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()


def test_this_program_is_not_gone() -> None:
    assert int(PID) == os.getpid()
    assert is_gone(this_instance(), this_instance()) is False


def test_a_process_that_ended_is_gone_even_before_its_parent_has_collected_it() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        instance = instance_of(child)
        assert is_gone(instance, this_instance()) is False
        assert is_gone(f"{instance}0", this_instance()), "a process with that id lives, but began at another moment"
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_gone(instance, this_instance())
    assert is_gone(instance, this_instance())


def test_an_earlier_process_with_this_ones_id_is_gone() -> None:
    assert is_gone(f"{HOST}:{PID}:1", this_instance())


def test_of_another_host_it_cannot_be_told() -> None:
    assert is_gone("elsewhere:1:2", this_instance()) is None


def test_the_name_of_a_host_may_hold_colons() -> None:
    assert is_gone("fe80::1:7:2", f"fe80::1:{PID}:{TOKEN}") is not None
