"""The artifact as the API that the notations share, and back; what the API standard adds to every operation is added here."""

from dataclasses import replace
from typing import Any

from formats.api.model import Api, Field, Operation, Response, as_json, from_json
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.shape import Operation as Item
from stages.api_definition.structure import PROBLEM

SCHEME = "oauth2"
PROBLEM_FIELDS = (
    Field("type", "string", "uri-reference", required=True),
    Field("title", required=True),
    Field("status", "integer", required=True),
    Field("detail", required=True),
    Field("instance", "string", "uri-reference", required=True),
    Field("code", required=True),
    Field("traceId", required=True),
)
_ACTIONS = {"GET": "read", "POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}
_ITEM_ONLY = frozenset({"stories", "classes", "sources", "name"})


def api_of(artifact: ApiDefinition) -> Api:
    """Return the API as the artifact says it, without what the standard adds."""
    told = artifact.model_dump(exclude={"questions", "by_standard", "operations"})
    return from_json(told | {"operations": [_told(item) for item in artifact.operations]})


def operation_of(item: Item) -> Operation:
    """Return one operation."""
    return from_json({"operations": [_told(item)]}).operations[0]


def whole_api_of(artifact: ApiDefinition) -> Api:
    """Return the API as it is written as OpenAPI: with the members of a problem, the scheme of security and its scopes, the Location
    of what was created. An imported API is written as it is."""
    api = api_of(artifact)
    if not artifact.by_standard:
        return api
    operations = tuple(_by_standard(operation) for operation in api.operations)
    scopes = sorted(
        {scope for operation in operations for need in operation.beyond.get("security", ()) for scope in need.get(SCHEME, ())}
    )
    flow = {"tokenUrl": "/oauth2/token", "scopes": {scope: scope.replace(":", " ") for scope in scopes}}
    scheme = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    components = {**api.beyond.get("components", {})}
    components["securitySchemes"] = {SCHEME: scheme, **components.get("securitySchemes", {})}
    return replace(api, operations=operations, beyond={**api.beyond, "components": components})


def listed_api_of(artifact: ApiDefinition) -> Api:
    """Return the API as its table shows it: with the members of a problem, without the security that is the same everywhere."""
    api = api_of(artifact)
    if not artifact.by_standard:
        return api
    operations = [replace(one, responses=tuple(_with_members(response) for response in one.responses)) for one in api.operations]
    return replace(api, operations=tuple(operations))


def scope_of(method: str, path: str) -> str:
    """Return the scope that a call needs, `context:resource:action`."""
    nouns = [part for part in path.split("/") if part and "{" not in part and not part.removeprefix("v").isdigit()] or ["api"]
    action = "approve" if nouns[-1] == "approvals" and method == "POST" else _ACTIONS.get(method, "read")
    return f"{nouns[0]}:{nouns[-1]}:{action}"


def items_of(api: Api) -> list[dict[str, Any]]:
    """Return the operations of an API as JSON of the stage's shape, numbered from O1."""
    told = as_json(api).get("operations", [])
    return [
        {
            "summary": "",
            **{key: value for key, value in operation.items() if key != "id"},
            "id": f"O{number}",
            "name": operation.get("id", ""),
        }
        for number, operation in enumerate(told, 1)
    ]


def _told(item: Item) -> dict[str, Any]:
    told = item.model_dump(exclude=set(_ITEM_ONLY))
    return told | {"id": item.name}


def _by_standard(operation: Operation) -> Operation:
    """Return an operation with what the standard says of every one."""
    security = {"security": [{SCHEME: [scope_of(operation.method, operation.path)]}]}
    responses = tuple(_whole_response(response) for response in operation.responses)
    return replace(operation, responses=responses, beyond={**security, **operation.beyond})


def _with_members(response: Response) -> Response:
    """Return a problem with its members; any other response as it is."""
    if response.media != PROBLEM or response.fields:
        return response
    return replace(response, name=response.name or "Problem", fields=PROBLEM_FIELDS)


def _whole_response(response: Response) -> Response:
    if response.media == PROBLEM:
        return _with_members(response)
    if response.status == "201" and "headers" not in response.beyond:
        location = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
        return replace(response, beyond={**response.beyond, "headers": location})
    return response
