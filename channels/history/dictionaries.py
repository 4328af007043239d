"""Chainlit's dictionaries as rows of the records, and back; a test compares both sides, so that an upgrade cannot lose a field unseen."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from records.chat_pages import Chat

Json = dict[str, Any]

STEP: Mapping[str, str] = {
    "id": "id",
    "threadId": "thread",
    "parentId": "parent",
    "type": "type",
    "name": "name",
    "input": "input",
    "output": "output",
    "createdAt": "created",
    "start": "start",
    "end": "end",
    "command": "command",
    "modes": "modes",
    "streaming": "streaming",
    "waitForAnswer": "wait_for_answer",
    "isError": "is_error",
    "metadata": "metadata",
    "tags": "tags",
    "generation": "generation",
    "showInput": "show_input",
    "defaultOpen": "default_open",
    "autoCollapse": "auto_collapse",
    "language": "language",
    "icon": "icon",
}
ELEMENT: Mapping[str, str] = {
    "id": "id",
    "threadId": "thread",
    "forId": "step",
    "type": "type",
    "name": "name",
    "display": "display",
    "size": "size",
    "language": "language",
    "page": "page",
    "props": "props",
    "autoPlay": "auto_play",
    "playerConfig": "player_config",
    "mime": "mime",
}
THREAD: Mapping[str, str] = {
    "id": "id",
    "createdAt": "created",
    "name": "name",
    "userId": "owner",
    "userIdentifier": "owner",
    "tags": "tags",
    "metadata": "metadata",
}
FEEDBACK: Mapping[str, str] = {"id": "id", "forId": "step", "value": "value", "comment": "comment"}
# Where a file lies for as long as a page is open, and where a store outside would have it: on record it has an address of ours.
OF_THE_SESSION = frozenset({"chainlitKey", "path", "url", "objectKey"})
_MOMENTS = frozenset({"created", "start", "end"})
_SPOKEN = frozenset({"user_message", "assistant_message"})


def step_row(step: Mapping[str, Any]) -> Json:
    """Return the columns of a step; what the dictionary does not name is left out."""
    return _row(step, STEP)


def element_row(element: Mapping[str, Any]) -> Json:
    """Return the columns of an element."""
    return _row(element, ELEMENT)


def spoken_words(step: Mapping[str, Any]) -> str:
    """Return the words by which a step is found: those of a message."""
    return str(step.get("output") or "") if step.get("type") in _SPOKEN else ""


def shown_words(props: Any) -> str:
    """Return the words by which a card is found: its brief, its title, and its items."""
    if not isinstance(props, dict):
        return ""
    asked = props.get("retry")
    told = [asked.get("brief", "") if isinstance(asked, dict) else "", props.get("title", ""), *_items(props.get("items"))]
    return " ".join(str(text) for text in told if text)


def _items(items: Any) -> Iterable[str]:
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            yield str(item.get("title", ""))
            for line in item.get("lines") or []:
                yield from (str(part.get("text", "")) for part in line.get("parts") or [])


def thread_dict(row: Mapping[str, Any], steps: list[Json], elements: list[Json]) -> Json:
    """Return a thread as Chainlit has it."""
    return {**_dict(row, THREAD), "steps": steps, "elements": elements}


def chat_dict(chat: Chat) -> Json:
    """Return a whole chat as Chainlit has it: its steps with their thumbs, its elements with the addresses of their files."""
    thumbs = {row["step"]: _dict(row, FEEDBACK) for row in chat.feedback}
    steps = [{**_dict(row, STEP), "feedback": thumbs.get(row["id"])} for row in chat.steps]
    return thread_dict(chat.thread, steps, [_element(row, chat.files) for row in chat.elements])


def _element(row: Mapping[str, Any], files: frozenset[str]) -> Json:
    url = f"/chats/files/{row['id']}" if row["id"] in files else None
    return {**_dict(row, ELEMENT), "url": url, "chainlitKey": None, "path": None, "objectKey": None}


def _row(given: Mapping[str, Any], columns: Mapping[str, str]) -> Json:
    row = {columns[key]: value for key, value in given.items() if key in columns and columns[key] != "thread"}
    row |= {name: _moment(row[name]) for name in _MOMENTS if name in row}
    # Chainlit leaves the moment of creation open at times; the records then take the present one.
    return {name: value for name, value in row.items() if name != "created" or value is not None}


def _dict(row: Mapping[str, Any], columns: Mapping[str, str]) -> Json:
    return {key: _told(row[column]) for key, column in columns.items()}


def _told(value: Any) -> Any:
    """Return a value as JSON has it: a moment in UTC with a Z, as browsers read it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return value


def _moment(text: Any) -> datetime | None:
    """Return the moment that Chainlit wrote as a text; without a zone it means UTC."""
    if not isinstance(text, str) or not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
