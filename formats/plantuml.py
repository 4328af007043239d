"""Class, state and sequence diagrams in PlantUML: written here, never run, and nothing of a text can become an order to its preprocessor."""

import re

from formats.class_model import ClassModel, ModelClass, Sequence, association_line, one_line, sequence_lines, state_lines

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
    lines += [association_line(line, _ARROWS[line.kind], escaped) for line in model.associations]
    return "\n".join([*lines, "@enduml"]) + "\n"


def state_diagram(one: ModelClass) -> str:
    """Return the states of a class."""
    lines = ["@startuml", "hide empty description", f"title {escaped(one.name)}"] if one.name.strip() else ["@startuml"]
    lines += state_lines(one, escaped)
    return "\n".join([*lines, "@enduml"]) + "\n"


def sequence_diagram(sequence: Sequence) -> str:
    """Return a sequence diagram."""

    def named(one: str, name: str) -> str:
        return f'participant "{escaped(name)}" as {one}'

    # PlantUML breaks a long message by itself.
    lines = sequence_lines(sequence, ("->", "-->"), escaped, named)
    return "\n".join(["@startuml", "skinparam maxMessageSize 320", *lines, "@enduml"]) + "\n"
