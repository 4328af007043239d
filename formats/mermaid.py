"""Class, state and sequence diagrams in Mermaid: every name quoted or escaped, so that no text of ours is read as syntax."""

import re

from formats.class_model import (
    Attribute,
    ClassModel,
    ModelClass,
    Sequence,
    association_line,
    broken_lines,
    one_line,
    sequence_lines,
    state_lines,
)

_ARROWS = {"association": "-->", "composition": "*--", "aggregation": "o--", "inheritance": "--|>"}
# Mermaid reads `#40;` as the sign of that number; it is safe everywhere, and only odd texts need it.
# A whole line that holds `direction LR` anywhere, also inside quotes, is read as that order and swallowed.
_ODD = re.compile(r"[\"'`\\#;:<>{}()\[\]~$*|%&^]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.|=(?=[=>])|(?<=direction)\s(?=(?:TB|BT|LR|RL))")


# A message longer than this is broken: the picture would else be wider than a page.
MESSAGE_COLUMNS = 44


class MermaidError(ValueError):
    """A text that Mermaid refuses, or cannot draw within its limits; the message is Mermaid's own or names the limit."""


def escaped(text: str) -> str:
    """Return a text on one line in which nothing is Mermaid's syntax."""
    plain = one_line(text)
    safe = _ODD.sub(lambda sign: f"#{ord(sign.group())};", plain)
    return f"#{ord(safe[0])};{safe[1:]}" if safe[:1] in ("+", "-") else safe


def unescaped(text: str) -> str:
    """Return the text that was escaped."""
    return re.sub(r"#(\d{1,7});", lambda code: chr(int(code[1])) if int(code[1]) < 0x110000 else code[0], text)


def class_diagram(model: ClassModel) -> str:
    """Return the class diagram of a model."""
    lines = ["classDiagram"]
    for one in model.classes:
        lines += _class(one)
    lines += [f"  {association_line(line, _ARROWS[line.kind], escaped)}" for line in model.associations]
    return "\n".join(lines) + "\n"


def _class(one: ModelClass) -> list[str]:
    head = f'  class {one.id}["{escaped(one.name)}"]'
    inside = [f"    <<{escaped(one.kind)}>>"] if one.kind else []
    inside += [f"    {member(attribute)}" for attribute in one.attributes]
    return [f"{head} {{", *inside, "  }"] if inside else [head]


def member(attribute: Attribute) -> str:
    """Return the line of an attribute: `balance: money`, `note: string [0..1]` where it may be missing."""
    kind = f": {escaped(attribute.type)}" if attribute.type else ""
    return f"{escaped(attribute.name)}{kind}{'' if attribute.required else ' [0..1]'}"


def state_diagram(one: ModelClass) -> str:
    """Return the state diagram of a class."""
    lines = ["stateDiagram-v2", *(f"  {line}" for line in state_lines(one, escaped))]
    return "\n".join(lines) + "\n"


def sequence_diagram(sequence: Sequence) -> str:
    """Return a sequence diagram."""

    def told(text: str) -> str:
        return "<br/>".join(escaped(line) for line in broken_lines(text, MESSAGE_COLUMNS))

    def named(one: str, name: str) -> str:
        return f"participant {one} as {escaped(name)}"

    lines = sequence_lines(sequence, ("->>", "-->>"), told, named)
    return "\n".join(["sequenceDiagram", *(f"  {line}" for line in lines)]) + "\n"
