"""How a weak model is led to an API: method, path and structure by rule, then the words and the fields of each operation."""

from collections.abc import Mapping, Sequence
from typing import Any

from errors import Language
from formats.actions import read_actions
from stages.api_definition.deriving import VERSION, Derived, derive
from stages.api_definition.fields import offered_fields
from stages.api_definition.narrowing import API_TITLES
from stages.api_definition.phrases import Kind
from stages.api_definition.structure import JSON, MERGE_PATCH, PROBLEM, parameters, request, responses
from stages.api_definition.wishes import story_items, wishes
from stages.declaration import Entry, Json
from stages.material import Material
from stages.words import related_sources

LONGEST: Mapping[Language, tuple[int, int]] = {"en": (80, 160), "zh": (40, 80)}
MOST_CHOSEN = 4
# A model is shown examples of the same kind; lifting what an action set up is told as a removal.
_SHOWN_AS = {"undo": "delete", "list": "read"}


class ApiWay:
    """Outline: the stories, the classes or the actions of the brief; asked of the model only where the brief names none."""

    def outline_schema(self, material: Material) -> Json | None:
        """Return None where what is to be offered follows from what is in hand; otherwise the schema of a list of short actions."""
        if material.upstream or read_actions(material.brief, material.language).actions:
            return None
        action = {"type": "string", "minLength": 2, "maxLength": LONGEST[material.language][0]}
        actions = {"type": "array", "minItems": 1, "maxItems": 8, "items": action}
        return {"type": "object", "properties": {"actions": actions}, "required": ["actions"], "additionalProperties": False}

    def entries(self, outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return one entry an operation; wishes for the same method and path are one."""
        actions = tuple(action.strip() for action in outline["actions"] if action.strip()) if outline else ()
        return tuple(_entry(f"O{number}", one) for number, one in enumerate(derive(wishes(material, actions), material), 1))

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of one reply: the words, the fields of the body where there is one to choose, and the sources."""
        words, more = LONGEST[material.language]
        properties: Json = {
            "summary": {"type": "string", "minLength": 3, "maxLength": words},
            "description": {"type": "string", "minLength": 6, "maxLength": more},
        }
        if names := _choices(_derived(entry), material):
            chosen = {"type": "string", "enum": list(names)}
            properties["fields"] = {"type": "array", "minItems": 1, "maxItems": min(MOST_CHOSEN, len(names)), "items": chosen}
        near = [source.key for source in related_sources(entry.text, material)]
        cited: Json = {"type": "array", "minItems": min(1, len(near)), "maxItems": len(near), "items": {"type": "string"}}
        if near:
            cited["items"]["enum"] = near
        properties["sources"] = cited
        return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the operations that were written, each with the structure that follows from its entry."""
        operations = [_operation(entry, replies[entry.id], material) for entry in entries if entry.id in replies]
        tags = list(dict.fromkeys(tag for operation in operations for tag in operation["tags"]))
        title = API_TITLES[material.language].format(names=", ".join(tag.replace("-", " ") for tag in tags[:3]))
        return {"title": title, "operations": operations, "questions": [], "by_standard": True}

    def completed(self, body: Json, _material: Material) -> Json:
        """Return the body with the media types that the standard lays down; a body that is no API stays as it is."""
        operations = body.get("operations")
        if not isinstance(operations, list):
            return body
        return body | {"operations": [_with_media(operation) for operation in operations], "by_standard": True}

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the wish that an operation was made of; where no wish leads to it any more, its summary."""
        for one in derive(wishes(material), material):
            if (one.method, one.path) == (item["method"], item["path"]):
                return (_entry(item["id"], one),)
        kind = kind_of(item["method"], item["path"])
        text = item["summary"] or f"{item['method']} {item['path']}"
        one = Derived(text, kind, item["path"], tuple(item["stories"]), tuple(item["classes"]))
        return (_entry(item["id"], one),)


def kind_of(method: str, path: str) -> Kind:
    """Return what an operation does, as far as its method and path tell."""
    at_one = path.endswith("}")
    if method == "GET":
        return "read" if at_one else "list"
    if method == "POST":
        return "act" if "}/" in path else "create"
    return "delete" if method == "DELETE" else "change"


def _entry(entry_id: str, derived: Derived) -> Entry:
    about: dict[str, tuple[str, ...]] = {
        "kind": (_SHOWN_AS.get(derived.kind, derived.kind),),
        "does": (derived.kind,),
        "method": (derived.method,),
        "path": (derived.path,),
        "stories": derived.stories,
        "classes": derived.classes,
        "fields": derived.fields,
        "own_class": ("yes",) if derived.own_class else (),
    }
    return Entry(entry_id, derived.text, about)


def _derived(entry: Entry) -> Derived:
    """Return what an entry was made of; an example says no more than its kind."""
    about = entry.about
    kind: Any = (about.get("does") or about["kind"])[0]
    stories, classes, fields = (about.get(name, ()) for name in ("stories", "classes", "fields"))
    path = about.get("path", (VERSION,))[0]
    return Derived(entry.text, kind, path, stories, classes, fields, own_class=bool(about.get("own_class")))


def _choices(derived: Derived, material: Material) -> tuple[str, ...]:
    """Return the names of the fields that a model chooses from; none where nothing is sent, or where a class says what is shown."""
    if derived.kind in ("delete", "undo") or (derived.kind in ("list", "read") and derived.classes):
        return ()
    return tuple(offered_fields(derived, material))


def _operation(entry: Entry, reply: Json, material: Material) -> Json:
    """Return one operation: the words and fields of the reply in the structure of its entry."""
    derived = _derived(entry)
    offered = offered_fields(derived, material)
    chosen = [name for name in dict.fromkeys(reply.get("fields") or ()) if name in offered]
    if derived.kind in ("list", "read") and derived.classes:
        chosen = list(offered)
    needed = set(derived.fields) if derived.kind == "create" else set()
    sent = [_needed(field, needed) for name in chosen for field in offered[name]]
    known = {item.id for item in (*story_items(material), *material.upstream_of("domain_model"))}
    tags = [part for part in derived.path.split("/")[2:] if part and not part.startswith("{")][:1]
    return {
        "id": entry.id,
        "method": derived.method,
        "path": derived.path,
        "summary": reply["summary"],
        "description": reply["description"],
        "parameters": parameters(derived),
        "request": request(derived, sent),
        "responses": responses(derived, sent, material.language),
        "tags": tags,
        "stories": [name for name in derived.stories if name in known],
        "classes": [name for name in derived.classes if name in known],
        "sources": reply["sources"],
    }


def _needed(field: Json, needed: set[str]) -> Json:
    return field | {"required": True} if field["path"] in needed else field


def _with_media(operation: Any) -> Any:
    """Return an operation whose bodies say their media types: problems for errors, JSON for what has fields."""
    if not isinstance(operation, dict) or not isinstance(operation.get("responses"), list):
        return operation
    told = operation | {"responses": [_response(one) for one in operation["responses"]]}
    sent = operation.get("request")
    if operation.get("method") == "PATCH" and isinstance(sent, dict) and not sent.get("media"):
        told["request"] = sent | {"media": MERGE_PATCH}
    return told


def _response(one: Any) -> Any:
    if not isinstance(one, dict) or one.get("media"):
        return one
    if str(one.get("status", ""))[:1] in ("4", "5") and not one.get("fields"):
        return one | {"media": PROBLEM, "name": "Problem"}
    return one | {"media": JSON} if one.get("fields") else one
