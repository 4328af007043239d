"""PlantUML that a person pasted (class, state or sequence diagram), read line by line; it is never run, and what is not understood is named."""

import re
from dataclasses import dataclass, field, replace

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
from formats.plantuml import unescaped

_NAME = r"(?:\"[^\"]*\"|[\w.]+)"
_CLASS = re.compile(
    rf"^(?:abstract\s+class|abstract|class|entity|interface|enum|struct|object|exception|protocol)\s+(?P<one>{_NAME})"
    rf"(?:\s+as\s+(?P<other>{_NAME}))?(?P<rest>[^{{]*)(?P<open>\{{)?\s*(?P<close>\}})?$",
    re.IGNORECASE,
)
_LINE = re.compile(
    rf"^(?P<one>{_NAME})\s*(?:\"(?P<left>[^\"]*)\"\s*)?(?P<arrow>[<|*o#x}}+^]*(?:[-.]+(?:\[[^\]]*\]|up|down|left|right|[udlr])?[-.]*)[|>*o#x{{+^]*)"
    rf"\s*(?:\"(?P<right>[^\"]*)\"\s*)?(?P<other>{_NAME})\s*(?::\s*(?P<label>.*))?$"
)
_CHANGE = re.compile(
    rf"^(?P<one>\[\*\]|{_NAME})\s*-+(?:\[[^\]]*\]|up|down|left|right|[udlr])?-*>\s*(?P<other>\[\*\]|{_NAME})\s*(?::\s*(?P<label>.*))?$"
)
_STATE = re.compile(rf"^state\s+(?P<one>{_NAME})(?:\s+as\s+(?P<other>{_NAME}))?(?P<rest>.*)$", re.IGNORECASE)
_PACKAGE = re.compile(r"^(?:package|namespace|rectangle|frame|folder|node)\s+(?:\"([^\"]*)\"|([\w.]+))[^{]*\{$", re.IGNORECASE)
_PARTICIPANT = re.compile(
    rf"^(?:participant|actor|boundary|control|entity|database|collections|queue)\s+(?P<one>{_NAME})(?:\s+as\s+(?P<other>{_NAME}))?\s*$",
    re.IGNORECASE,
)
_MESSAGE = re.compile(rf"^(?P<one>{_NAME})\s*-(?P<reply>-?)>>?\s*(?P<other>{_NAME})\s*(?::\s*(?P<label>.*))?$")
_COURSE = re.compile(
    r"^(?:alt|else|opt|loop|par|break|critical|group)\b\s*(.*)$|^end$|^(?:activate|deactivate|autonumber)\b", re.IGNORECASE
)
_DRESS = re.compile(
    r"^(?:@startuml|@enduml|skinparam|hide|show|left to right|top to bottom|scale|title|header|footer|caption|'|/'|allow_mixing|set\b|"
    r"<style>|</style>|legend|end\s?legend|together|remove)",
    re.IGNORECASE,
)
_STEREOTYPE = re.compile(r"<<\s*(.+?)\s*>>(?!>)")


@dataclass
class _Reading:
    """What has been read so far."""

    classes: dict[str, ModelClass] = field(default_factory=dict)
    lines: list[Association] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    changes: list[Transition] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    context: str = ""
    title: str = ""
    within: str = ""
    quiet: str = ""
    participants: set[str] = field(default_factory=set)

    def named(self, told: str) -> str:
        """Return the id of a class that a line names, known or not."""
        one = told.strip('"')
        if one not in self.classes:
            self.classes[one] = ModelClass(one, _plain(one))
        return one


def is_plantuml(text: str) -> bool:
    """Tell whether a text holds PlantUML."""
    return "@startuml" in text


def read_class_model(text: str) -> Read:
    """Read a PlantUML text as far as it can be read; states become a class of their own, named by the title."""
    start = text.find("@startuml")
    body = text[max(start, 0) :].split("@enduml", maxsplit=1)[0]
    reading = _Reading()
    for line in body.splitlines()[:5_000]:
        _read(" ".join(line.split()), reading)
    classes = list(reading.classes.values())
    if reading.states:
        states = tuple(dict.fromkeys(reading.states.values()))
        classes.append(ModelClass("states", reading.title, states=states, transitions=tuple(reading.changes)))
    return Read(ClassModel(tuple(classes), tuple(reading.lines), reading.context), tuple(reading.lost))


def _read(line: str, reading: _Reading) -> None:
    """Read one line."""
    if reading.quiet:
        if re.match(reading.quiet, line, re.IGNORECASE):
            reading.quiet = ""
        return
    if reading.within and line != "}":
        _member(line, reading)
    elif line in ("}", ""):
        reading.within = ""
    elif line.startswith("!"):
        # An order to the preprocessor, such as `!include`: it is not followed.
        reading.lost.append(line)
    elif not any(
        take(line, reading) for take in (_dress, _participant, _message, _package, _class, _change, _association, _state, _note)
    ):
        reading.lost.append(line)


def _dress(line: str, reading: _Reading) -> bool:
    """Pass over what only tells how it looks; a title is kept for a class of states."""
    if found := re.match(r"title\s+(.+)", line, re.IGNORECASE):
        reading.title = _plain(found[1])
    if line.startswith("/'") and "'/" not in line:
        reading.quiet = r".*'/"
    return bool(_DRESS.match(line))


