"""Markdown as we write it: texts escaped so that they are read as they were written, sources numbered."""

import re
from collections.abc import Sequence

from errors import Language

_SOURCES = {"en": "Sources", "zh": "资料来源"}


def escape_markdown(text: str) -> str:
    """Return a text in which nothing is markup, a link, an image or HTML, on one line."""
    escaped = re.sub(r"([\\`*_\[\]<>#|~!&@]|(?<=\w):(?=//)|(?<=www)\.)", r"\\\1", " ".join(text.split()))
    return re.sub(r"^(?:(\d{1,9})(?=[.)])|(?=[-+=]))", r"\1\\", escaped)


def source_list(sources: Sequence[tuple[str, str]], language: Language) -> list[str]:
    """Return the lines of a numbered list of sources, each a title and where in the asset it stands; nothing without sources."""
    if not sources:
        return []
    lines = [f"## {_SOURCES[language]}", ""]
    for number, (title, breadcrumb) in enumerate(sources, 1):
        where = f" › {escape_markdown(breadcrumb)}" if breadcrumb and breadcrumb != title else ""
        lines.append(f"{number}. {escape_markdown(title)}{where}")
    return lines
