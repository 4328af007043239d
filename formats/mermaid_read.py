"""Mermaid that a person pasted (class, state or sequence diagram), read by Mermaid's own grammar into the model."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from formats.class_model import (
    Association,
    AssociationKind,
    Attribute,
    ClassModel,
    ModelClass,
    Read,
    Transition,
    multiplicity,
    one_line,
)
from formats.mermaid import MermaidError

_OPENING = re.compile(r"^\s*(?:classDiagram(?:-v2)?|stateDiagram(?:-v2)?|sequenceDiagram)\b", re.MULTILINE)
_FENCE = re.compile(r"^\s*```+\s*(?:mermaid)?[^\n]*\n(.*?)^\s*```+\s*$", re.DOTALL | re.MULTILINE | re.IGNORECASE)
_KINDS: dict[int, AssociationKind] = {0: "aggregation", 1: "inheritance", 2: "composition"}
# How Mermaid keeps a number code and a named one until it draws them.
_CODE = re.compile(r"ﬂ°°(\d{1,7})¶ß|ﬂ°(\w+)¶ß")
_OPTIONAL = re.compile(r"\s*\[(?:0\.\.1|0\.\.\*)\]\s*$|\?\s*$")
_DASHED_MESSAGES = frozenset({1, 4, 6, 25, 34})
_MESSAGES = frozenset({0, 1, 3, 4, 5, 6, 24, 25, 33, 34})


def is_mermaid(text: str) -> bool:
    """Tell whether a text holds a class, state or sequence diagram in Mermaid."""
    return bool(_OPENING.search(text)) and "@startuml" not in text


def read_class_model(text: str) -> Read:
    """Read a Mermaid text; a state diagram becomes one class with states, the participants of a sequence become classes.

    Raises MermaidError where Mermaid itself refuses the text.
    """
    body = _body(text)
    from formats.mermaid_engine import read_mermaid  # late: it loads Mermaid

    body, joined = _with_whole_states(body)
    told = read_mermaid(body)
    kind = str(told.get("type", ""))
    if kind.startswith("class"):
        return _classes(told, _unread_lines(body, told))
    if kind.startswith("state"):
        return replace(_states(told), faults=joined)
    return _sequence(told)


_CHANGE = re.compile(r"^(\s*)(\[\*\]|[^:\"\[\]{}]+?)\s*-->\s*(\[\*\]|[^:\"\[\]{}]+?)\s*(:.*)?$")


def _with_whole_states(body: str) -> tuple[str, tuple[str, ...]]:
    """Declare states of several words: Mermaid takes `[*] --> In Progress` for a change to In, and a state Progress beside it."""
    if not body.lstrip().startswith("stateDiagram"):
        return body, ()
    ids: dict[str, str] = {}
    lines, faults = [], []
    for written in body.splitlines():
        line = written
        found = _CHANGE.match(line)
        names = [name.strip() for name in found.group(2, 3)] if found else []
        if found and any(" " in name for name in names):
            faults.append(one_line(line))
            told = [ids.setdefault(name, f"whole{len(ids) + 1}") if " " in name else name for name in names]
            line = f"{found[1]}{told[0]} --> {told[1]} {found[4] or ''}"
        lines.append(line)
    declared = [f'state "{name}" as {one}' for name, one in ids.items()]
    return "\n".join([lines[0], *declared, *lines[1:]]), tuple(faults)


def read_leniently(text: str) -> Read:
    """Read a Mermaid text, leaving out line by line what Mermaid refuses; its refusals are the faults, the lines are lost."""
    lines = _body(text).splitlines()
    faults: list[str] = []
    lost: list[str] = []
    for _ in range(_MOST_REFUSALS):
        try:
            read = read_class_model("\n".join(lines))
        except MermaidError as error:
            faults.append(one_line(str(error))[:200])
            refused = _refused_line(str(error), lines)
            if refused is None:
                break
            lost.append(lines.pop(refused).strip())
        else:
            return replace(read, lost=(*lost, *read.lost), faults=(*faults, *read.faults))
    return Read(ClassModel(()), tuple(line.strip() for line in lines if line.strip()), tuple(faults))


_MOST_REFUSALS = 12


def _refused_line(message: str, lines: list[str]) -> int | None:
    """Return the place of the line that Mermaid refuses: the one it names, or the last before it that is not empty."""
    found = re.search(r"line (\d+)", message)
    place = min(int(found[1]), len(lines)) - 1 if found else -1
    while place > 0 and not lines[place].strip():
        place -= 1
    return place if place > 0 else None


def _body(text: str) -> str:
    """Return the diagram of a text: what stands in a fence, or from its first word on."""
    fenced = _FENCE.search(text)
    if fenced and _OPENING.search(fenced[1]):
        return str(fenced[1]).strip()
    found = _OPENING.search(text)
    return text[found.start() if found else 0 :].strip()


def _text(value: object) -> str:
    """Return a text of Mermaid's with its codes told as signs."""
    joined = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    plain = _CODE.sub(lambda code: chr(int(code[1])) if code[1] else f"&{code[2]};", joined)
    return one_line(plain)


