"""A capable private model, replayed: hand-written answers to four briefs, given by what the prompt asks for.

async with MisbehavingServer(replies=[capable_reply]) as server: ...
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]


@cache
def capable_answers() -> tuple[Json, ...]:
    """Return the briefs with their answers."""
    return tuple(yaml.safe_load(Path(__file__).with_name("capable_replies.yaml").read_text("utf-8")))


def capable_reply(body: Json) -> str:
    """Return the answer to a call: the stage by the schema's name, the brief by the words of the prompt."""
    stage = body["response_format"]["json_schema"]["name"]
    # Asked once more, it gives the same: the last messages are then its own answer and the findings.
    asked = next(message["content"] for message in reversed(body["messages"]) if _task_of(message, stage))
    told = _task_of({"role": "user", "content": asked}, stage)[stage]
    keys = {heading: key for key, heading in re.findall(r"(?m)^\[(P\d+)\] .* › (.+)$", asked)}
    name = "stories" if stage == "user_stories" else "scenarios"
    stories = set(re.findall(r"(?m)^(S\d+)[:：]", asked))
    items = [
        {**item, "sources": [keys[heading] for heading in item["sources"] if heading in keys]}
        for item in told[name]
        if name == "stories" or item["story"] in stories
    ]
    return json.dumps({name: items, "questions": told["questions"]}, ensure_ascii=False)


def _task_of(message: Json, stage: str) -> Json:
    """Return the answer to a message that asks for one of the briefs; nothing where it asks for something else."""
    if message["role"] != "user":
        return {}
    return next((answer for answer in capable_answers() if _is_about(answer, stage, message["content"])), {})


def _is_about(answer: Json, stage: str, asked: str) -> bool:
    """Tell whether a prompt holds this brief, or the stories that were accepted of it."""
    if stage == "user_stories":
        return answer["brief"] in asked
    return any(story["want"] in asked for story in answer["user_stories"]["stories"] if story["id"] in answer["accepted"])
