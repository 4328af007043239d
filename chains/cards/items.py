"""The items of a body as it is on record, read as their stage shapes them, without the rest of the artifact."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from errors import Language
from stages.declaration import Artifact, Item, Stage

Json = dict[str, Any]


def items_in(body: Json, stage: Stage) -> dict[str, Json]:
    """Return the items of a body by id, in reading order; what is no item of any shape is passed over."""
    listed = body.get(stage.artifact.ITEMS)
    return {item["id"]: item for item in listed if isinstance(item, dict) and "id" in item} if isinstance(listed, list) else {}


def read_item(body: Mapping[str, Any], stage: Stage) -> Item | None:
    """Return an item; None where an earlier release wrote it in another shape."""
    try:
        (item,) = _shape(stage.artifact).validate_python([body])
    except ValidationError:
        return None
    return item if isinstance(item, Item) else None


def title_of(body: Json, stage: Stage, language: Language) -> str:
    """Return the title of an item, or its id where it cannot be read."""
    item = read_item(body, stage)
    return stage.view(item, language).title if item is not None else str(body.get("id", ""))


def text_of(body: Json | None, stage: Stage, language: Language) -> str:
    """Return an item as the source that a person edits; nothing where there is none, or it cannot be read."""
    item = read_item(body, stage) if body is not None else None
    return stage.edit(item, language) if item is not None else ""


@cache
def _shape(artifact: type[Artifact]) -> TypeAdapter[list[Any]]:
    listed: Any = artifact.model_fields[artifact.ITEMS].annotation
    return TypeAdapter(listed)
