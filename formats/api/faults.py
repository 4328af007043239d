"""What is held against an API: records of rule, place and values, and the rules of design that no parser checks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from formats.api.model import Api, Operation, Response
from formats.api.nouns import is_plural, is_verb

_PARAMETER: Final = re.compile(r"\{([^{}/]*)\}")
_VERSION: Final = re.compile(r"v\d+(?:\.\d+)*|api", re.IGNORECASE)
_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PAGING: Final = re.compile(
    r"page|pages|size|limit|offset|cursor|per_?page|page_?(?:size|number|token|no)|start|count|top|skip|after|before|first|last|continuation\w*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fault:
    """One judgement: the rule, the place, and the values that a sentence about it names."""

    rule: str
    place: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def design_faults(api: Api) -> tuple[Fault, ...]:
    """Return what is held against the design of an API; the names of the rules are those of `docs/api-table.md`."""
    found = [*_shared_paths(api), *_identifiers(api)]
    for operation in api.operations:
        found += _path(operation)
        found += _parameters(operation)
        found += _answers(operation)
    return tuple({(each.rule, each.place, *each.values.values()): each for each in found}.values())


def _shared_paths(api: Api) -> Iterator[Fault]:
    """Yield paths that only the names of their parameters tell apart: no server can."""
    shapes: dict[str, str] = {}
    for path in dict.fromkeys(each.path for each in api.operations):
        other = shapes.setdefault(_PARAMETER.sub("{}", path), path)
        if other != path:
            yield Fault("path-ambiguous", path, {"path": path, "other": other})


def _identifiers(api: Api) -> Iterator[Fault]:
    known: dict[str, str] = {}
    for operation in api.operations:
        key = " ".join(operation.key)
        if operation.id and known.setdefault(operation.id, key) != key:
            yield Fault("operation-id-twice", key, {"id": operation.id, "other": known[operation.id]})


def _path(operation: Operation) -> Iterator[Fault]:
    steps = [each for each in operation.path.split("/") if each]
    for before, step, following in zip(("", *steps), steps, (*steps, "")[1:], strict=False):
        if step.startswith("{") or not step.isascii() or _VERSION.fullmatch(step):
            continue
        words = [each.lower() for each in _WORDS.findall(step)]
        acts = operation.method == "POST" and before.startswith("{") and not following
        if words and is_verb("-".join(words), acts=acts):
            yield Fault("verb-in-path", operation.path, {"path": operation.path, "word": step})
        elif words and following.startswith("{") and not is_plural(words[-1]):
            yield Fault("resource-not-plural", operation.path, {"path": operation.path, "word": step})


def _parameters(operation: Operation) -> Iterator[Fault]:
    key = " ".join(operation.key)
    held = set(_PARAMETER.findall(operation.path))
    named = {each.name for each in operation.parameters if each.place == "path"}
    yield from (Fault("path-parameter-missing", key, {"operation": key, "name": each}) for each in sorted(held - named))
    yield from (Fault("path-parameter-unknown", key, {"operation": key, "name": each}) for each in sorted(named - held))


def _answers(operation: Operation) -> Iterator[Fault]:
    key = " ".join(operation.key)
    if not any(not each.is_error for each in operation.responses):
        yield Fault("success-missing", key, {"operation": key})
    if not any(each.is_error and not each.status.startswith("5") for each in operation.responses):
        yield Fault("client-error-missing", key, {"operation": key})
    if operation.method == "GET" and any(_is_list(each) for each in operation.responses if each.status.startswith("2")):
        paged = any(each.place == "query" and _PAGING.fullmatch(each.name) for each in operation.parameters)
        if not paged and not operation.path.rstrip("/").endswith("}"):
            yield Fault("pagination-missing", key, {"operation": key})


def _is_list(response: Response) -> bool:
    """Whether a response is a list, or an envelope around one."""
    arrays = [each.path for each in response.fields if each.type.startswith("array")]
    lists = [each.path for each in response.fields if each.path.endswith("[]") and each.type == "object"]
    return "" in arrays or any("." not in each and each.count("[]") == 1 for each in lists)
