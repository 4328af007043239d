"""A capable private model for all six stages, replayed: the hand-written answers of the evaluation, given by what a prompt asks for.

with server_aside([line_reply]) as server: ...
"""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
STAGES = ("user_stories", "acceptance_criteria", "domain_model", "api_definition", "release_notes", "faq")
LINES = {"en": "en-income-records", "zh": "zh-transfer-limit"}
_MEND = ("Your last answer was:", "你上次的回答是：")
_PASSAGE = re.compile(r"(?m)^\[(P\d+)\] (.+)$")


@cache
def line(language: str) -> dict[str, Json]:
    """Return the answers to one initiative by their stages."""
    own = _own()[language]
    told: dict[str, Json] = {"acceptance_criteria": {"reply": own["acceptance_criteria"]}}
    for stage in STAGES:
        if stage not in told:
            read = yaml.safe_load(files("evaluation").joinpath("replays", f"{stage}.yaml").read_text("utf-8"))
            told[stage] = next(one for one in read if one["id"] == LINES[language])
    return told


@cache
def _own() -> Json:
    read: Json = yaml.safe_load(Path(__file__).with_name("line_replies.yaml").read_text("utf-8"))
    return read


def line_reply(body: Json) -> str:
    """Return the answer to a call: the stage by the schema's name, the initiative by the language of the prompt."""
    held = body["response_format"]["json_schema"]
    stage = held["name"].removesuffix("_item")
    asked = next(
        message["content"]
        for message in reversed(body["messages"])
        if message["role"] == "user" and not message["content"].startswith(_MEND)
    )
    language = "zh" if re.search(r"[\u4e00-\u9fff]", body["messages"][0]["content"]) else "en"
    if held["name"].endswith("_item"):
        return json.dumps(_item(_own()[language]["items"][stage], held["schema"]), ensure_ascii=False)
    told = line(language)[stage]
    (name,) = (key for key in told["reply"] if key in ("stories", "scenarios", "classes", "operations", "entries"))
    allowed = held["schema"]["properties"][name]["items"]["properties"]
    keys = _keys(told, asked)
    items = [_in_hand(one, keys, allowed) for one in told["reply"][name] if _may_be(one, allowed)]
    return json.dumps({**told["reply"], name: items}, ensure_ascii=False)


def _keys(told: Json, asked: str) -> dict[str, str]:
    """Return under which keys the prompt gives the passages that an answer was written from; a guide to writing is none."""
    given = _PASSAGE.findall(asked)
    if "passages" not in told:
        return {"P1": next((key for key, heading in given if "ules" in heading or "规则" in heading), "")}
    headed = {f"P{number}": trail for number, trail in enumerate(told["passages"], 1)}
    return {name: next((key for key, heading in given if heading.endswith(trail)), "") for name, trail in headed.items()}


def _may_be(item: Json, allowed: Json) -> bool:
    """Tell whether what an item is about is in hand, such as the story of a scenario."""
    return all(value in allowed[name].get("enum", [value]) for name, value in item.items() if isinstance(value, str))


def _in_hand(item: Json, keys: dict[str, str], allowed: Json) -> Json:
    """Return an item that names only what the prompt holds; a question whose answer rests on nothing of it stays open."""
    kept = {**item, "sources": [keys[key] for key in item["sources"] if keys.get(key)]}
    for name, part in allowed.items():
        if name not in item:
            kept[name] = _chosen(part)
        elif name != "sources" and "enum" in part.get("items", {}):
            kept[name] = [value for value in item[name] if value in part["items"]["enum"]]
    if item.get("status") == "answered" and len(kept["sources"]) < len(item["sources"]):
        kept |= {"status": "open", "answer": "", "rests": [], "sources": []}
    return kept


def _item(texts: Json, schema: Json) -> Json:
    """Return one item: the texts as they are written, and the first of everything that is chosen."""
    return {name: texts.get(name, _chosen(part)) for name, part in schema["properties"].items()}


def _chosen(part: Json) -> Any:
    if part.get("type") == "array":
        return [_chosen(part["items"])] * part.get("minItems", 0)
    return part["enum"][0] if part.get("enum") else ""
