"""JSON and YAML that describe nothing known: an indented outline that reads like the file, each large part a section."""

from collections.abc import Iterator
from typing import Any

from knowledge.reading.markdown import title_of
from knowledge.reading.section import Reading, Section

_PLAIN = str | int | float | bool | None


def read_outline(data: Any, name: str) -> Reading:
    """Read data as an outline: the first level of names is the trail."""
    if not isinstance(data, dict):
        return Reading(title_of(name), (Section((), "\n".join(_lines(data, 0))),))
    plain = {key: value for key, value in data.items() if isinstance(value, _PLAIN)}
    sections = [Section((), "\n".join(_lines(plain, 0)))]
    sections += [Section((key,), "\n".join(_lines(value, 0))) for key, value in data.items() if key not in plain]
    title = data.get("title") or data.get("name")
    return Reading(title if isinstance(title, str) else title_of(name), tuple(sections))


def _lines(data: Any, level: int) -> Iterator[str]:
    """Yield list items, each name with its value, deeper ones indented."""
    indent = "  " * level
    pairs = data.items() if isinstance(data, dict) else (("", each) for each in data) if isinstance(data, list) else [("", data)]
    for key, value in pairs:
        head = f"{indent}- {key}: " if key else f"{indent}- "
        if isinstance(value, _PLAIN):
            yield head + _written(value)
        elif isinstance(value, list) and all(isinstance(each, _PLAIN) for each in value):
            yield head + ", ".join(map(_written, value))
        else:
            yield head.rstrip()
            yield from _lines(value, level + 1)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else " ".join(str(value).split())
