"""API definitions to judge and to show: what is in hand, and sound operations to change."""

from typing import Any

from errors import Language
from stages.api_definition.shape import ApiDefinition, Operation
from stages.api_definition.way import ApiWay
from stages.material import Material, Source, Term, UpstreamItem

Json = dict[str, Any]
WAY = ApiWay()
CARD = Term("card", "entity", "debit card", "", ("debit card", "借记卡"))
RECORD = Term("record", "entity", "income record", "", ("income record", "收入记录"))
ACCOUNT = Term("account", "entity", "account", "", ("account", "账户"))
CUSTOMER = Term("customer", "role", "customer", "", ("customer", "客户"))
TERMS = (CARD, RECORD, ACCOUNT, CUSTOMER)
SOURCES = (Source("P1", "1", "Card rules", "rules-cards", "", "a debit card is frozen at once 冻结借记卡"),)
WORDS: dict[Language, tuple[str, str]] = {
    "en": ("freeze a debit card", "Nobody can pay with it from then on."),
    "zh": ("冻结借记卡", "此后无法用它付款。"),
}


def story(number: int, want: str) -> UpstreamItem:
    return UpstreamItem(f"S{number}", f"As a customer, I want to {want}.", stage="user_stories", body={"want": want})


def domain_class(number: int, name: str, kind: str = "entity", **types: str) -> UpstreamItem:
    attributes = [{"name": key, "type": value, "required": True} for key, value in types.items()]
    body = {"name": name, "kind": kind, "attributes": attributes}
    return UpstreamItem(f"C{number}", name, stage="domain_model", body=body)


def in_hand(*upstream: UpstreamItem, language: Language = "en", brief: str = "") -> Material:
    return Material(brief, language, terms=TERMS, sources=SOURCES, roles=("customer", "客户"), upstream=upstream)


def reply(schema: Json, language: Language = "en") -> Json:
    """Answer as a model that keeps to its schema."""
    told = dict(zip(("summary", "description"), WORDS[language], strict=True))
    parts = schema["properties"]
    fields = {"fields": parts["fields"]["items"]["enum"][:2]} if "fields" in parts else {}
    return {**told, **fields, "sources": parts["sources"]["items"].get("enum", [])[:1]}


def written(material: Material) -> ApiDefinition:
    """Return the API that the items way makes of what is in hand."""
    entries = WAY.entries(None, material)
    replies = {entry.id: reply(WAY.item_schema(entry, material), material.language) for entry in entries}
    return ApiDefinition.model_validate(WAY.completed(WAY.assemble(replies, entries, material), material))


def operation(**changed: Any) -> Operation:
    base: Json = {
        "id": "O1",
        "method": "POST",
        "path": "/v1/cards/{cardId}/freezes",
        "summary": "freeze a card",
        "description": "Nobody can pay with it from then on.",
        "parameters": [
            {"name": "cardId", "place": "path", "required": True},
            {"name": "Idempotency-Key", "place": "header", "format": "uuid", "required": True},
        ],
        "request": {"fields": [{"path": "reason", "enum": ["LOST", "STOLEN"]}]},
        "responses": [
            {
                "status": "201",
                "description": "It is frozen.",
                "media": "application/json",
                "fields": [{"path": "id", "required": True}],
            },
            {"status": "404", "description": "There is no such card.", "media": "application/problem+json", "name": "Problem"},
        ],
        "stories": ["S1"],
        "sources": ["P1"],
    }
    return Operation.model_validate({**base, **changed})


def api(*operations: Operation, **changed: Any) -> ApiDefinition:
    return ApiDefinition.model_validate({"operations": list(operations or (operation(),)), "by_standard": True, **changed})
