"""Takes what a stranger's file holds for text: bounded, without markup that would act, and without headings or fences that leak."""

import re
from collections.abc import Iterable
from typing import Any

_HTML = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|code|pre|ul|ol|li|a|div|span|table|thead|tbody|tr|td|th|h[1-6]|hr|img|font|blockquote"
    r"|script|style|iframe|object|embed|svg|form|input|button|link|meta|base)\b[^<>]{0,400}>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(?m)^[ \t]{0,3}#{1,6}[ \t]+(\S[^\n]*)$")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\([^()\s]{1,500}\)")
_TICKS = re.compile(r"`+")


def mapping(value: Any) -> dict[str, Any]:
    """Return the value where it is an object, else an empty one: strangers put anything anywhere."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return the value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def one_line(value: Any, limit: int = 300) -> str:
    """Return a text or number on one line, links as their words, at most `limit` characters; anything else is ""."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        value = _number(value)
    if not isinstance(value, str):
        return ""
    # Cut before it is looked at: a text of megabytes may stand behind a reference that thousands share.
    line = " ".join(_LINK.sub(r"\1", _HTML.sub(" ", value[: 2 * limit])).split())
    return line if len(line) <= limit and len(value) <= 2 * limit else f"{line[: limit - 1].rstrip()}…"


def prose(value: Any, limit: int = 2000) -> str:
    """Return a text of several lines, at most about `limit` characters: headings become bold, an open fence is closed."""
    if not isinstance(value, str):
        return one_line(value, limit)
    text = "\n".join(line.rstrip() for line in _HTML.sub(" ", value[: 2 * limit]).splitlines())
    text = _BLANK_LINES.sub("\n\n", _HEADING.sub(r"**\1**", text)).strip()
    if len(text) > limit or len(value) > 2 * limit:
        text = f"{text[: limit - 1].rstrip()}…"
    return f"{text}\n```" if text.count("```") % 2 else text


def code(value: Any, limit: int = 80) -> str:
    """Return a name or value in backticks, whatever backticks it holds itself."""
    return f"`{one_line(value, limit).replace('`', chr(39))}`"


def fenced(source: str, language: str = "") -> str:
    """Return a source in a fence that nothing within it can close."""
    longest = max((len(run) for run in _TICKS.findall(source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{source}\n{fence}"


def paragraphs(parts: Iterable[str]) -> str:
    """Join what is not empty with blank lines between."""
    return "\n\n".join(part for part in parts if part)


def some(names: Iterable[str], limit: int, of: int) -> str:
    """Return the first names, comma separated, and how many of all are not shown."""
    shown = [name for name, _ in zip(names, range(limit), strict=False)]
    return ", ".join(shown) + (f", … and {of - len(shown)} more" if of > len(shown) else "")


def _number(value: float) -> str:
    """Write a number; an integer of thousands of digits is named by its size, since writing it out is refused by Python."""
    if isinstance(value, int) and value.bit_length() > 256:
        return "(a very large number)"
    return str(value)
