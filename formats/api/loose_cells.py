"""Cells of a table made by hand, read as far as they go: names, names with types, braces as in JSON, status codes in prose."""

import re
from collections.abc import Iterator
from typing import Any, Final

from formats.api.by_example import schema_by_example
from formats.api.loose import mapping
from formats.api.loose_data import NotData, loose_data
from formats.api.model import Field
from formats.api.paths import completed, steps_of
from formats.api.unfolding import fields_of

_TYPES: Final = {
    "string": "string|str|text|varchar|char|字符串|文本|字符",
    "integer": "integer|int|int32|int64|long|bigint|short|整数|整型|长整型",
    "number": "number|float|double|decimal|numeric|bigdecimal|money|数字|数值|小数|浮点数|金额",
    "boolean": "boolean|bool|布尔|布尔值|是否",
    "array": "array|list|数组|列表",
    "object": "object|map|dict|对象",
    "string date": "date|日期",
    "string date-time": "datetime|date-time|timestamp|时间|日期时间|时间戳",
    "string uuid": "uuid|guid",
    "string email": "email|e-mail",
    "string uri": "uri|url",
    "string binary": "file|binary|文件",
}
_TYPE_OF: Final = {word: kind for kind, words in _TYPES.items() for word in words.split("|")}
_REQUIRED: Final = re.compile(r"(?<!\w)(?:required|mandatory|必填|必需|必选|必传)(?!\w)|[!*]$", re.IGNORECASE)
_OPTIONAL: Final = re.compile(r"(?<!\w)(?:optional|可选|选填|非必填)(?!\w)|\?$", re.IGNORECASE)
_NAME: Final = re.compile(r"[A-Za-z_$@\u4e00-\u9fff][\w$@-]*(?:(?:\[\])*\.[\w$@-]+)*(?:\[\])*")
_CHOICE: Final = re.compile(r"[{(（]([^{}()（）]*[|/,，、][^{}()（）]*)[})）]")
_PARTS: Final = re.compile(r"[\s:：=()（）\[\]]+")
_STATUS: Final = re.compile(r"(?<![\w.])([1-5]\d\d|[1-5][xX]{2}|default)(?![\w.])")


def loose_fields(text: str) -> tuple[Field, ...] | None:
    """Return the fields that a text tells, in braces or as a list of names; None where it is prose."""
    text = text.strip().strip("`").strip()
    if text[:1] in ("{", "["):
        try:
            return _by_braces(loose_data(text))
        except NotData:
            return None
    found: list[Field] = []
    for part in _split(text):
        field = _listed(part)
        if field is None:
            return None
        found.append(field)
    return completed(found)


def by_status(text: str) -> Iterator[tuple[str, str]]:
    """Yield each status code outside braces with the words that follow it; '' for words before the first."""
    found: list[tuple[int, int, str]] = []
    depths = _depths(text)
    found = [(each.start(), each.end(), each[1]) for each in _STATUS.finditer(text) if depths[each.start()] == 0]
    head = text[: found[0][0]] if found else text
    if head.strip(" \n`,;，；、:：/"):
        yield "", head.strip()
    for at, (_, end, status) in enumerate(found):
        following = found[at + 1][0] if at + 1 < len(found) else len(text)
        words = text[end:following].strip().strip("`,;，；、:：/—–- \n").strip()
        yield (status.upper() if status != "default" else status), words


def before_braces(text: str) -> tuple[str, str]:
    """Return the words before the first brace, and the rest from it on."""
    at = next((place for place, sign in enumerate(text) if sign in "{["), len(text))
    return text[:at].strip(" :：-—`,，"), text[at:].strip()


def _by_braces(data: Any) -> tuple[Field, ...]:
    return fields_of(_schema(data), {})[1]


def _schema(data: Any) -> dict[str, Any]:
    """Return the schema of data whose leaves are type words or examples; `name?` may be left out, `name!` may not."""
    if isinstance(data, list):
        return {"type": "array", "items": _schema(data[0])} if data else {"type": "array"}
    if isinstance(data, dict):
        required = [key.rstrip("!* ") for key in data if key.endswith(("!", "*"))]
        properties = {key.rstrip("?!* "): _schema(each) for key, each in mapping(data).items()}
        return {"type": "object", "properties": properties} | ({"required": required} if required else {})
    if isinstance(data, str):
        kind, _, form = _TYPE_OF.get(data.strip().lower(), "").partition(" ")
        return ({"type": kind} | ({"format": form} if form else {})) if kind else schema_by_example(data)
    return schema_by_example(data)


def _listed(part: str) -> Field | None:
    """Return the field that one entry of a list of names tells; None where it is prose."""
    part = part.strip().strip("`").strip()
    required = bool(_REQUIRED.search(part)) and not _OPTIONAL.search(part)
    bare = _OPTIONAL.sub("", _REQUIRED.sub("", part)).strip().strip("`").rstrip("!*? ")
    name = _NAME.match(bare)
    if name is None or steps_of(name.group()) is None:
        return None
    said, enum = _enumeration(bare[name.end() :])
    words = [each for each in _PARTS.split(said) if each]
    kinds = [_TYPE_OF.get(each.lower(), "") for each in words]
    if not all(kinds) or len(words) > 2:
        return None
    kind, _, form = (kinds[0] if kinds else "string").partition(" ")
    return Field(name.group(), type=kind, format=form, required=required, enum=enum)


def _enumeration(said: str) -> tuple[str, tuple[str, ...]]:
    """Return the words without the values in brackets that are to choose from, and those values."""
    found = _CHOICE.search(said)
    values = tuple(each.strip(" \"'`") for each in re.split(r"[|/,，、]", found[1])) if found else ()
    if found is None or not all(values) or any(each.lower() in _TYPE_OF for each in values):
        return said.replace(",", " "), ()
    return said[: found.start()] + said[found.end() :], values


def _split(text: str) -> list[str]:
    """Return the entries between commas, semicolons and line ends that stand outside of brackets."""
    parts: list[str] = [""]
    depths = _depths(text)
    for at, sign in enumerate(text):
        if sign in ",;，；、\n" and depths[at] == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return [each for each in parts if each.strip()]


def _depths(text: str) -> list[int]:
    """Return for each character in how many brackets it stands."""
    depth = 0
    depths = []
    for sign in text:
        depth -= sign in "}])）"
        depths.append(max(depth, 0))
        depth = max(depth, 0) + (sign in "{[(（")
    return depths
