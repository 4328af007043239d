"""Reads an API's description (OpenAPI 3.0 and 3.1, Swagger 2): each operation one piece, its references followed, nothing refused whole."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from knowledge.reading.api_operation import METHODS, Operations, scheme_in_words
from knowledge.reading.api_schema import Room, Schemas
from knowledge.reading.prose import code, listed, mapping, one_line, paragraphs, prose, some
from knowledge.reading.section import CannotRead, Reading, Section

_OPERATIONS = 20_000
_SCHEMA_FIELDS = 200
# The first part of a path that says what it is about, not which version of the interface it belongs to.
_NO_SUBJECT = {"api", "apis", "rest", "public", "internal", "v"}


def read_openapi(name: str, data: Any) -> Reading | None:
    """Return the API's description as sections, None where the data describes none.

    Raises CannotRead where there are more operations than the limit.
    """
    if not _describes_an_api(data):
        return None
    schemas = Schemas(data)
    schemes = mapping(mapping(data.get("components")).get("securitySchemes")) | mapping(data.get("securityDefinitions"))
    operations = Operations(schemas, data.get("security"), schemes, listed(data.get("consumes")))
    title = one_line(mapping(data.get("info")).get("title"), 200) or PurePath(name).stem
    told: list[Section] = []
    tags: dict[str, int] = {}
    for method, path, operation, shared in _operations(schemas, data):
        if len(told) >= _OPERATIONS:
            raise CannotRead(
                f"It describes more than {_OPERATIONS:,} operations: split it into an API a file.",
                f"其中描述的接口超过 {_OPERATIONS:,} 个，请按 API 拆分成多个文件。",
            )
        tag = _tag(path, operation)
        tags[tag] = tags.get(tag, 0) + 1
        trail = (tag, one_line(f"{method.upper()} {path}", 300))
        told.append(Section(trail, operations.text(method, path, operation, shared), whole=True))
    left = list(_unused(schemas, data))
    first = Section((), _overview(data, schemes, tags, schemas))
    return Reading(title, (first, *told, *left), type="api")


def _describes_an_api(data: Any) -> bool:
    """Tell by the version it names; a YAML file may hold it as a number."""
    if not isinstance(data, dict):
        return False
    version = one_line(data.get("openapi"), 20), one_line(data.get("swagger"), 20)
    return version[0].startswith("3") or version[1].startswith("2")


def _operations(schemas: Schemas, data: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], list[Any]]]:
    """Yield method, path, operation and the path's own parameters; a webhook's name stands where a path would."""
    named = [*mapping(data.get("paths")).items(), *mapping(data.get("webhooks")).items()]
    for path, written in named:
        item, _ = schemas.followed(written)
        for method, operation in item.items():
            if method in METHODS and isinstance(operation, dict):
                yield method, str(path), operation, listed(item.get("parameters"))


def _tag(path: str, operation: dict[str, Any]) -> str:
    """Return the operation's first tag, else what its path is about."""
    tags = [one_line(tag, 120) for tag in listed(operation.get("tags"))[:1]]
    parts = [part for part in path[:500].split("/") if part and not part.startswith("{")]
    subjects = [part for part in parts if part.lower().rstrip("0123456789.") not in _NO_SUBJECT]
    return next(iter([tag for tag in tags if tag] + [one_line(part, 80) for part in subjects + parts]), "/")


def _overview(data: dict[str, Any], schemes: dict[str, Any], tags: dict[str, int], schemas: Schemas) -> str:
    """Say what the API is, where it runs, how one signs in, and what is wrong with its description."""
    info = mapping(data.get("info"))
    version = one_line(info.get("version"), 40)
    head = f"API {one_line(info.get('title'), 200)}{f', version {version}' if version else ''}".strip()
    broken = list(schemas.broken)
    wrong = f"References that lead nowhere in this file: {some(map(code, broken), 30, len(broken))}" if broken else ""
    return paragraphs(
        [head, prose(info.get("description"), 3000), _servers(data), _schemes(schemes, schemas), _groups(data, tags), wrong]
    )


def _servers(data: dict[str, Any]) -> str:
    """List the addresses; Swagger 2 has them in three parts."""
    servers = [mapping(server) for server in listed(data.get("servers"))[:20]]
    lines = [f"- {code(server.get('url'), 200)} {one_line(server.get('description'), 200)}".rstrip() for server in servers]
    if data.get("host") or data.get("basePath"):
        protocols = [one_line(each, 10) for each in listed(data.get("schemes"))[:4]] or ["https"]
        address = f"{one_line(data.get('host'), 200)}{one_line(data.get('basePath'), 200)}"
        lines += [f"- {code(f'{protocol}://{address}', 400)}" for protocol in protocols]
    return "\n".join(["Servers:", *lines]) if lines else ""


def _schemes(schemes: dict[str, Any], schemas: Schemas) -> str:
    """List the ways to sign in."""
    lines = []
    for name, written in list(schemes.items())[:30]:
        scheme, _ = schemas.followed(written)
        about = one_line(scheme.get("description"), 300)
        lines.append(f"- {code(str(name))} ({scheme_in_words(scheme)}){': ' + about if about else ''}")
    return "\n".join(["Security schemes:", *lines]) if lines else ""


def _groups(data: dict[str, Any], tags: dict[str, int]) -> str:
    """List the groups of operations with how many each has."""
    about = {one_line(mapping(tag).get("name"), 120): mapping(tag).get("description") for tag in listed(data.get("tags"))[:500]}
    lines = []
    for tag, count in list(tags.items())[:200]:
        described = one_line(about.get(tag), 200)
        lines.append(f"- {tag}{': ' + described if described else ''} ({count} operation{'s' if count != 1 else ''})")
    return "\n".join(["Operations:", *lines]) if lines else "It describes no operation."


def _unused(schemas: Schemas, data: dict[str, Any]) -> Iterator[Section]:
    """Yield the schemas whose fields no operation told in full."""
    held = [(f"#/components/schemas/{_escaped(name)}", name) for name in mapping(mapping(data.get("components")).get("schemas"))]
    held += [(f"#/definitions/{_escaped(name)}", name) for name in mapping(data.get("definitions"))]
    told = set(schemas.told)
    for pointer, name in held[:_OPERATIONS]:
        if pointer not in told:
            text = _schema_text(schemas, pointer)
            if text:
                yield Section(("Schemas", one_line(str(name), 200)), text, whole=True)


def _schema_text(schemas: Schemas, pointer: str) -> str:
    """Tell a schema by itself."""
    reference = {"$ref": pointer}
    shape = schemas.shape(reference)
    details = ", ".join(schemas.details(reference))
    head = f"Schema {shape.name} ({schemas.kind(reference)}{', ' + details if details else ''})"
    lines = list(schemas.fields(reference, Room(_SCHEMA_FIELDS)))
    return paragraphs([head, prose(shape.keys.get("description"), 1000), "\n".join(lines)])


def _escaped(name: Any) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
