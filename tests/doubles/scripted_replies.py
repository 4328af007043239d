"""What a capable model would say, and what a small one says of one item: for the scripted endpoint."""

import json
import re
from typing import Any

from chains.endpoint.asking import Ask

Json = dict[str, Any]
EN = "A customer can view, add, change and delete the income records of an account"
ZH = "查看账户收入,添加收入记录,修改收入记录,删除收入记录"
STORY = "As a customer, I want to freeze a debit card, so that nobody can pay with it."
STORY_ZH = "作为客户，我想冻结借记卡，以便于无人能用它付款。"
_STORIES = {
    "en": (
        ("customer", "view the income records of an account", "I know what I have earned", "income record"),
        ("customer", "add an income record to an account", "my earnings are complete", "income record"),
        ("customer", "change an income record of an account", "a mistake does not stay", "income record"),
        ("customer", "delete an income record of an account", "nothing wrong counts for my loan", "income record"),
    ),
    "zh": (
        ("客户", "查看账户收入记录", "随时了解到账情况", "收入记录"),
        ("客户", "添加收入记录", "工资与奖金一目了然", "收入记录"),
        ("客户", "修改收入记录", "错误能及时更正", "收入记录"),
        ("客户", "删除收入记录", "不再保留无效数据", "收入记录"),
    ),
}


def story(number: int, role: str, want: str, benefit: str, *entities: str, sources: tuple[str, ...] = ()) -> Json:
    """Return one story as a model writes it."""
    texts = {"id": f"S{number}", "role": role, "want": want, "benefit": benefit}
    return {**texts, "entities": list(entities), "sources": list(sources)}


def stories(language: str = "en", *, source: str | None = None) -> Json:
    """Return the four stories of the income-record brief; `source` is cited by each."""
    told = [story(number, *parts, sources=(source,) if source else ()) for number, parts in enumerate(_STORIES[language], 1)]
    return {"stories": told, "questions": []}


def scenario(story_id: str, number: int, kind: str, **changed: Any) -> Json:
    """Return one scenario as a model writes it."""
    told: Json = {
        "id": f"{story_id}-{number}",
        "story": story_id,
        "kind": kind,
        "name": f"A debit card is frozen, {kind} {number}",
    }
    told |= {"given": [f"the customer has {number} debit card"], "when": "the customer freezes the debit card"}
    told |= {"then": [f"a payment of {number} EUR is refused"], "columns": [], "rows": [], "sources": []}
    return told | changed


def criteria(*story_ids: str) -> Json:
    """Return three scenarios for each story."""
    kinds = ("positive", "negative", "boundary")
    told = [scenario(one, number, kind) for one in story_ids or ("S1",) for number, kind in enumerate(kinds, 1)]
    return {"scenarios": told, "questions": []}


def entry_in(ask: Ask) -> str:
    """Return the action that a call for one item is about."""
    found = re.findall(r"(?m)^(?:Action|操作|动作|行动)[:：] ?(.+)$", ask.messages[-1].text)
    return str(found[-1]) if found else ""


def item(ask: Ask) -> str:
    """Answer as a small model that keeps to its schema: the first value of each enumeration, the action as the wish."""
    schema = ask.schema or {}
    if ask.schema_name == "outline":
        return json.dumps({name: ["freeze a card", "unfreeze a card"] for name in schema["properties"]})
    told = {name: _value(name, part, ask) for name, part in schema["properties"].items()}
    return json.dumps(told, ensure_ascii=False)


def _value(name: str, part: Json, ask: Ask) -> Any:
    """Return a value that a part of the schema allows."""
    if part.get("type") == "array":
        inside = part.get("items", {})
        return (
            inside["enum"][:1]
            if inside.get("enum")
            else []
            if part.get("maxItems") == 0
            else [f"the debit card is frozen for 1 {name} {_kind(ask)}"]
        )
    if part.get("enum"):
        return part["enum"][0]
    if name == "want":
        return next(action for action in [entry_in(ask)] if action)
    told = {"role": "customer", "benefit": "it helps the people of the bank", "name": f"A debit card is frozen, {_kind(ask)}"}
    return told.get(name, "the customer freezes the debit card")


def _kind(ask: Ask) -> str:
    """Return the kind of the scenario that a call is about."""
    found = re.findall(r"(?m)^(?:Kind|类型)[:：] ?(.+)$", ask.messages[-1].text)
    return str(found[-1]) if found else ""
