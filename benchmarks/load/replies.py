"""What the loopback endpoint says: a hand-written answer of the evaluation, cut to what the asked schema allows."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Json = dict[str, Any]
_CASE = "en-income-records"


@cache
def brief() -> str:
    """Return the brief that the answer was written for."""
    return str(_case()["brief"]).strip()


def reply_to(body: Json) -> str:
    """Return a sound reply of user stories to a call, whose sources are those that the schema of the call allows."""
    held = body.get("response_format", {}).get("json_schema", {})
    allowed = _sources(held.get("schema", {}))
    reply = _case()["reply"]
    stories = [{**story, "sources": [key for key in story["sources"] if key in allowed]} for story in reply["stories"]]
    return json.dumps({**reply, "stories": stories}, ensure_ascii=False)


def tokens_of(text: str, characters: int = 4) -> list[str]:
    """Return a text cut as a model would say it, about four characters a token."""
    return [text[start : start + characters] for start in range(0, len(text), characters)]


def _sources(schema: Json) -> list[str]:
    """Return the passages that a schema allows to be cited."""
    try:
        items: Json = schema["properties"]["stories"]["items"]
        return list(items["properties"]["sources"]["items"]["enum"])
    except KeyError:
        return []


@cache
def _case() -> Json:
    written = yaml.safe_load(files("evaluation").joinpath("replays", "user_stories.yaml").read_text("utf-8"))
    case: Json = next(one for one in written if one["id"] == _CASE)
    return case
