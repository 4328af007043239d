"""A class as the plain text that a person edits, and read back from it."""

import re
from collections.abc import Sequence
from typing import Any

from errors import Language
from formats.class_model import multiplicity
from stages.domain_model.shape import Association, DomainClass
from stages.domain_model.words import (
    KINDS,
    LINES,
    OPTIONAL,
    SECTIONS,
    TO,
    TYPES,
    read_kind,
    read_line,
    read_section,
    read_type,
    said,
)

_END = "[*]"
_UNKNOWN = "?"
_HEADING = re.compile(r"^(\w+)\s*[:：]\s*(.*)$")
_POINT = re.compile(r"^\s*[-*•]\s+")
_ASSOCIATION = re.compile(
    r"^(?P<kind>\w+)\s+(?:(?P<own>\S+)\s*(?:to|对|-+>?|→)\s*(?P<other>\S+)\s+)?(?P<target>C\d{1,3})\b\s*(?P<rest>.*)$"
)
_OPTIONAL = re.compile(r"\s*[(（](?:optional|可选)[)）]\s*$", re.IGNORECASE)


def source_text(one: DomainClass, language: Language) -> str:
    """Return a class as the text that a person edits."""

    def heading(name: str, text: str = "") -> str:
        return f"{said(SECTIONS, name, language)}: {text}".rstrip()

    lines = [
        heading("class", one.name),
        heading("kind", said(KINDS, one.kind, language)),
        heading("description", one.description),
    ]
    lines += [heading("attributes")]
    for attribute in one.attributes:
        missing = "" if attribute.required else f" ({OPTIONAL[language]})"
        lines.append(f"- {attribute.name}: {said(TYPES, attribute.type, language)}{missing}")
    lines += [heading("associations"), *(f"- {line_text(line, language, with_id=True)}" for line in one.associations)]
    if one.states or one.transitions:
        lines += [heading("states"), *(f"- {state}" for state in one.states), heading("transitions")]
        for change in one.transitions:
            trigger = f": {change.trigger}" if change.trigger else ""
            lines.append(f"- {change.source or _END} -> {change.target or _END}{trigger}")
    return "\n".join(lines)


def line_text(line: Association, language: Language, *, with_id: bool = False) -> str:
    """Return an association: `composition 1 to 0..* Income record: holds`."""
    ends = f" {line.own or _UNKNOWN} {TO[language]} {line.other or _UNKNOWN}" if line.kind != "inheritance" else ""
    named = line.name or line.target
    told = f"{line.target} {line.name}".strip() if with_id else named
    return f"{said(LINES, line.kind, language)}{ends} {told}{f': {line.label}' if line.label else ''}"


def read_edited(text: str, one: DomainClass, language: Language) -> DomainClass:
    """Read the text of a class that a person edited; what it does not say (stories, sources) stays.

    Raises ValueError with a sentence for the person, naming the line that cannot be read.
    """
    body: dict[str, Any] = one.model_dump() | {name: [] for name in ("attributes", "associations", "states", "transitions")}
    body |= {"name": "", "description": ""}
    section = ""
    for line in filter(str.strip, text.splitlines()):
        found = _HEADING.match(line.strip()) if not _POINT.match(line) else None
        named = read_section(found[1]) if found else None
        if found and named:
            section = named
            _read_heading(section, found[2].strip(), body, language)
        else:
            _read_point(section, _POINT.sub("", line).strip(), body, one, language)
    if not body["name"]:
        raise _refused(language, "class:", "类:")
    return DomainClass.model_validate(body)


def _read_heading(section: str, told: str, body: dict[str, Any], language: Language) -> None:
    if section == "kind":
        body["kind"] = read_kind(told)
        if body["kind"] is None:
            raise _refused(language, told, told)
    elif section in ("class", "description"):
        body["name" if section == "class" else section] = told


def _read_point(section: str, told: str, body: dict[str, Any], one: DomainClass, language: Language) -> None:
    """Read one line of a section."""
    if section == "attributes":
        body["attributes"].append(_attribute(told, language))
    elif section == "associations":
        body["associations"].append(_association(told, one, language))
    elif section == "states":
        body["states"].append(told)
    elif section == "transitions":
        body["transitions"].append(_transition(told, body["states"], language))
    elif section == "description":
        body["description"] = f"{body['description']} {told}".strip()
    else:
        raise _refused(language, told, told)


def _attribute(told: str, language: Language) -> dict[str, Any]:
    required = not _OPTIONAL.search(told)
    name, _, kind = _OPTIONAL.sub("", told).replace("：", ":").rpartition(":")
    if not name:
        return {"name": kind.strip(), "type": "string", "required": required}
    if (known := read_type(kind)) is None:
        raise _refused(language, told, told)
    # The name stands as it was written; only the colon before the type may be a Chinese one.
    return {"name": told[: len(name)].strip(), "type": known, "required": required}


def _association(told: str, one: DomainClass, language: Language) -> dict[str, Any]:
    found = _ASSOCIATION.match(told)
    kind = read_line(found["kind"]) if found else None
    if not found or kind is None:
        raise _refused(language, told, told)
    rest = found["rest"]
    known = next((line.name for line in one.associations if line.target == found["target"] and line.name), "")
    if known and rest.startswith(known):
        name, label = known, rest[len(known) :].strip()
    else:
        name, colon, label = rest.replace("：", ":").partition(":")
        label = f"{colon}{label}"
    ends = [multiplicity((found[end] or "").strip(_UNKNOWN)) for end in ("own", "other")]
    return {
        "target": found["target"],
        "name": name.strip(),
        "kind": kind,
        "own": ends[0],
        "other": ends[1],
        "label": label.lstrip(":：").strip(),
    }


def _transition(told: str, states: Sequence[str], language: Language) -> dict[str, str]:
    """Read a change by the states that are declared, longest first; an unknown state is read up to the colon."""
    ends = [_END, *sorted(states, key=len, reverse=True)]
    for source in ends:
        rest = told.removeprefix(f"{source} -> ")
        target = next((end for end in ends if rest == end or rest.startswith((f"{end}:", f"{end}："))), None)
        if rest != told and target is not None:
            return _change(source, target, rest[len(target) + 1 :])
    found = re.match(r"^(.+?)\s*(?:->|→)\s*([^:：]+)(?:[:：](.*))?$", told)
    if not found:
        raise _refused(language, told, told)
    return _change(found[1], found[2].strip(), found[3] or "")


def _change(source: str, target: str, trigger: str) -> dict[str, str]:
    return {
        "source": "" if source == _END else source,
        "target": "" if target == _END else target,
        "trigger": trigger.strip(),
    }


def _refused(language: Language, line: str, line_zh: str) -> ValueError:
    return ValueError(
        f"这一行读不懂：“{line_zh[:80]}”。请保留原有格式，例如“- 金额: 金额 (可选)”或“- 关联 1 对 0..* C2: 拥有”。"
        if language == "zh"
        else f"This line cannot be read: “{line[:80]}”. Keep the form, such as “- amount: money (optional)” "
        "or “- association 1 to 0..* C2: holds”."
    )
