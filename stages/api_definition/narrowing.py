"""The schema of a whole API for a capable model: what a person would write down, closed to what is in hand."""

from typing import Any

from errors import Language
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.wishes import story_items
from stages.declaration import Json
from stages.material import Material
from stages.schema import closed_schema, narrowed, without

API_TITLES: dict[Language, str] = {"en": "API for {names}", "zh": "{names} 接口"}
MOST_OPERATIONS = 40
TYPES = ("string", "integer", "number", "boolean", "object", "array")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORMATS = ("", "date", "date-time", "decimal", "uuid", "email", "uri")


def narrow(material: Material) -> Json:
    """Return the schema of the whole artifact, closed to the stories, classes and sources in hand."""
    schema = without(closed_schema(ApiDefinition), "beyond", "description", "by_standard")
    schema["properties"]["title"] |= {"minLength": 2, "maxLength": 80}
    schema["properties"]["version"] |= {"minLength": 1, "maxLength": 20}
    operations = schema["properties"]["operations"]
    operations["maxItems"] = MOST_OPERATIONS
    operations["items"] = _operation(without(operations["items"], "name", "tags", "beyond"))
    _tell_fields_only(schema)
    schema = narrowed(schema, "operations[].stories[]", tuple(item.id for item in story_items(material)))
    schema = narrowed(schema, "operations[].classes[]", tuple(item.id for item in material.upstream_of("domain_model")))
    return narrowed(schema, "operations[].sources[]", tuple(source.key for source in material.sources))


def _operation(schema: Json) -> Json:
    """Bound the texts and lists of an operation."""
    parts = schema["properties"]
    parts["method"] = {"type": "string", "enum": list(METHODS)}
    parts["path"] |= {"minLength": 2, "maxLength": 160}
    parts["summary"] |= {"minLength": 3, "maxLength": 120}
    parts["description"] |= {"maxLength": 400}
    parts["parameters"] = _many(_value(without(parts["parameters"]["items"], "beyond"), (*TYPES, "string[]")), 12)
    body = next(option for option in parts["request"]["anyOf"] if option.get("type") == "object")
    body = without(body, "beyond", "media", "name", "description")
    field = _value(without(body["properties"]["fields"]["items"], "name", "beyond"), TYPES)
    body["properties"]["fields"] = _many(field, 40)
    parts["request"] = {"anyOf": [body, {"type": "null"}]}
    response = without(parts["responses"]["items"], "beyond", "media", "name")
    response["properties"]["status"] |= {"minLength": 3, "maxLength": 7}
    response["properties"]["description"] |= {"maxLength": 200}
    response["properties"]["fields"] = _many(field, 40)
    parts["responses"] = _many(response, 12, least=1)
    for name in ("stories", "classes"):
        parts[name]["maxItems"] = 12
    parts["sources"]["maxItems"] = 3
    return schema


def _value(schema: Json, types: tuple[str, ...]) -> Json:
    """Close what a parameter or a field may say of its type."""
    parts = schema["properties"]
    parts["type"] = {"type": "string", "enum": list(types)}
    parts["format"] = {"type": "string", "enum": list(FORMATS)}
    parts["enum"] = {"type": "array", "maxItems": 20, "items": {"type": "string", "minLength": 1, "maxLength": 60}}
    parts["description"] |= {"maxLength": 200}
    for name in ("name", "path"):
        if name in parts:
            parts[name] |= {"minLength": 1, "maxLength": 80}
    return schema


def _many(items: Any, most: int, least: int = 0) -> Json:
    return {"type": "array", "minItems": least, "maxItems": most, "items": items}


def _tell_fields_only(node: Any) -> None:
    """Leave out what is said of an object as a whole: it is written for people who read the code."""
    if isinstance(node, dict):
        if node.get("type") == "object":
            node.pop("description", None)
        for inner in node.values():
            _tell_fields_only(inner)
    elif isinstance(node, list):
        for inner in node:
            _tell_fields_only(inner)
