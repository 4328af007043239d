"""Read: a reply becomes JSON and then the stage's artifact; what cannot be read says why."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from records.columns import storable_json
from stages.declaration import Artifact

Json = dict[str, Any]
_FENCE = re.compile(r"^\s*```[a-zA-Z]*\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)


def read_json(text: str) -> Json | None:
    """Return the JSON object of a reply: as it is, out of a fence, or mended where it broke off; None where there is none.

    Characters that no database stores are replaced; what is nested without end is none.
    """
    fenced = _FENCE.match(text)
    plain = (fenced.group(1) if fenced else text).strip()
    try:
        found = storable_json(_loaded(plain))
    except RecursionError:
        return None
    return found if isinstance(found, dict) else None


def read_draft(text: str) -> Json | None:
    """Return the JSON object of a reply that still grows, as far as it has come; None where there is none yet.

    It is read again with every few tokens of everybody's replies, so that what is not sound JSON up to its end waits for the end.
    """
    start = text.find("{")
    if start < 0:
        return None
    from jiter import from_json

    try:
        found = from_json(text[start:].encode("utf-8", "replace"), partial_mode="trailing-strings")
    except ValueError:
        return None
    return storable_json(found) if isinstance(found, dict) else None


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return _repaired(text)


def _repaired(text: str) -> Any:
    """Read the JSON that a text holds, closing what was left open; None where it holds none."""
    start = text.find("{")
    if start < 0:
        return None
    from json_repair import loads

    return loads(text[start:])


def read_artifact(shape: type[Artifact], body: Mapping[str, Any]) -> tuple[Artifact | None, str]:
    """Return the artifact, or None and what its schema holds against it, in a line for the model."""
    try:
        return shape.model_validate(dict(body)), ""
    except ValidationError as error:
        told = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()[:5]]
        return None, "; ".join(told)


def without_broken_items(shape: type[Artifact], body: Mapping[str, Any]) -> Json:
    """Return the body without the items that their shape refuses, such as the last one of a reply that was cut."""
    listed = body.get(shape.ITEMS)
    items = listed if isinstance(listed, list) else []
    whole = {"questions": [], **body}
    kept = [item for item in items if read_artifact(shape, {**whole, shape.ITEMS: [item]})[0] is not None]
    return {**whole, shape.ITEMS: kept}
