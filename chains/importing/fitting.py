"""Fit: what was read of a pasted text is made to hold its stage's shape, and what does not fit is named, never dropped silently."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from chains.sentences import say
from errors import Language
from stages.declaration import Artifact

_MARK = "…"
# Each round mends every fault that the shape names; a text cut, then an item left out, then the list cut take three.
_ROUNDS = 12
_SHOWN = 80
_MOST_TOLD = 300

Json = dict[str, Any]


def fitted(shape: type[Artifact], body: Mapping[str, Any], language: Language) -> tuple[Artifact | None, tuple[str, ...]]:
    """Return the artifact of a body, and what had to be cut or left out; None in its place where nothing of it fits."""
    fit: Json = _unlike_ids(copy.deepcopy(dict(body)), shape.ITEMS)
    told: dict[str, None] = {}
    for _ in range(_ROUNDS):
        try:
            return shape.model_validate(fit), tuple(told)[:_MOST_TOLD]
        except ValidationError as error:
            faults = error.errors(include_url=False)
        told |= dict.fromkeys(_round(fit, faults, language))
    return None, tuple(told)[:_MOST_TOLD]


def _unlike_ids(body: Json, items: str) -> Json:
    """Number items anew that have the id of one before them."""
    taken: set[str] = set()
    for item in body.get(items) or ():
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            continue
        stem = item["id"].rstrip("0123456789")
        number = int(item["id"][len(stem) :] or 1)
        while item["id"] in taken:
            number += 1
            item["id"] = f"{stem}{number}"
        taken.add(item["id"])
    return body


def _round(body: Json, faults: Sequence[ErrorDetails], language: Language) -> list[str]:
    """Mend each fault, the last places first, so that those before them still hold; what is left out has no more faults."""
    said: list[str] = []
    gone: set[tuple[int | str, ...]] = set()
    for fault in reversed(faults):
        outer = _outer(fault["loc"])
        if outer in gone:
            continue
        limited = "max_length" in (fault.get("ctx") or {})
        said.append(_cut(body, fault, language) if limited else _left_out(body, outer, fault["msg"], language))
        if not limited:
            gone.add(outer)
    return [one for one in reversed(said) if one]


def _outer(place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Return the place of the outermost member of a list that a place lies in, such as an item; otherwise the place itself."""
    depth = next((at for at, name in enumerate(place) if isinstance(name, int)), len(place) - 1)
    return place[: depth + 1]


def _cut(body: Json, fault: ErrorDetails, language: Language) -> str:
    """Cut a text or a list that is too long."""
    place, most = fault["loc"], int(fault["ctx"]["max_length"])
    holder, last = _holder(body, place)
    if holder is None:
        return ""
    value = holder[last]
    if isinstance(value, str):
        holder[last] = value[: most - 1].rstrip() + _MARK
        return say("import-cut", language, where=_spoken(place), text=_shown(value))
    holder[last] = value[:most]
    return say("import-too-many", language, where=_spoken(place), count=len(value), most=most)


def _left_out(body: Json, place: tuple[int | str, ...], message: str, language: Language) -> str:
    """Leave out what stands at a place; nothing where there is no such place, such as a field that is missing."""
    holder, last = _holder(body, place)
    if holder is None:
        return ""
    value = holder[last]
    del holder[last]
    return say("import-left-out", language, where=_spoken(place), text=_shown(value), reason=message)


def _holder(body: Json, place: tuple[int | str, ...]) -> tuple[Any, Any]:
    """Return what holds a place, and the place's last name in it; None where there is no such place."""
    at: Any = body
    for name in place[:-1]:
        at = _inside(at, name)
    return (at, place[-1]) if place and _inside(at, place[-1]) is not None else (None, None)


def _inside(at: Any, name: int | str) -> Any:
    """Return what stands under a name in an object or at a place in a list; None where there is nothing."""
    if isinstance(at, dict):
        return at.get(name)
    return at[name] if isinstance(at, list) and isinstance(name, int) and name < len(at) else None


def _spoken(place: Sequence[int | str]) -> str:
    """Return a place as a person reads it: `stories[2].want`, counted from 0 as findings are."""
    return "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in place).lstrip(".")


def _shown(value: Any) -> str:
    """Return what is left out, by its words, shortened."""
    told = value
    if isinstance(value, dict):
        told = "; ".join(str(part) for part in value.values() if isinstance(part, str) and part)
    plain = " ".join(str(told).split())
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 1] + _MARK
