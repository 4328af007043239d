"""What is mended by rule before a model is asked again: names of paths, parameters, problems, ids, operations that stand twice."""

import re

from formats.api.nouns import is_only_verb, is_verb
from stages.api_definition.naming import action_nouns, camel, kebab, plural
from stages.api_definition.shape import ApiDefinition, Operation, Parameter, Response
from stages.api_definition.structure import (
    CURSOR,
    JSON,
    LIMIT,
    MERGE_PATCH,
    needed_errors,
    needed_header,
    path_parameters,
    problem,
)
from stages.findings import Mended
from stages.material import Material

_VERSION = re.compile(r"^v\d+$")
_NAME = re.compile(r"\{([^{}]*)\}")


def mend_paths(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Write paths as the standard has them: a version first, nouns in the plural and in kebab case, parameters in camel case."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        path = standard_path(operation.path, operation.method)
        if path == operation.path:
            operations.append(operation)
            continue
        renamed = dict(zip(_NAME.findall(operation.path), _NAME.findall(path), strict=True))
        parameters = [
            one.model_copy(update={"name": renamed[one.name]}) if one.place == "path" and one.name in renamed else one
            for one in operation.parameters
        ]
        mended.append(Mended("path-form", "path", operation.path, path, operation.id))
        operations.append(operation.model_copy(update={"path": path, "parameters": parameters}))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def standard_path(path: str, method: str = "") -> str:
    """Return a path in the standard's form; a part without Latin letters stays as it is.

    What a POST does to one thing is a verb: of `POST /transfers/{id}/rate` come ratings, of `GET /currencies/{id}/rate` rates.
    """
    bare = re.sub(r"^[a-z]+://[^/]*", "", path.strip().split("?")[0]).strip("/")
    parts = [part.strip() for part in bare.split("/") if part.strip()]
    if not any(_VERSION.match(part) for part in parts[:2]):
        parts.insert(0, "v1")
    acts = method == "POST" and len(parts) > 1 and _is_parameter(parts[-2])
    return "/" + "/".join(_part(part, acts=acts and place == len(parts)) for place, part in enumerate(parts, 1))


def _is_parameter(part: str) -> bool:
    return part.startswith(("{", ":", "<"))


def _part(part: str, *, acts: bool = False) -> str:
    if _VERSION.match(part):
        return part
    colon = re.fullmatch(r":(\w+)|<(\w+)>", part)
    name = _NAME.fullmatch(part)
    if name or colon:
        said = name[1] if name else next(one for one in colon.groups() if one) if colon else ""
        return f"{{{camel(kebab(said)) if kebab(said) else said}}}"
    noun = kebab(part) if re.fullmatch(r"[A-Za-z0-9_ -]+", part) else ""
    return _resource(noun, acts=acts) if re.search("[a-z]$", noun) else noun or part


def _resource(name: str, *, acts: bool) -> str:
    """Return the plural of a name; of a verb its noun, or the verb, to be found: in the plural nobody would know it for one."""
    lead, dash, last = name.rpartition("-")
    nouns = action_nouns()
    if last in nouns and (is_only_verb(last) if dash else is_verb(last, acts=acts)):
        return f"{lead}{dash}{nouns[last]}"
    return name if not dash and is_verb(name) else plural(name)


def mend_parameters(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Declare every parameter that a path names, as required; leave out those that it does not name; page every list."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        named = [Parameter.model_validate(one) for one in path_parameters(operation.path)]
        held = {(one.name, one.place): one for one in operation.parameters}
        paths = [held.get((one.name, "path"), one).model_copy(update={"required": True}) for one in named]
        others = [one for key, one in held.items() if one.place != "path"]
        if is_list(operation):
            others = [*([] if ("limit", "query") in held else [Parameter.model_validate(LIMIT)]), *others]
            others += [] if ("cursor", "query") in held else [Parameter.model_validate(CURSOR)]
        parameters = [*paths, *others]
        if parameters != operation.parameters:
            before, after = (", ".join(one.name for one in many) for many in (operation.parameters, parameters))
            mended.append(Mended("parameters", "parameters", before, after, operation.id))
        operations.append(operation.model_copy(update={"parameters": parameters}))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def is_list(operation: Operation) -> bool:
    """Tell whether an operation shows many things: its answer says so, or its path ends with what they are called."""
    if operation.method != "GET":
        return False
    shown = [field for response in operation.responses if response.status.startswith("2") for field in response.fields]
    many = any(field.type == "array" and field.path in ("", "items", "data", "content", "results") for field in shown)
    return many or (not shown and not operation.path.endswith("}"))


def mend_problems(artifact: ApiDefinition, material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Add the problems that every operation of its method can meet, where it tells of none."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        if any(one.status.startswith("4") or one.status == "default" for one in operation.responses):
            operations.append(operation)
            continue
        added = [Response.model_validate(problem(status, material.language)) for status in _needed(operation)]
        mended.append(Mended("no-4xx", "responses", "", ", ".join(one.status for one in added), operation.id))
        operations.append(operation.model_copy(update={"responses": [*operation.responses, *added]}))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def _needed(operation: Operation) -> tuple[str, ...]:
    return needed_errors(operation.method, operation.path, paged=is_list(operation))


def mend_headers(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Demand the header that keeps a call from being done twice, or over another's change; an imported API stays as it is."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        needed = needed_header(operation.method)
        if not artifact.by_standard or needed is None or demands(operation, needed["name"]):
            operations.append(operation)
            continue
        kept = [one for one in operation.parameters if not is_header(one, needed["name"])]
        optional = next((one for one in operation.parameters if is_header(one, needed["name"])), None)
        header = optional.model_copy(update={"required": True}) if optional else Parameter.model_validate(needed)
        before, after = (", ".join(one.name for one in many) for many in (operation.parameters, [*kept, header]))
        mended.append(Mended("header-missing", "parameters", before, after, operation.id))
        operations.append(operation.model_copy(update={"parameters": [*kept, header]}))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def demands(operation: Operation, header: str) -> bool:
    """Tell whether an operation demands a header: capital and small letters are alike."""
    return any(one.required and is_header(one, header) for one in operation.parameters)


def is_header(parameter: Parameter, name: str) -> bool:
    """Tell whether a parameter is the header of this name."""
    return parameter.place == "header" and parameter.name.lower() == name.lower()


def mend_media(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Send a change in part as a merge patch; an imported API stays as it is."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        if not artifact.by_standard or operation.request is None or patches(operation):
            operations.append(operation)
            continue
        mended.append(Mended("patch-media", "request", operation.request.media, MERGE_PATCH, operation.id))
        request = operation.request.model_copy(update={"media": MERGE_PATCH})
        operations.append(operation.model_copy(update={"request": request}))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def patches(operation: Operation) -> bool:
    """Tell whether a PATCH sends what the standard has it send; plain JSON does not say how it changes what is there."""
    return operation.method != "PATCH" or operation.request is None or operation.request.media != JSON


def mend_duplicates(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Make one operation of those with the same method and path, which serves the stories of all; number ids that stand twice anew."""
    mended: list[Mended] = []
    kept: dict[tuple[str, str], Operation] = {}
    for operation in artifact.operations:
        key = (operation.method, _NAME.sub("{}", operation.path))
        twin = kept.get(key)
        if twin is None:
            kept[key] = operation
            continue
        both = {
            name: list(dict.fromkeys(getattr(twin, name) + getattr(operation, name)))
            for name in ("stories", "classes", "sources")
        }
        kept[key] = twin.model_copy(update=both)
        mended.append(Mended("operation-twice", operation.id, f"{operation.method} {operation.path}", "", twin.id))
    operations = list(kept.values())
    ids = [operation.id for operation in operations]
    if len(set(ids)) < len(ids):
        operations = [operation.model_copy(update={"id": f"O{number}"}) for number, operation in enumerate(operations, 1)]
        mended.append(Mended("ids", "id", ", ".join(ids), ", ".join(operation.id for operation in operations)))
    return (artifact.with_items(operations), mended) if mended else (artifact, [])


def mend_references(artifact: ApiDefinition, _material: Material) -> tuple[ApiDefinition, list[Mended]]:
    """Leave out references that are told twice."""
    mended: list[Mended] = []
    operations: list[Operation] = []
    for operation in artifact.operations:
        once = {name: list(dict.fromkeys(getattr(operation, name))) for name in ("stories", "classes", "sources")}
        changed = {name: values for name, values in once.items() if values != getattr(operation, name)}
        mended += [
            Mended("told-twice", name, ", ".join(getattr(operation, name)), ", ".join(values), operation.id)
            for name, values in changed.items()
        ]
        operations.append(operation.model_copy(update=changed) if changed else operation)
    return (artifact.with_items(operations), mended) if mended else (artifact, [])
