"""YAML read as plain data within limits: no anchors, no dates or yes and no guessed, every key as it is written."""

import math
import re
from typing import Any, ClassVar

import yaml

from knowledge.reading.limits import MOST_DEPTH, MOST_NODES, stands_twice, too_deep, too_many_values
from knowledge.reading.section import CannotRead

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER_STARTS = list("-+0123456789")


class _PlainLoader(_Loader):  # type: ignore[misc]  # the C loader where libyaml is there
    """The safe loader with the scalars of YAML 1.2, in which 2024-01-01 and 007 and "no" are words."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


def loaded(text: str) -> Any:
    """Return the one document of a YAML text, or the list of them. Raises CannotRead."""
    try:
        _measure(text)
        documents = list(yaml.load_all(text, _PlainLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = _reason(error)
        raise CannotRead(
            f"It is no sound YAML ({reason}): mend it, or export it again.",
            f"不是有效的 YAML（{reason}）：请修正，或重新导出。",
        ) from error
    return documents[0] if len(documents) == 1 else documents or None


def _measure(text: str) -> None:
    """Count levels and values, and refuse anchors, before anything is built from them."""
    depth = values = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CannotRead(
                "It uses anchors or aliases (& and *), which are not followed: write the values out.",
                "文件使用了锚点或别名（& 与 *），不予展开：请直接写出各值。",
            )
        values += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            too_deep()
        if values > 2 * MOST_NODES:  # a key is an event too
            too_many_values()


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    """Build a mapping whose keys are text, each standing once."""
    values: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key is no plain text", key.start_mark)
        if key.value in values:
            stands_twice(key.value)
        values[key.value] = loader.construct_object(value, deep=True)
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
