"""An API read as wishes: what each operation lets somebody do, by its summary or by its method and path."""

import re

from errors import Language
from formats.actions import read_actions
from formats.language import has_han, stem
from formats.lexicon import lexicon
from stages.declaration import Entry
from stages.material import Material, UpstreamItem
from stages.words import terms_in

_DOES: dict[Language, dict[str, str]] = {
    "en": {"GET": "view", "POST": "add", "PUT": "change", "PATCH": "change", "DELETE": "delete"},
    "zh": {"GET": "查看", "POST": "新增", "PUT": "修改", "PATCH": "修改", "DELETE": "删除"},
}
_CALL = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\s+(/\S*)")
_VERSION = re.compile(r"^(?:v\d+|api|rest)$", re.IGNORECASE)
_LONGEST = 110


def operation_wishes(material: Material) -> tuple[Entry, ...]:
    """Return an entry for each operation that lies upstream, in its order, with the operation's id."""
    operations = (item for item in material.upstream if item.stage != "user_stories")
    return tuple(
        Entry(f"S{number}", _wish(item, material), {"operations": (item.id,)}) for number, item in enumerate(operations, 1)
    )


def _wish(item: UpstreamItem, material: Material) -> str:
    """Return what an operation does, as an action in the language of the answer."""
    summary = " ".join(str(item.body.get("summary") or item.body.get("name") or "").split()).rstrip(" .。")
    if len(summary) >= 2 and " " in summary + " " and has_han(summary) == (material.language == "zh"):
        actions = read_actions(summary, material.language).actions
        return (actions[0] if len(actions) == 1 else _small(summary))[:_LONGEST]
    found = _CALL.search(item.text)
    method, path = (
        str(item.body.get("method") or (found[1] if found else "")),
        str(item.body.get("path") or (found[2] if found else "")),
    )
    return (_by_path(method, path, material) or _small(summary) or " ".join(item.text.split()))[:_LONGEST]


def _by_path(method: str, path: str, material: Material) -> str:
    """Return a method and what its path ends with as an action; a last part that is a verb (`/freeze`) is the action."""
    parts = [part for part in path.split("/") if part and not _VERSION.match(part)]
    named = [_spoken(part) for part in parts if not part.startswith("{")]
    if not named:
        return ""
    verb = _DOES[material.language].get(method.upper(), _DOES[material.language]["GET"])
    if len(named) > 1 and stem(named[-1].partition(" ")[0]) in lexicon().verbs and method.upper() != "GET":
        verb, named = named[-1], named[:-1]
    thing = _official(named[-1], material)
    if material.language == "zh":
        return f"{verb}{thing}"
    one = parts[-1].startswith("{") or method.upper() == "POST"
    article = ("an" if thing[:1] in "aeio" else "a") if one else "the"
    return f"{verb} {article} {_singular(thing) if one else thing}"


def _spoken(part: str) -> str:
    """Return a part of a path as words: `income-records` and `incomeRecords` are income records."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", part).replace("-", " ").replace("_", " ").lower()


def _official(thing: str, material: Material) -> str:
    """Return the official name of what a path names; in English as the path writes it, where a term is meant anyway."""
    known = terms_in(thing, material.terms)
    return known[0].name if known and material.language == "zh" else thing


def _singular(thing: str) -> str:
    """Return the English singular of a plural noun."""
    if thing.endswith("ies"):
        return f"{thing[:-3]}y"
    return thing[:-1] if thing.endswith("s") and not thing.endswith("ss") else thing


def _small(text: str) -> str:
    """Return a text whose first word is no abbreviation with a small first letter."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
