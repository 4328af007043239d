"""The words for kinds, types and lines of a domain model, in English and Chinese, said and read back."""

from collections.abc import Mapping
from typing import cast

from errors import Language
from stages.domain_model.shape import AssociationKind, Kind, Type

Words = Mapping[str, Mapping[Language, str]]

KINDS: Words = {
    "entity": {"en": "entity", "zh": "实体"},
    "value object": {"en": "value object", "zh": "值对象"},
    "event": {"en": "event", "zh": "事件"},
    "enumeration": {"en": "enumeration", "zh": "枚举"},
    "service": {"en": "service", "zh": "服务"},
}
TYPES: Words = {
    "identifier": {"en": "identifier", "zh": "标识"},
    "string": {"en": "string", "zh": "文本"},
    "integer": {"en": "integer", "zh": "整数"},
    "decimal": {"en": "decimal", "zh": "小数"},
    "money": {"en": "money", "zh": "金额"},
    "percentage": {"en": "percentage", "zh": "百分比"},
    "date": {"en": "date", "zh": "日期"},
    "datetime": {"en": "datetime", "zh": "日期时间"},
    "boolean": {"en": "boolean", "zh": "是否"},
    "enumeration": {"en": "enumeration", "zh": "枚举"},
    "list": {"en": "list", "zh": "列表"},
}
LINES: Words = {
    "association": {"en": "association", "zh": "关联"},
    "composition": {"en": "composition", "zh": "组合"},
    "aggregation": {"en": "aggregation", "zh": "聚合"},
    "inheritance": {"en": "inheritance", "zh": "继承"},
}
SECTIONS: Words = {
    "class": {"en": "class", "zh": "类"},
    "kind": {"en": "kind", "zh": "种类"},
    "description": {"en": "description", "zh": "说明"},
    "attributes": {"en": "attributes", "zh": "属性"},
    "associations": {"en": "associations", "zh": "关联"},
    "states": {"en": "states", "zh": "状态"},
    "transitions": {"en": "transitions", "zh": "状态变化"},
}
OPTIONAL: Mapping[Language, str] = {"en": "optional", "zh": "可选"}
TO: Mapping[Language, str] = {"en": "to", "zh": "对"}

# What developers write in diagrams and contracts.
_OTHER_TYPES: Mapping[str, Type] = {
    **dict.fromkeys(["id", "uuid", "guid", "key", "编号"], "identifier"),
    **dict.fromkeys(["str", "text", "char", "varchar", "字符串"], "string"),
    **dict.fromkeys(["int", "long", "short", "number", "bigint"], "integer"),
    **dict.fromkeys(["float", "double", "bigdecimal", "numeric"], "decimal"),
    **dict.fromkeys(["amount", "currency", "monetaryamount"], "money"),
    **dict.fromkeys(["percent", "rate", "比率"], "percentage"),
    **dict.fromkeys(["localdate", "day"], "date"),
    **dict.fromkeys(["timestamp", "instant", "localdatetime", "time", "时间"], "datetime"),
    **dict.fromkeys(["bool", "布尔"], "boolean"),
    **dict.fromkeys(["enum"], "enumeration"),
}
_OTHER_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(["aggregate", "aggregateroot", "aggregate root", "class", "聚合根"], "entity"),
    **dict.fromkeys(["value", "valueobject", "value_object", "值"], "value object"),
    **dict.fromkeys(["domain event", "domainevent", "领域事件"], "event"),
    **dict.fromkeys(["enum"], "enumeration"),
}


def said(words: Words, name: str, language: Language) -> str:
    """Return the word for a name in this language."""
    return words[name][language] if name in words else name


def read_type(word: str) -> Type | None:
    """Return the type that a word stands for, in either language or as developers write it; None where it is none."""
    plain = word.strip().casefold()
    if plain.startswith(("list<", "set<", "collection<")) or plain.endswith("[]"):
        return "list"
    return cast(Type, _read(TYPES, plain)) or _OTHER_TYPES.get(plain)


def read_kind(word: str) -> Kind | None:
    """Return the kind that a stereotype stands for; None where it is none."""
    plain = word.strip().casefold()
    return cast(Kind, _read(KINDS, plain)) or _OTHER_KINDS.get(plain)


def read_line(word: str) -> AssociationKind | None:
    """Return the kind of association that a word stands for; None where it is none."""
    return cast(AssociationKind, _read(LINES, word.strip().casefold()))


def read_section(word: str) -> str | None:
    """Return the part of a class that a heading opens; None where it opens none."""
    return _read(SECTIONS, word.strip().casefold())


def _read(words: Words, plain: str) -> str | None:
    return next((name for name, told in words.items() if plain in (name, *told.values())), None)
