"""The modals: the text of an item to edit, and the reason of a rejection."""

from typing import Any

from channels.slack.mrkdwn import cut
from channels.slack.texts import SlackTexts
from errors import BriefError

Json = dict[str, Any]
_TITLE, _INPUT = 24, 3000


def edit_modal(item: str, text: str, texts: SlackTexts, kept: str) -> Json:
    """Return the modal in which an item is edited. Raises BriefError where Slack's field is too short for it."""
    if len(text) > _INPUT:
        raise BriefError(SlackTexts("en")("slack_edit_long"), SlackTexts("zh")("slack_edit_long"))
    title = texts("slack_edit_title", item=item)
    field = {"type": "plain_text_input", "action_id": "text", "multiline": True, "initial_value": text, "max_length": _INPUT}
    return _modal("edit", title, texts("slack_save"), texts, kept, "text", texts("slack_edit_label"), field)


def reject_modal(item: str, texts: SlackTexts, kept: str) -> Json:
    """Return the modal that asks for the reason of a rejection."""
    title = texts("slack_reject_title", item=item) if item else texts("slack_reject_whole")
    field = {"type": "plain_text_input", "action_id": "reason", "multiline": True, "min_length": 1, "max_length": 2000}
    return _modal("reject", title, texts("slack_reject_send"), texts, kept, "reason", texts("label_reason"), field)


def written(view: Json, name: str) -> str:
    """Return what somebody wrote in the field of a modal."""
    values = (view.get("state") or {}).get("values") or {}
    return str(((values.get(name) or {}).get(name) or {}).get("value") or "")


def _modal(call: str, title: str, submit: str, texts: SlackTexts, kept: str, block: str, label: str, field: Json) -> Json:
    return {
        "type": "modal",
        "callback_id": call,
        "private_metadata": kept,
        "title": _plain(cut(title, _TITLE)),
        "submit": _plain(submit),
        "close": _plain(texts("label_cancel")),
        "blocks": [{"type": "input", "block_id": block, "label": _plain(label), "element": field}],
    }


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
