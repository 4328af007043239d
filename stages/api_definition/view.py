"""How an operation is read: as lines of a card, as one line for a later stage, and as the YAML that a person edits."""

import re
from typing import Any

import yaml
from pydantic import ValidationError

from errors import AssistantError, Language
from formats.api.model import beyond_columns
from formats.plain_data import safe_yaml
from stages.api_definition.model import operation_of
from stages.api_definition.shape import BodyField, Operation, Parameter
from stages.declaration import ItemView, Line

_HEADINGS: dict[Language, tuple[str, str, str, str]] = {
    "en": ("Where", "Name", "Type", "Required"),
    "zh": ("位置", "名称", "类型", "必填"),
}
_WORDS: dict[Language, dict[str, str]] = {
    "en": {"body": "body", "yes": "yes", "no": "no", "answers": "answers", "shows": "shows", "beyond": "also: {names}"},
    "zh": {"body": "请求体", "yes": "是", "no": "否", "answers": "返回", "shows": "包含", "beyond": "另有：{names}"},
}
_PLACES = {"path": "路径", "query": "查询", "header": "请求头", "cookie": "Cookie"}
# Kept from the item: what an edit does not say.
_KEPT = ("id", "stories", "classes", "sources")
_NUMBER_LIKE = re.compile(r"[-+.\d]")


def view(operation: Operation, language: Language) -> ItemView:
    """Return an operation as a card shows it."""
    words = _WORDS[language]
    lines = [Line("", text) for text in (operation.summary, operation.description) if text]
    rows = [_row(one, one.place if language == "en" else _PLACES[one.place], one.name, language) for one in operation.parameters]
    body = operation.request.fields if operation.request else []
    rows += [_row(field, words["body"], field.path, language) for field in body]
    if rows:
        heading = _HEADINGS[language]
        lines += [Line("", " | ".join(heading), cells=heading), *(Line("", " | ".join(row), 1, row) for row in rows)]
    for response in operation.responses:
        shown = ", ".join(field.path for field in response.fields)
        told = f"{response.description} ({words['shows']}: {shown})" if shown and language == "en" else response.description
        told = f"{told}（{words['shows']}：{shown}）" if shown and language == "zh" else told
        lines.append(Line(response.status, told.strip()))
    left = beyond_columns(operation_of(operation))
    badges = (words["beyond"].format(names=", ".join(left)),) if left else ()
    section = operation.tags[0] if operation.tags else ""
    title = f"{operation.method} {operation.path}"
    return ItemView(operation.id, title, tuple(lines), tuple(operation.sources), operation.rests_on(), section, badges)


def view_draft(item: Any, language: Language) -> ItemView | None:
    """Return an operation that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("path"), str):
        return None
    told = {name: str(item.get(name) or "") for name in ("id", "method", "path", "summary", "description")}
    return view(Operation.model_construct(None, **told), language)  # type: ignore[arg-type]


def tell(operation: Operation, _language: Language) -> str:
    """Return an operation in one line: `POST /v1/cards/{cardId}/freezes: freeze a card`."""
    return f"{operation.method} {operation.path}: {operation.summary}".rstrip(": ")


def source_text(operation: Operation, _language: Language) -> str:
    """Return the operation as the YAML that a person edits; what is not said there (stories, sources) stays."""
    told = operation.model_dump(mode="json", exclude_defaults=True, exclude={*_KEPT, "parameters", "request", "responses"})
    told = {name: told[name] for name in ("method", "path", "summary", "description", "name", "tags", "beyond") if name in told}
    told["parameters"] = _Lines(_shown(one) for one in operation.parameters)
    if operation.request is not None:
        body = operation.request
        told["request"] = {**_shown(body, "fields"), "fields": _Lines(_shown(field) for field in body.fields)}
    told["responses"] = [
        {**_shown(one, "fields"), **({"fields": _Lines(_shown(field) for field in one.fields)} if one.fields else {})}
        for one in operation.responses
    ]
    text: str = yaml.dump(told, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def read_edited(text: str, operation: Operation, language: Language) -> Operation:
    """Read the YAML that a person edited. Raises ValueError with a sentence for the person where it is no operation."""
    try:
        told = safe_yaml(text)
    except AssistantError as error:
        raise ValueError(error.sentence(language)) from error
    if not isinstance(told, dict) or not {"method", "path"} <= told.keys():
        raise ValueError(
            "请保留 YAML 的形式，其中必须有 method（方法）和 path（路径）。"
            if language == "zh"
            else "Keep the form of YAML: an operation needs a method and a path."
        )
    kept = operation.model_dump(include=set(_KEPT))
    if unknown := sorted(set(told) - (set(Operation.model_fields) - set(_KEPT))):
        names = ", ".join(str(name)[:40] for name in unknown)
        raise ValueError(
            f"不认识这些项：{names}。请删除或改正。"
            if language == "zh"
            else f"These keys are not known: {names}. Leave them out."
        )
    try:
        return Operation.model_validate({"summary": "", **told, **kept})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(
            f"“{place}”写得不对：{first['msg']}。" if language == "zh" else f"“{place}” is not right: {first['msg']}."
        ) from error


def _row(one: BodyField | Parameter, where: str, name: str, language: Language) -> tuple[str, str, str, str]:
    kind = f"{one.type} ({one.format})" if one.format else one.type
    if one.enum:
        kind += ": " + ", ".join(str(value) for value in one.enum)
    return where, name, kind, _WORDS[language]["yes" if one.required else "no"]


def _shown(part: Any, *left_out: str) -> dict[str, Any]:
    """Return what a part says, without what is as usual; a type is always told."""
    told: dict[str, Any] = part.model_dump(mode="json", exclude_defaults=True, exclude=set(left_out))
    if isinstance(part, BodyField | Parameter):
        lead: dict[str, Any] = {name: told.pop(name) for name in ("name", "path", "place") if name in told}
        if isinstance(part, BodyField):
            lead = {"path": part.path, **lead}
        told.pop("type", None)
        return {**lead, "type": part.type, **told}
    return told


class _Lines(list[Any]):
    """A list of which each member stands on one line."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _lines(dumper: yaml.SafeDumper, rows: list[Any]) -> yaml.Node:
    node = dumper.represent_sequence("tag:yaml.org,2002:seq", rows, flow_style=False)
    for row in node.value:
        row.flow_style = True
    return node


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    """Put what YAML 1.2 would read as a number in quotes; the dumper, which knows YAML 1.1, would leave `1e5` bare."""
    style = '"' if _NUMBER_LIKE.match(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(_Lines, _lines)
_Dumper.add_representer(str, _text)
