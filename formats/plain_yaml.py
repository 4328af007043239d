"""YAML read as plain data within limits: no dates or yes and no guessed, every key as it is written, aliases counted or refused."""

import math
import re
from typing import Any, ClassVar

import yaml

from formats.plain_data import MOST_DEPTH, MOST_NODES, Twice, Unsound, too_deep, too_many_values

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER_STARTS = list("-+0123456789")


class _PlainLoader(_Loader):  # type: ignore[misc]  # the C loader where libyaml is there
    """The safe loader with the scalars of YAML 1.2, in which 2024-01-01 and 007 and "no" are words."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def loaded(text: str, *, twice: Twice, aliases: bool) -> Any:
    """Return the one document of a YAML text, or the list of them. Raises Unsound."""

    class Loader(_PlainLoader):
        told = staticmethod(twice)
        merges = aliases

    try:
        _measure(text, aliases=aliases)
        documents = list(yaml.load_all(text, Loader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = _reason(error)
        raise Unsound(
            f"It is no sound YAML ({reason}): mend it, or export it again.",
            f"不是有效的 YAML（{reason}）：请修正，或重新导出。",
        ) from error
    return documents[0] if len(documents) == 1 else documents or None


def _measure(text: str, *, aliases: bool) -> None:
    """Count levels and values, each alias as what it stands for, before anything is built from them."""
    count = _Count()
    for event in yaml.parse(text, _Loader):
        if not aliases and (isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)):
            raise Unsound(
                "It uses anchors or aliases (& and *), which are not followed: write the values out.",
                "文件使用了锚点或别名（& 与 *），不予展开：请直接写出各值。",
            )
        count.take(event)


class _Count:
    """How deep and how large the data is when every alias is written out."""

    def __init__(self) -> None:
        self._values = 0
        self._open: list[tuple[str | None, int, int]] = []  # its anchor, values before it, deepest level below it
        self._anchored: dict[str, tuple[int, int]] = {}

    def take(self, event: Any) -> None:
        """Count one event."""
        if isinstance(event, yaml.AliasEvent):
            self._add(*self._anchored.get(event.anchor or "", (MOST_NODES * 2, 0)))  # one that stands in itself has no end
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before, deepest = self._open.pop()
            self._keep(anchor, self._values - before, deepest + 1)
            self._below(deepest + 1)
        elif isinstance(event, yaml.NodeEvent):
            self._add(1, 0)
            if isinstance(event, yaml.CollectionStartEvent):
                self._open.append((event.anchor, self._values - 1, 0))
            else:
                self._keep(event.anchor, 1, 0)
        if len(self._open) > MOST_DEPTH:
            too_deep()

    def _add(self, values: int, levels: int) -> None:
        self._values += values
        if self._values > 2 * MOST_NODES:  # a key is an event too
            too_many_values()
        if len(self._open) + levels > MOST_DEPTH:
            too_deep()
        self._below(levels)

    def _below(self, levels: int) -> None:
        if self._open:
            anchor, before, deepest = self._open[-1]
            self._open[-1] = (anchor, before, max(deepest, levels))

    def _keep(self, anchor: str | None, values: int, levels: int) -> None:
        if anchor:
            self._anchored[anchor] = (values, levels)


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    """Build a mapping whose keys are text, each standing once; `<<` takes over what is not said beside it."""
    values: dict[str, Any] = {}
    merged: list[Any] = []
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key is no plain text", key.start_mark)
        if key.value == "<<" and loader.merges:
            taken = loader.construct_object(value, deep=True)
            merged += taken if isinstance(taken, list) else [taken]
            continue
        if key.value in values:
            loader.told(key.value)
        values[key.value] = loader.construct_object(value, deep=True)
    for each in merged:
        if isinstance(each, dict):
            values = {**each, **values}
    return values


def _float(loader: Any, node: yaml.ScalarNode) -> float:
    number = float(loader.construct_yaml_float(node))
    if not math.isfinite(number):
        raise yaml.constructor.ConstructorError(None, None, "a number that is not finite", node.start_mark)
    return number


def _reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f", line {mark.line + 1}" if mark else ""
    return f"{' '.join(str(getattr(error, 'problem', None) or error).split())}{place}"


_PLAIN = [
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", _NUMBER_STARTS),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|nan)",
        [*_NUMBER_STARTS, "."],
    ),
]
for _tag, _pattern, _starts in _PLAIN:
    _PlainLoader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _starts)
_PlainLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_PlainLoader.add_constructor("tag:yaml.org,2002:float", _float)
