"""Tells one operation of an API in words: what it is for, its parameters, body, every response with its fields, and who may call it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from knowledge.reading.api_schema import Room, Schemas
from knowledge.reading.prose import code, listed, mapping, one_line, paragraphs, prose, some

METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "head", "trace", "query")

_FIELDS = 120
_PARAMETERS = 150
_STATUSES = 80
_CONTENTS = 12
_PLACES: Final = {"formData": "form"}


@dataclass
class Operations:
    """Tells the operations of one document; `fields_left` bounds what all of them together may unfold."""

    schemas: Schemas
    security: Any
    schemes: dict[str, Any]
    consumes: list[Any]
    fields_left: int = 150_000

    def text(self, method: str, path: str, operation: dict[str, Any], shared: list[Any]) -> str:
        """Return the operation as Markdown; `shared` are the parameters of its path."""
        room = Room(max(0, min(_FIELDS, self.fields_left)))
        had = room.left
        parts = list(self._parts(method, path, operation, shared, room))
        self.fields_left -= had - max(0, room.left)
        return paragraphs(parts)

    def _parts(self, method: str, path: str, operation: dict[str, Any], shared: list[Any], room: Room) -> Iterator[str]:
        """Yield the paragraphs in reading order."""
        summary = one_line(operation.get("summary"), 400)
        description = prose(operation.get("description"), 2000)
        deprecated = " (deprecated)" if operation.get("deprecated") is True else ""
        yield f"{code(f'{method.upper()} {path}', 400)}{deprecated}{': ' + summary if summary else ''}"
        yield description if description != summary else ""
        identity = one_line(operation.get("operationId"), 120)
        yield f"Operation id: {code(identity, 120)}" if identity else ""
        parameters = self._parameters(operation, shared)
        telling = _Telling(self.schemas, room)
        yield telling.parameters([each for each in parameters if each.get("in") not in ("body", "formData")])
        yield telling.body(operation, parameters, listed(operation.get("consumes")) or self.consumes)
        yield telling.responses(operation)
        yield _callbacks(operation)
        yield self._security(operation)

    def _parameters(self, operation: dict[str, Any], shared: list[Any]) -> list[dict[str, Any]]:
        """Return the operation's parameters and those of its path that it does not replace."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for each in [*listed(operation.get("parameters"))[:_PARAMETERS], *shared[:_PARAMETERS]]:
            parameter, _ = self.schemas.followed(each)
            found.setdefault((str(parameter.get("name")), str(parameter.get("in"))), parameter)
        return list(found.values())

    def _security(self, operation: dict[str, Any]) -> str:
        """Say who may call: any one of the alternatives, all schemes of it together."""
        asked = operation.get("security", self.security)
        if not isinstance(asked, list):
            return ""
        ways = [
            " and ".join(self._scheme(name, scopes) for name, scopes in list(mapping(way).items())[:10]) for way in asked[:10]
        ]
        return f"Security: {' or '.join(way or 'none' for way in ways) or 'none needed'}"

    def _scheme(self, name: Any, scopes: Any) -> str:
        scheme, _ = self.schemas.followed(self.schemes.get(name))
        about = scheme_in_words(scheme)
        if listed(scopes):
            about = f"{about}; scopes {some((code(scope) for scope in listed(scopes)), 20, len(listed(scopes)))}".strip("; ")
        return f"{one_line(str(name), 80)} ({about})" if about else one_line(str(name), 80)


