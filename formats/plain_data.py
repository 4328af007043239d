"""JSON and YAML from outside read as plain data within limits of depth and number; what passes a limit is refused in a sentence."""

import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from errors import AssistantError

MOST_DEPTH: Final = 64
MOST_NODES: Final = 500_000

# The quantifiers are possessive: text without a closing quote is passed once, not once for every quote in it.
_JSON_MARK = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[][{},]', re.DOTALL)


class Unsound(AssistantError):
    """Text that is no sound JSON or YAML, or passes a limit; its sentence says which and what to do."""


def stands_twice(key: str) -> NoReturn:
    """Refuse a key that stands twice at one place: which of the two is meant cannot be known."""
    shown = key[:60]
    raise Unsound(
        f"The key '{shown}' stands twice at one place: keep one of the two.",
        f"键“{shown}”在同一处出现了两次：请只保留一个。",
    )


Twice = Callable[[str], object]


def safe_json(text: str, *, twice: Twice = stands_twice) -> Any:
    """Return what JSON text holds. Raises Unsound where it is no JSON or passes a limit.

    At most 64 levels and 500,000 values; no NaN or Infinity. `twice` is told of a key that stands twice in one object, of
    which the last is taken where it does not raise.
    """
    _measure_json(text)
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=lambda pairs: _object(pairs, twice))
    except (ValueError, RecursionError) as error:
        raise Unsound(
            f"It is no sound JSON ({error}): mend it, or export it again.",
            f"不是有效的 JSON（{error}）：请修正，或重新导出。",
        ) from error


def safe_yaml(text: str, *, twice: Twice = stands_twice, aliases: bool = False) -> Any:
    """Return what YAML text holds, as JSON would hold it; a list where it is several documents.

    Keys are text as written; so are dates, leading zeros, and the words yes, no, on, off. Raises Unsound where it is no
    YAML or passes a limit: as for JSON, where each alias counts what it stands for, and none is followed unless asked.
    """
    from formats.plain_yaml import loaded  # late: PyYAML is needed for few files

    return loaded(text, twice=twice, aliases=aliases)


def too_deep() -> NoReturn:
    """Refuse what is nested deeper than 64 levels."""
    raise Unsound(
        f"It is nested deeper than {MOST_DEPTH} levels, the limit: flatten it.",
        f"嵌套超过 {MOST_DEPTH} 层的上限：请减少层级。",
    )


def too_many_values() -> NoReturn:
    """Refuse what holds more than 500,000 values."""
    raise Unsound(
        f"It holds more than {MOST_NODES:,} values, the limit: split it.",
        f"所含的值超过 {MOST_NODES:,} 个的上限：请拆分。",
    )


def _measure_json(text: str) -> None:
    """Count levels and values before anything is built from them."""
    depth, values = 0, 1
    for mark in _JSON_MARK.finditer(text):
        character = mark.group()[0]
        if character in "[{":
            depth += 1
        elif character in "]}":
            depth -= 1
        if character in "[{,":
            values += 1
        if depth > MOST_DEPTH:
            too_deep()
        if values > MOST_NODES:
            too_many_values()


def _refuse_constant(name: str) -> NoReturn:
    raise Unsound(
        f"{name} stands in it, which is no JSON: write null or a number.",
        f"其中有 {name}，不属于 JSON：请改为 null 或数字。",
    )


def _object(pairs: list[tuple[str, Any]], twice: Twice) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                twice(key)
            seen.add(key)
    return values