def _participant(line: str, reading: _Reading) -> bool:
    """Read who takes part in a sequence: a participant becomes a class, an actor stands outside of the model."""
    found = _PARTICIPANT.match(line)
    # An `entity` that opens a body, or stands in a class diagram, is a class.
    if not found or (line.lower().startswith("entity") and not reading.participants):
        return False
    one, other = found["one"], found["other"] or found["one"]
    if other.startswith('"') and not one.startswith('"'):
        one, other = other, one
    identity = other.strip('"')
    reading.participants.add(identity)
    if line.lower().startswith("actor"):
        reading.lost.append(f"actor {_plain(one.strip(chr(34)))}")
    else:
        reading.classes[identity] = ModelClass(identity, _plain(one.strip('"')))
    return True


def _message(line: str, reading: _Reading) -> bool:
    """Read what one participant asks of another, once for each pair; replies and frames have no place in the model."""
    if not reading.participants:
        return False
    if course := _COURSE.match(line):
        if course[1]:
            reading.lost.append(_plain(line))
        return True
    found = _MESSAGE.match(line)
    if not found:
        return False
    one, other, label = found["one"].strip('"'), found["other"].strip('"'), _plain(found["label"] or "")
    known = {one, other} <= set(reading.classes) and one != other and not found["reply"]
    if known and not any((line.source, line.target) == (one, other) for line in reading.lines):
        reading.lines.append(Association(one, other, label=label))
    elif label:
        reading.lost.append(f"{one} → {other}: {label}")
    return True


def _package(line: str, reading: _Reading) -> bool:
    found = _PACKAGE.match(line)
    if found:
        reading.context = reading.context or _plain(found[1] or found[2])
    return bool(found)


def _class(line: str, reading: _Reading) -> bool:
    found = _CLASS.match(line)
    if not found:
        return False
    one, other = found["one"], found["other"] or found["one"]
    if other.startswith('"') and not one.startswith('"'):
        one, other = other, one
    identity = other.strip('"')
    kind = _STEREOTYPE.search(found["rest"])
    reading.classes[identity] = replace(
        reading.classes.get(identity, ModelClass(identity, "")),
        name=_plain(one.strip('"')),
        kind=_plain(kind[1]) if kind else "",
    )
    if base := re.search(rf"\bextends\s+({_NAME})", found["rest"]):
        reading.lines.append(Association(identity, reading.named(base[1]), "inheritance"))
    reading.within = identity if found["open"] and not found["close"] else ""
    return True


def _member(line: str, reading: _Reading) -> None:
    """Read an attribute of the class that is open; an operation has no place in the model."""
    if re.match(r"(?:--|==|\.\.|__)|'", line):
        return
    plain = re.sub(r"^(?:\{(?:static|abstract|field|method)\}\s*)*[+#~-]?\s*", "", line)
    owner = reading.classes[reading.within]
    if not plain:
        return
    if "(" in plain:
        reading.lost.append(f"{owner.name}: {_plain(plain)}")
        return
    required = not re.search(r"\[0\.\.[1*]\]\s*$|\?\s*$", plain)
    name, colon, kind = re.sub(r"\s*\[[\d.*]+\]\s*$|\?\s*$", "", plain).partition(":")
    if not colon and " " in name.strip():
        kind, _, name = name.strip().partition(" ")
    attribute = Attribute(_plain(name), _plain(kind), required)
    reading.classes[reading.within] = replace(owner, attributes=(*owner.attributes, attribute))


def _association(line: str, reading: _Reading) -> bool:
    found = _LINE.match(line)
    if not found or not re.search(r"[-.]", found["arrow"]):
        return False
    one, other = reading.named(found["one"]), reading.named(found["other"])
    ends = [multiplicity(_plain(found[end] or "")) for end in ("left", "right")]
    arrow = found["arrow"]
    kind: AssociationKind = "association"
    backwards = arrow.startswith("<") and "|" not in arrow and not arrow.endswith(">")
    if "|" in arrow or "^" in arrow:
        kind, backwards = "inheritance", arrow[0] in "<^|"
    elif "*" in arrow or arrow.startswith("o") or arrow.endswith("o"):
        kind, backwards = "composition" if "*" in arrow else "aggregation", arrow[-1] in "*o"
    if "." in arrow and kind == "association":
        reading.lost.append(f"{one} ..> {other}")
    if backwards:
        one, other, ends = other, one, ends[::-1]
    reading.lines.append(
        Association(one, other, kind, ends[0], ends[1], _plain(re.sub(r"^\s*[<>]\s|\s[<>]\s*$", "", found["label"] or "")))
    )
    return True


def _change(line: str, reading: _Reading) -> bool:
    """Read a change of state: one end is `[*]`, or a state that is declared."""
    found = _CHANGE.match(line)
    ends = [found[end].strip('"') for end in ("one", "other")] if found else []
    if not found or not ("[*]" in ends or any(end in reading.states for end in ends)):
        return False
    names = ["" if end == "[*]" else reading.states.setdefault(end, _plain(end)) for end in ends]
    reading.changes.append(Transition(names[0], names[1], _plain(found["label"] or "")))
    return True


def _state(line: str, reading: _Reading) -> bool:
    found = _STATE.match(line)
    if not found:
        return False
    one, other = found["one"], found["other"] or found["one"]
    if other.startswith('"') and not one.startswith('"'):
        one, other = other, one
    reading.states[other.strip('"')] = _plain(one.strip('"'))
    if _STEREOTYPE.search(found["rest"]) or found["rest"].rstrip().endswith("{"):
        reading.lost.append(_plain(line))
    return True


def _note(line: str, reading: _Reading) -> bool:
    """Pass over a note, but name it."""
    if not re.match(r"note\b", line, re.IGNORECASE):
        return False
    reading.lost.append(_plain(line))
    if ":" not in line and not re.match(r"note\s+\"", line, re.IGNORECASE):
        reading.quiet = r"end\s?note"
    return True


def _plain(text: str) -> str:
    return one_line(unescaped(text.replace("\\n", " ")))
