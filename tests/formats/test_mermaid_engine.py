"""Mermaid's own grammar on a thread of its own: its limits, and what it says of a text that it refuses."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from formats.mermaid import MermaidError
from formats.mermaid_engine import MOST_CHARACTERS, MOST_SHAPES, draw_mermaid, read_mermaid


@pytest.mark.parametrize("text", ["", "hello", "classDiagram\n  class X {{{\n", "stateDiagram-v2\n a ->> b"])
def test_a_text_that_is_no_diagram_is_refused_with_mermaids_own_words(text: str) -> None:
    with pytest.raises(MermaidError, match=r"(?i)error|no diagram|expect"):
        read_mermaid(text)


def test_after_a_refusal_the_next_text_is_read() -> None:
    with pytest.raises(MermaidError):
        read_mermaid("classDiagram\n class {")
    assert list(read_mermaid("classDiagram\n class A")["classes"]) == ["A"]


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(MermaidError, match="too long"):
        read_mermaid("classDiagram\n" + "%% x\n" * MOST_CHARACTERS)


def test_a_diagram_that_is_too_large_is_not_drawn() -> None:
    classes = "\n".join(f"  class C{number}" for number in range(MOST_SHAPES + 1))
    with pytest.raises(MermaidError, match="too large"):
        draw_mermaid(f"classDiagram\n{classes}")


def test_many_threads_read_at_once() -> None:
    texts = [f"classDiagram\n class A{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(read_mermaid, texts))
    assert [list(one["classes"]) for one in read] == [[f"A{number}"] for number in range(24)]


def test_the_engine_is_not_loaded_until_it_is_needed() -> None:
    code = (
        "import sys, formats.mermaid, formats.mermaid_read, formats.mermaid_svg, formats.plantuml_read;"
        "sys.exit(any(name in sys.modules for name in ('quickjs', 'mermaidx')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
