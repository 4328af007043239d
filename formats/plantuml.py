"""Class and state diagrams in PlantUML: written here, never run, and nothing of a text can become an order to its preprocessor."""

import re

from formats.class_model import Association, ClassModel, ModelClass, one_line

_ARROWS = {"association": "-->", "composition": "*--", "aggregation": "o--", "inheritance": "--|>"}
# PlantUML reads `<U+0022>` as the sign of that number. `!include`, `%getenv()` and `$name` are orders to its preprocessor.
_ODD = re.compile(r"[\"'`\\#<>{}()\[\]~$*|%&^!@;/:]|-(?=-)|(?<=-)-|_(?=_)|(?<=_)_|\.(?=\.)|(?<=\.)\.|=(?==)|(?<==)=|^[+\-]")


def escaped(text: str) -> str:
    """Return a text on one line in which nothing is PlantUML's syntax."""
    return _ODD.sub(lambda sign: f"<U+{ord(sign.group()):04X}>", one_line(text))


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return re.sub(r"<U\+([0-9A-Fa-f]{4,6})>", lambda code: chr(min(int(code[1], 16), 0x10FFFF)), text)


def class_diagram(model: ClassModel) -> str:
    """Return the class diagram of a model."""
    lines = ["@startuml", "hide empty members"]
    if model.context:
        lines.append(f'package "{escaped(model.context)}" {{')
    for one in model.classes:
        kind = f" <<{escaped(one.kind)}>>" if one.kind else ""
        lines.append(f'class "{escaped(one.name)}" as {one.id}{kind} {{')
        for attribute in one.attributes:
            told = f" : {escaped(attribute.type)}" if attribute.type else ""
            lines.append(f"  {escaped(attribute.name)}{told}{'' if attribute.required else ' [0..1]'}")
        lines.append("}")
    if model.context:
        lines.append("}")
    lines += [_association(line) for line in model.associations]
    return "\n".join([*lines, "@enduml"]) + "\n"


def _association(line: Association) -> str:
    left, right = (_end(told) for told in (line.source_multiplicity, line.target_multiplicity))
    label = f" : {escaped(line.label)}" if line.label.strip() else ""
    return f"{line.source}{left} {_ARROWS[line.kind]}{right} {line.target}{label}"


def _end(told: str) -> str:
    if not told:
        return ""
    return f' "{told}"' if re.fullmatch(r"[\d.*]{1,12}", told) else f' "{escaped(told)}"'


def state_diagram(one: ModelClass) -> str:
    """Return the states of a class."""
    names = list(dict.fromkeys([*one.states, *(name for t in one.transitions for name in (t.source, t.target) if name)]))
    ids = {name: f"s{number}" for number, name in enumerate(names, 1)}
    lines = ["@startuml", "hide empty description", f"title {escaped(one.name)}"] if one.name.strip() else ["@startuml"]
    lines += [f'state "{escaped(name)}" as {ids[name]}' for name in names]
    for change in one.transitions:
        label = f" : {escaped(change.trigger)}" if change.trigger.strip() else ""
        lines.append(f"{ids.get(change.source, '[*]')} --> {ids.get(change.target, '[*]')}{label}")
    return "\n".join([*lines, "@enduml"]) + "\n"
