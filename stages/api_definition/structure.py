"""What follows from the API standard by rule: parameters, paging, status codes, problems, scopes. None of it is asked of a model."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from errors import Language
from stages.api_definition.deriving import Derived
from stages.api_definition.fields import within

Json = dict[str, Any]
PROBLEM = "application/problem+json"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"

_TOLD: Mapping[str, tuple[str, str]] = {
    "200": ("It is done.", "处理成功"),
    "201": ("It was created.", "已创建"),
    "202": ("It is accepted for later processing.", "已受理，稍后处理"),
    "204": ("It is removed; repeating the call gives the same.", "已移除，重复调用结果相同"),
    "400": ("The request is not well formed.", "请求格式有误"),
    "401": ("The caller is not signed in.", "调用方未登录"),
    "403": ("The caller has no right to do this.", "调用方没有权限"),
    "404": ("It does not exist, or the caller may not see it.", "不存在，或调用方无权查看"),
    "409": ("An earlier request with the same key is still running.", "相同幂等键的请求仍在处理"),
    "410": ("The cursor is no longer valid.", "游标已失效"),
    "412": ("It was changed meanwhile.", "数据已被他人修改"),
    "422": ("A business rule does not allow it.", "不符合业务规则"),
    "428": ("The header If-Match is missing.", "缺少 If-Match 请求头"),
}
_ERRORS: Mapping[str, tuple[str, ...]] = {
    "list": ("400", "401", "403", "410"),
    "read": ("401", "403", "404"),
    "create": ("400", "401", "403", "409", "422"),
    "change": ("400", "401", "403", "404", "412", "422", "428"),
    "delete": ("401", "403", "404", "412", "428"),
    "act": ("400", "401", "403", "404", "409", "422"),
    "undo": ("401", "403", "404", "412", "428"),
}
# What an operation does as far as its method alone tells.
_KINDS = {"GET": "read", "POST": "create", "PUT": "change", "PATCH": "change", "DELETE": "delete"}
_SUCCESS = {"list": "200", "read": "200", "create": "201", "change": "200", "delete": "204", "act": "201", "undo": "204"}
LIMIT: Json = {"name": "limit", "place": "query", "type": "integer"}
CURSOR: Json = {"name": "cursor", "place": "query", "type": "string"}
KEY: Json = {"name": "Idempotency-Key", "place": "header", "type": "string", "format": "uuid", "required": True}
MATCH: Json = {"name": "If-Match", "place": "header", "type": "string", "required": True}
ID: Json = {"path": "id", "type": "string", "required": True}


def path_parameters(path: str) -> list[Json]:
    """Return the parameters that a path names."""
    return [{"name": name, "place": "path", "type": "string", "required": True} for name in re.findall(r"\{([^{}]+)\}", path)]


def parameters(derived: Derived) -> list[Json]:
    """Return every parameter of an operation of this kind."""
    own = {"list": [LIMIT, CURSOR], "create": [KEY], "act": [KEY], "change": [MATCH], "delete": [MATCH], "undo": [MATCH]}
    return [*path_parameters(derived.path), *own.get(derived.kind, [])]


def request(derived: Derived, fields: Sequence[Json]) -> Json | None:
    """Return the body of a request; nothing for what reads or removes."""
    if derived.kind not in ("create", "change", "act") or not fields:
        return None
    media = MERGE_PATCH if derived.kind == "change" else JSON
    return {"media": media, "required": derived.kind != "act", "fields": list(fields)}


def responses(derived: Derived, fields: Sequence[Json], language: Language) -> list[Json]:
    """Return the answer where it works, and the problems where it does not."""
    status = _SUCCESS[derived.kind]
    success: Json = {"status": status, "description": told(status, language)}
    if derived.kind == "list":
        paged = [{"path": "items", "type": "array", "required": True}, {"path": "items[]", "type": "object"}]
        success["fields"] = [*paged, *within([ID, *fields], "items[]"), {"path": "nextCursor", "type": "string"}]
    elif status != "204":
        success["fields"] = [ID, *fields]
    if success.get("fields"):
        success["media"] = JSON
    return [success, *(problem(error, language) for error in _errors(derived.kind, derived.path))]


def problem(status: str, language: Language) -> Json:
    """Return an error response: its members are added when it is written as OpenAPI."""
    return {"status": status, "description": told(status, language), "media": PROBLEM, "name": "Problem"}


def told(status: str, language: Language) -> str:
    """Return what a status says; the status itself where it is none of the standard's."""
    return _TOLD.get(status, (status, status))[language == "zh"]


def needed_errors(method: str, path: str, *, paged: bool) -> tuple[str, ...]:
    """Return the problems that every operation of a method must be able to tell; `paged` says that it shows a list."""
    kind = "list" if paged else _KINDS.get(method, "read")
    return _errors(kind, path)


def needed_header(method: str) -> Json | None:
    """Return the header that the standard demands of every operation of a method; None where it demands none."""
    return {"POST": KEY, "PUT": MATCH, "PATCH": MATCH, "DELETE": MATCH}.get(method)


def _errors(kind: str, path: str) -> tuple[str, ...]:
    """Return the problems of a kind of operation; what a path names by its id may always be missing."""
    return tuple(sorted({*_ERRORS[kind], *(("404",) if "{" in path else ())}))
