"""Class, state and sequence diagrams in Mermaid: every name quoted or escaped, so that no text of ours is read as syntax."""

import re

from formats.class_model import Association, Attribute, ClassModel, ModelClass, Sequence, one_line

_ARROWS = {"association": "-->", "composition": "*--", "aggregation": "o--", "inheritance": "--|>"}
# Mermaid reads `#40;` as the sign of that number; it is safe everywhere, and only odd texts need it.
# A whole line that holds `direction LR` anywhere, also inside quotes, is read as that order and swallowed.
_ODD = re.compile(r"[\"'`\\#;:<>{}()\[\]~$*|%&^]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.|=(?=[=>])|(?<=direction)\s(?=(?:TB|BT|LR|RL))")


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
    lines += [_association(line) for line in model.associations]
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


def _association(line: Association) -> str:
    left, right = _end(line.source_multiplicity), _end(line.target_multiplicity)
    label = f" : {escaped(line.label)}" if line.label.strip() else ""
    return f"  {line.source}{left} {_ARROWS[line.kind]}{right} {line.target}{label}"


def _end(told: str) -> str:
    if not told:
        return ""
    return f' "{told}"' if re.fullmatch(r"[\d.*]{1,12}", told) else f' "{escaped(told)}"'


def state_diagram(one: ModelClass) -> str:
    """Return the states of a class. A state is declared under an id of its own: `[*] --> In Progress` would be two states."""
    names = list(dict.fromkeys([*one.states, *(name for t in one.transitions for name in (t.source, t.target) if name)]))
    ids = {name: f"s{number}" for number, name in enumerate(names, 1)}
    lines = ["stateDiagram-v2"]
    lines += [f'  state "{escaped(name)}" as {ids[name]}' for name in names]
    for change in one.transitions:
        label = f" : {escaped(change.trigger)}" if change.trigger.strip() else ""
        lines.append(f"  {ids.get(change.source, '[*]')} --> {ids.get(change.target, '[*]')}{label}")
    return "\n".join(lines) + "\n"


def sequence_diagram(sequence: Sequence) -> str:
    """Return a sequence diagram."""
    lines = ["sequenceDiagram", *(f"  participant {one} as {escaped(name)}" for one, name in sequence.participants)]
    for message in sequence.messages:
        arrow = "-->>" if message.reply else "->>"
        lines.append(f"  {message.source}{arrow}{message.target}: {escaped(message.text)}")
    return "\n".join(lines) + "\n"
