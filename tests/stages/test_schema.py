"""Schemas are closed, bounded and narrowed, as a validator judges them."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field

from stages.acceptance_criteria.shape import AcceptanceCriteria
from stages.schema import closed_schema, narrowed, without
from stages.user_stories.shape import UserStories


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    ids: list[str] = Field(max_length=3)
    name: str = Field(max_length=9, pattern="^a")
    note: str | None = None


class Whole(BaseModel):
    parts: list[Part] = Field(min_length=1, max_length=2)


def sound(schema: dict[str, Any], value: object) -> bool:
    Draft202012Validator.check_schema(schema)
    return bool(Draft202012Validator(schema).is_valid(value))


def whole(**changed: object) -> dict[str, Any]:
    return {"parts": [{"ids": ["P1"], "name": "ab", "note": None, **changed}]}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for child in schema.values():
            yield from nodes(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from nodes(child)


def test_a_closed_schema_has_no_references_and_lets_nothing_else_in() -> None:
    schema = closed_schema(Whole)
    assert "$ref" not in str(schema)
    assert sound(schema, whole())
    assert sound(schema, whole(note="a note"))
    assert not sound(schema, whole(invented=1))
    assert not sound(schema, {**whole(), "more": 1})


def test_every_property_must_be_there() -> None:
    assert not sound(closed_schema(Whole), {"parts": [{"ids": [], "name": "ab"}]})


@pytest.mark.parametrize("shape", [UserStories, AcceptanceCriteria])
def test_every_object_of_a_stage_is_closed_and_every_list_bounded(shape: type[BaseModel]) -> None:
    for node in nodes(closed_schema(shape)):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        if node.get("type") == "array":
            assert "maxItems" in node


def test_a_narrowed_list_holds_only_what_is_offered() -> None:
    schema = narrowed(closed_schema(Whole), "parts[].ids[]", ["P1", "P2", "P1"])
    assert sound(schema, whole(ids=["P2"]))
    assert sound(schema, whole(ids=[]))
    assert not sound(schema, whole(ids=["P9"]))
    assert not sound(schema, whole(ids=["P1", "P2", "P1", "P2"]))


def test_a_list_with_nothing_to_choose_from_must_be_empty() -> None:
    schema = narrowed(closed_schema(Whole), "parts[].ids[]", [])
    assert sound(schema, whole(ids=[]))
    assert not sound(schema, whole(ids=["P1"]))


def test_a_narrowed_string_is_one_of_what_is_offered_and_free_where_nothing_is() -> None:
    schema = closed_schema(Whole)
    assert not sound(narrowed(schema, "parts[].name", ["x", "y"]), whole(name="z"))
    assert sound(narrowed(schema, "parts[].name", ["x", "y"]), whole(name="y"))
    assert sound(narrowed(schema, "parts[].name", []), whole(name="z"))


def test_narrowing_leaves_the_schema_in_hand_as_it_was() -> None:
    schema = closed_schema(Whole)
    before = str(schema)
    narrowed(schema, "parts[].ids[]", ["P1"])
    without(schema["properties"]["parts"]["items"], "note")
    assert str(schema) == before


def test_a_property_taken_out_is_neither_allowed_nor_required() -> None:
    schema = without(closed_schema(Part), "ids", "note", "nothing")
    assert sound(schema, {"name": "ab"})
    assert not sound(schema, {"name": "ab", "ids": []})
