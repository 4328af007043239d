"""What of a domain model is mended by rule: names, duplicates, lines to nowhere, states without changes."""

import re
from collections.abc import Callable

from formats.class_model import one_line
from stages.domain_model.shape import Association, DomainClass, DomainModel, Transition, plain_name, same_name, singular
from stages.findings import Mended
from stages.material import Material

Told = tuple[DomainModel, list[Mended]]


def mend_names(artifact: DomainModel, material: Material) -> Told:
    """Put names on one line, and a class under the official name of its term."""
    mended: list[Mended] = []
    classes = []
    for one in artifact.classes:
        texts = one.texts()
        changed = {place: after for place, text in texts.items() if (after := _tidy(place, text)) != text}
        official = _official(changed.get("name", one.name), material)
        if official and official != changed.get("name", one.name):
            changed["name"] = official
        mended += [Mended("wording", place, texts[place], after, one.id) for place, after in changed.items()]
        classes.append(one.with_texts(changed) if changed else one)
    return (artifact.with_items(classes), mended) if mended else (artifact, [])


def _tidy(place: str, text: str) -> str:
    plain = one_line(text)
    if place.startswith("states"):
        # A change is written `open -> closed: close`: neither sign may stand in a name.
        plain = one_line(re.sub(r"\s*->\s*", " → ", plain).replace(":", " ").replace("：", " ")).strip("-* ")
    elif place.startswith(("name", "attributes")):
        plain = plain.strip("-*: ：")
    return plain or ("?" if place.startswith(("name", "states", "attributes")) else "")


def _official(name: str, material: Material) -> str:
    """Return the official name of the term that a class is called by one of the other names of; empty where there is none."""
    for term in material.terms:
        if term.kind not in ("role", "rule", "bounded-context") and same_name(name, term.names):
            return term.name[:1].upper() + term.name[1:] if not same_name(name, [term.name]) else singular(name)
    return ""


def mend_duplicates(artifact: DomainModel, _material: Material) -> Told:
    """Leave out a class that stands there before, leading its lines to the first; attributes and states only once."""
    mended: list[Mended] = []
    kept: list[DomainClass] = []
    moved: dict[str, str] = {}
    for one in artifact.classes:
        twin = next((other for other in kept if same_name(one.name, [other.name]) or other.id == one.id), None)
        if twin is None:
            kept.append(_once(one, mended))
            continue
        mended.append(Mended("duplicate-class", one.id, one.name, "", one.id))
        if one.id != twin.id:
            moved[one.id] = twin.id
    if not mended:
        return artifact, []
    return artifact.with_items([_moved(one, moved) for one in kept]), mended


def _once(one: DomainClass, mended: list[Mended]) -> DomainClass:
    """Return a class with each attribute, state and change once."""
    attributes = list({plain_name(attribute.name): attribute for attribute in reversed(one.attributes)}.values())[::-1]
    states = list(dict.fromkeys(one.states))
    changes = list({(change.source, change.target, change.trigger): change for change in one.transitions}.values())
    if (len(attributes), len(states), len(changes)) == (len(one.attributes), len(one.states), len(one.transitions)):
        return one
    before = ", ".join([*(attribute.name for attribute in one.attributes), *one.states])
    after = ", ".join([*(attribute.name for attribute in attributes), *states])
    mended.append(Mended("duplicate-attribute", "attributes", before, after, one.id))
    return one.model_copy(update={"attributes": attributes, "states": states, "transitions": changes})


def _moved(one: DomainClass, moved: dict[str, str]) -> DomainClass:
    lines = [line.model_copy(update={"target": moved.get(line.target, line.target)}) for line in one.associations]
    return one.model_copy(update={"associations": lines})


def mend_associations(artifact: DomainModel, _material: Material) -> Told:
    """Leave out lines to classes that are not there and lines told before, and the multiplicity of an inheritance."""
    known = {one.id for one in artifact.classes}
    told: dict[frozenset[str], Association] = {}
    mended: list[Mended] = []
    classes = []
    for one in artifact.classes:
        lines = []
        for written in one.associations:
            line = written
            pair = frozenset((one.id, line.target))
            if line.target not in known or _same(told.get(pair), line):
                rule = "unknown-target" if line.target not in known else "told-twice"
                mended.append(Mended(rule, "associations", line.target, "", one.id))
                continue
            if line.kind == "inheritance" and (line.own or line.other):
                line = line.model_copy(update={"own": "", "other": ""})
                mended.append(Mended("no-multiplicity", "associations", line.target, line.target, one.id))
            told[pair] = line
            lines.append(line)
        classes.append(one if lines == one.associations else one.model_copy(update={"associations": lines}))
    return (artifact.with_items(classes), mended) if mended else (artifact, [])


def _same(before: Association | None, line: Association) -> bool:
    """Tell whether a line says no more than one between the same classes before it."""
    if before is None:
        return False
    plain = before.kind == line.kind == "association" or "association" in (before.kind, line.kind)
    sides = {(before.own, before.other), (before.other, before.own)}
    return plain and ((line.own, line.other) in sides or not line.label or before.label == line.label)


def mend_states(artifact: DomainModel, _material: Material) -> Told:
    """Lead from each state to the next where no change is told, and take up states that only a change names."""
    return _each(artifact, _with_changes)


def _with_changes(one: DomainClass) -> tuple[DomainClass, str]:
    named = [end for change in one.transitions for end in (change.source, change.target) if end]
    states = list(dict.fromkeys([*one.states, *named]))[:12]
    if len(states) > 1 and not one.transitions:
        chain = zip(["", *states], states, strict=False)
        changes = [Transition(source=source, target=target, trigger="") for source, target in chain]
        return one.model_copy(update={"transitions": changes}), " → ".join(states)
    if states != one.states:
        return one.model_copy(update={"states": states}), ", ".join(states)
    return one, ""


def _each(artifact: DomainModel, mend: Callable[[DomainClass], tuple[DomainClass, str]]) -> Told:
    mended: list[Mended] = []
    classes = []
    for one in artifact.classes:
        after, told = mend(one)
        if told:
            mended.append(Mended("states", "states", ", ".join(one.states), told, one.id))
        classes.append(after)
    return (artifact.with_items(classes), mended) if mended else (artifact, [])
