"""Places in a body as text: `a.b[].c`; `*` is any key of a map, and a name with other characters stands in quotes."""

import json
import re
from collections.abc import Iterable
from functools import lru_cache

from formats.api.model import Field

ITEM = "[]"
ANY = "*"
_PLAIN = re.compile(r"[\w@$-]+")
_STEP = re.compile(r'(?P<dot>\.?)(?:(?P<item>\[\])|(?P<any>\*)|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<plain>[\w@$-]+))')
Steps = tuple[str, ...]


def property_step(name: str) -> str:
    """Return a property's name as a step: in quotes where it could be mistaken."""
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def property_name(step: str) -> str:
    """Return the name that a step says."""
    return str(json.loads(step)) if step.startswith('"') else step


def joined(steps: Iterable[str]) -> str:
    """Return the path of some steps."""
    path = ""
    for step in steps:
        path += step if step == ITEM or not path else f".{step}"
    return path


@lru_cache(maxsize=20_000)
def steps_of(path: str) -> Steps | None:
    """Return the steps of a path, or None where it is no path."""
    found: list[str] = []
    at = 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or bool(step["dot"]) == (step["item"] is not None or not found):
            return None
        if step["quoted"] and not _is_json(step["quoted"]):
            return None
        found.append(step.group()[len(step["dot"]) :])
        at = step.end()
    return tuple(found)


def completed(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields with every array and object that their paths go through, parents first; the first of a path counts."""
    given = {each.path: each for each in reversed(tuple(fields))}
    ordered: dict[str, Field] = {}
    for path in reversed(given):
        steps = steps_of(path) or ()
        for length in range(1, len(steps)):
            above = joined(steps[:length])
            implied = Field(above, type="array" if steps[length] == ITEM else "object")
            ordered.setdefault(above, given.get(above, implied))
        ordered.setdefault(path, given[path])
    if "" not in given and any(each.startswith(ITEM) for each in given):
        return (Field("", type="array"), *ordered.values())
    return tuple(ordered.values())


def _is_json(quoted: str) -> bool:
    try:
        json.loads(quoted)
    except ValueError:
        return False
    return True