@dataclass
class _Telling:
    """What is told of one operation; a schema whose fields stand there already is only named."""

    schemas: Schemas
    room: Room

    def parameters(self, parameters: list[dict[str, Any]]) -> str:
        """Return the list of parameters, "" where there is none."""
        return _list("Parameters", (self._parameter(each) for each in parameters))

    def body(self, operation: dict[str, Any], parameters: list[dict[str, Any]], consumes: list[Any]) -> str:
        """Return the request's body: a schema by media type, or Swagger 2's body and form parameters."""
        body, _ = self.schemas.followed(operation.get("requestBody"))
        asked = "required" if body.get("required") is True else ""
        parts = [self._content(body, "Request body:", asked), self._about(body)] if body else []
        for each in parameters:
            if each.get("in") == "body":
                asked = "required" if each.get("required") is True else ""
                parts += [self._schema("Request body:", each.get("schema"), [*_types(consumes), asked]), self._about(each)]
        form = [each for each in parameters if each.get("in") == "formData"]
        parts.append(_list("Request body (form fields)", (self._parameter(each) for each in form)))
        return "\n\n".join(part for part in parts if part)

    def responses(self, operation: dict[str, Any]) -> str:
        """Return every status with its meaning and fields."""
        found = list(mapping(operation.get("responses")).items())
        lines = [self._response(status, response) for status, response in found[:_STATUSES]]
        if len(found) > _STATUSES:
            lines.append(f"- … and {len(found) - _STATUSES} more")
        return _list("Responses", lines)

    def _parameter(self, parameter: dict[str, Any]) -> str:
        """Write one parameter; OpenAPI 3 puts its type into a schema, Swagger 2 beside its name."""
        content = next(iter(mapping(parameter.get("content")).values()), None)
        schema = parameter.get("schema") or mapping(content).get("schema") or _own_type(parameter)
        place = one_line(parameter.get("in"), 20)
        words = [_PLACES.get(place, place), self.schemas.kind(schema)]
        words += ["required"] if parameter.get("required") is True else []
        words += self.schemas.details(schema) + (["deprecated"] if parameter.get("deprecated") is True else [])
        about = one_line(parameter.get("description"), 400)
        name = one_line(parameter.get("name"), 120)
        return (
            f"- {code(name, 120) if name else '?'} ({', '.join(word for word in words if word)}){': ' + about if about else ''}"
        )

    def _response(self, status: Any, written: Any) -> str:
        response, _ = self.schemas.followed(written)
        about = one_line(response.get("description"), 500)
        head = f"- {one_line(str(status), 20)}{': ' + about if about else ''}"
        told = self._content(response, "Returns") or self._schema("Returns", response.get("schema"), [])
        headers = mapping(response.get("headers"))
        named = f"Headers: {some((code(str(name)) for name in headers), 20, len(headers))}" if headers else ""
        return "\n".join([head, *(f"  {line}" for part in (told, named) if part for line in part.split("\n"))])

    def _content(self, holder: dict[str, Any], what: str, asked: str = "") -> str:
        """Tell the schemas of a body's media types, those of one schema together."""
        together: dict[str, tuple[Any, list[str]]] = {}
        for media, content in list(mapping(holder.get("content")).items())[:_CONTENTS]:
            schema = mapping(content).get("schema")
            key = one_line(mapping(schema).get("$ref"), 1000) or str(id(schema))
            together.setdefault(key, (schema, []))[1].append(one_line(str(media), 60))
        return "\n\n".join(self._schema(what, schema, [*media, asked]) for schema, media in together.values())

    def _schema(self, what: str, schema: Any, words: list[str]) -> str:
        """Tell a body: its type in one line, its fields below, once."""
        if not isinstance(schema, dict):
            return f"{what} ({', '.join(filter(None, words))})" if any(words) else ""
        kind, shape = self.schemas.kind(schema), self.schemas.shape(schema)
        described = ", ".join(filter(None, [*words, *self.schemas.details(schema)]))
        head = f"{what} {kind}{f' ({described})' if described else ''}"
        broken = one_line(shape.keys.get("description"), 300) if not shape.pointers and "$ref" in schema else ""
        if kind.removeprefix("array of ") in self.room.unfolded:
            return f"{head}, fields as above"
        lines = list(self.schemas.fields(schema, self.room))
        return "\n".join([f"{head}:" if lines else f"{head} {broken}".rstrip(), *lines])

    def _about(self, holder: dict[str, Any]) -> str:
        return one_line(holder.get("description"), 500)


def scheme_in_words(scheme: dict[str, Any]) -> str:
    """Return how a security scheme works, e.g. `http bearer`, `apiKey in header X-Key`."""
    words = [one_line(scheme.get(key), 60) for key in ("type", "scheme", "bearerFormat")]
    if scheme.get("in"):
        words.append(f"in {one_line(scheme['in'], 20)} {one_line(scheme.get('name'), 60)}")
    return " ".join(word for word in words if word)


def _callbacks(operation: dict[str, Any]) -> str:
    """Name what the server calls back."""
    names = mapping(operation.get("callbacks"))
    return f"Calls back: {some((code(str(name)) for name in names), 20, len(names))}" if names else ""


def _own_type(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return the schema that a Swagger 2 parameter is by itself."""
    return {key: value for key, value in parameter.items() if key not in ("name", "in", "description", "required", "deprecated")}


def _types(media: list[Any]) -> list[str]:
    return [one_line(each, 60) for each in media[:_CONTENTS]]


def _list(head: str, lines: Iterable[str]) -> str:
    """Return a list below its heading, "" where there is nothing in it."""
    written = "\n".join(lines)
    return f"{head}:\n{written}" if written else ""
