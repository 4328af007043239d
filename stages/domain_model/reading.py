"""A class, state or sequence diagram that a person pasted, as the body of a domain model, with what is lost named."""

from collections.abc import Mapping
from typing import Any, get_args

from errors import Language
from formats import plantuml_read
from formats.class_model import ClassModel, ModelClass, Read, one_line
from formats.mermaid_read import is_mermaid, read_leniently
from stages.declaration import Imported, Json
from stages.domain_model.shape import MOST_CLASSES, Multiplicity
from stages.domain_model.words import read_kind, read_type

_UNNAMED: dict[Language, str] = {"en": "States", "zh": "状态"}


def read_pasted(text: str, language: Language) -> Imported | None:
    """Return the model of a pasted Mermaid or PlantUML text; None where it is neither, or holds no class and no state."""
    read: Read
    if plantuml_read.is_plantuml(text):
        read = plantuml_read.read_class_model(text)
    elif is_mermaid(text):
        read = read_leniently(text)
    else:
        return None
    if not read.model.classes:
        return None
    lost = list(read.lost)
    body = _body(read.model, language, lost)
    return Imported(body, tuple(dict.fromkeys(lost)), read.faults)


def _body(model: ClassModel, language: Language, lost: list[str]) -> Json:
    kept = model.classes[:MOST_CLASSES]
    lost += [one.name for one in model.classes[MOST_CLASSES:]]
    ids = {one.id: f"C{number}" for number, one in enumerate(kept, 1)}
    names = {one.id: _cut(one.name, lost) or _UNNAMED[language] for one in kept}
    classes = [_class(one, ids[one.id], names[one.id], lost) for one in kept]
    by_id = {one["id"]: one for one in classes}
    for line in model.associations:
        if line.source not in ids or line.target not in ids or len(by_id[ids[line.source]]["associations"]) >= 12:
            lost.append(f"{line.source} → {line.target}")
            continue
        by_id[ids[line.source]]["associations"].append(
            {
                "target": ids[line.target],
                "name": names[line.target],
                "kind": line.kind,
                "own": _end(line.source_multiplicity, lost),
                "other": _end(line.target_multiplicity, lost),
                "label": _cut(line.label, lost),
            }
        )
    return {"context": _cut(model.context, lost), "classes": classes, "questions": [], "upstream": []}


def _class(one: ModelClass, identity: str, name: str, lost: list[str]) -> dict[str, Any]:
    kind = read_kind(one.kind) if one.kind else "entity"
    if kind is None:
        lost.append(f"<<{one.kind}>> {name}")
    states = list(dict.fromkeys(_cut(state, lost) for state in one.states if state))
    lost += states[12:] + [f"{name}: {attribute.name}" for attribute in one.attributes[20:]]
    changes = [
        {"source": _cut(change.source), "target": _cut(change.target), "trigger": _cut(change.trigger, lost)}
        for change in one.transitions
    ]
    return {
        "id": identity,
        "name": name,
        "kind": kind or "entity",
        "description": one.description[:400],
        "attributes": [_attribute(attribute, name, lost) for attribute in one.attributes[:20] if attribute.name],
        "associations": [],
        "states": states[:12],
        "transitions": changes[:24],
        "stories": [],
        "sources": [],
    }


def _attribute(attribute: Any, owner: str, lost: list[str]) -> Mapping[str, Any]:
    known = read_type(attribute.type) if attribute.type else "string"
    if known is None:
        lost.append(f"{owner}.{attribute.name}: {attribute.type}")
    return {"name": _cut(attribute.name, lost), "type": known or "string", "required": attribute.required}


def _end(told: str, lost: list[str]) -> str:
    if told in get_args(Multiplicity):
        return told
    lost.append(told)
    return ""


def _cut(text: str, lost: list[str] | None = None) -> str:
    """Return a text as long as a name may be; what is cut is lost."""
    plain = one_line(text)
    if len(plain) > 60 and lost is not None:
        lost.append(plain)
    return plain[:60].strip()