def _classes(told: Mapping[str, Any], unread: tuple[str, ...]) -> Read:
    lost: list[str] = list(unread)
    classes = []
    for node in told["classes"].values():
        lost += [f"{_text(node['label'])}: {_text(method.get('id'))}()" for method in node["methods"]]
        kind = _text(node["annotations"][0]) if node["annotations"] else ""
        attributes = tuple(_attribute(member["id"]) for member in node["members"] if _text(member.get("id")))
        classes.append(ModelClass(_text(node["id"]), _text(node["label"]) or _text(node["id"]), kind, attributes))
    notes = told.get("notes") or {}
    lost += [_text(note.get("text")) for note in (notes.values() if isinstance(notes, dict) else notes)]
    spaces = [_text(name) for name in (told.get("namespaces") or {})]
    lines = tuple(line for relation in told["relations"] for line in _association(relation, lost))
    return Read(ClassModel(tuple(classes), lines, spaces[0] if spaces else ""), tuple(lost))


def _attribute(told: str) -> Attribute:
    """Read `balance: money`, `money balance`, `List~String~ names`; `[0..1]` and `?` mark what may be missing."""
    plain = re.sub(r"~([^~]*)~", r"<\1>", told)
    required = not _OPTIONAL.search(plain)
    plain = _OPTIONAL.sub("", plain)
    name, colon, kind = plain.partition(":")
    if not colon:
        kind, space, name = plain.strip().partition(" ")
        if not space:
            kind, name = "", kind
    return Attribute(_text(name.lstrip("+-#~")), _text(kind), required)


def _association(relation: Mapping[str, Any], lost: list[str]) -> Iterator[Association]:
    """Yield a relation with its whole, or its special one, first; a lollipop is no class and is lost."""
    ends, (one, other) = relation["relation"], (_text(relation["id1"]), _text(relation["id2"]))
    left, right = (multiplicity(_text(relation.get(name))) for name in ("relationTitle1", "relationTitle2"))
    left, right = ("" if value == "none" else value for value in (left, right))
    label = _text(relation.get("title"))
    if 4 in (ends["type1"], ends["type2"]):
        lost.append(f"{one} -() {other}")
        return
    if ends["lineType"] == 1 and 1 not in (ends["type1"], ends["type2"]):
        lost.append(f"{one} ..> {other}")
    kind = _KINDS.get(ends["type1"]) or _KINDS.get(ends["type2"]) or "association"
    first = ends["type1"] in _KINDS
    backwards = (kind == "inheritance") == first if kind != "association" else ends["type1"] == 3 and ends["type2"] != 3
    if backwards:
        one, other, left, right = other, one, right, left
    yield Association(one, other, kind, left, right, label)


def _unread_lines(body: str, told: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lines that Mermaid's grammar passes over in silence: `Order has many Line` gives neither class nor line."""
    lost = []
    for line in body.splitlines():
        plain = line.strip().rstrip(";")
        words = re.findall(r"\w+", plain)
        if not re.fullmatch(r"\w+(?:\s+\w+){2,}", plain) or words[0] in (
            "class", "classDiagram", "direction", "note", "namespace", "style", "cssClass", "classDef", "link", "click", "callback",
        ):  # fmt: skip
            continue
        if not any(plain in str(node) for node in told["classes"].values()):
            lost.append(plain)
    return tuple(lost)


def _states(told: Mapping[str, Any]) -> Read:
    lost: list[str] = []
    names: dict[str, str] = {}
    for node in told["states"].values():
        if node.get("type") in ("fork", "join", "choice") or node.get("doc"):
            lost.append(_text(node["id"]))
        names[node["id"]] = _text((node.get("descriptions") or [node["id"]])[0]) or _text(node["id"])
        if note := node.get("note"):
            lost.append(_text(note.get("text")))
    changes = tuple(
        Transition(_state(line["id1"], names), _state(line["id2"], names), _text(line.get("relationTitle")))
        for line in told["relations"]
    )
    states = tuple(name for one, name in names.items() if not _is_end(one))
    return Read(ClassModel((ModelClass("C1", "", states=states, transitions=changes),)), tuple(lost))


def _is_end(state: str) -> bool:
    return state.endswith(("_start", "_end")) and state.split("_", maxsplit=1)[0] in ("root", "divider")


def _state(state: str, names: Mapping[str, str]) -> str:
    return "" if _is_end(state) else names.get(state, state)


def _sequence(told: Mapping[str, Any]) -> Read:
    lost = [f"actor {_text(one['description'])}" for one in told["actors"].values() if one.get("type") == "actor"]
    classes = tuple(
        ModelClass(_text(name), _text(one["description"]) or _text(name))
        for name, one in told["actors"].items()
        if one.get("type") != "actor"
    )
    known = {one.id for one in classes}
    found: dict[tuple[str, str], Association] = {}
    for message in told["messages"]:
        source, target, text = _text(message.get("from")), _text(message.get("to")), _text(message.get("message"))
        asked = message.get("type") in _MESSAGES and message.get("type") not in _DASHED_MESSAGES
        if asked and {source, target} <= known and source != target:
            found.setdefault((source, target), Association(source, target, label=text))
        elif text:
            lost.append(f"{source} → {target}: {text}" if source and target else text)
    return Read(ClassModel(classes, tuple(found.values())), tuple(lost))
