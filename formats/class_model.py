"""A domain model as every notation of it needs it: classes with attributes and states, associations with multiplicity, messages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

AssociationKind = Literal["association", "composition", "aggregation", "inheritance"]

# How many of one end stand to one of the other; "" where nobody said it.
MULTIPLICITIES = ("1", "0..1", "0..*", "1..*")


@dataclass(frozen=True)
class Attribute:
    """An attribute by its name; `type` is a word such as `money`."""

    name: str
    type: str = ""
    required: bool = True


@dataclass(frozen=True)
class Transition:
    """A change of state; an empty `source` is the start of a life, an empty `target` its end."""

    source: str
    target: str
    trigger: str = ""


@dataclass(frozen=True)
class ModelClass:
    """A class; `id` is safe in every notation (`C1`), `kind` the stereotype under which it is drawn."""

    id: str
    name: str
    kind: str = ""
    attributes: tuple[Attribute, ...] = ()
    states: tuple[str, ...] = ()
    transitions: tuple[Transition, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class Association:
    """A line from one class to another, by their ids.

    `source` is the whole of a composition or an aggregation, and the special one of an inheritance.
    """

    source: str
    target: str
    kind: AssociationKind = "association"
    source_multiplicity: str = ""
    target_multiplicity: str = ""
    label: str = ""


@dataclass(frozen=True)
class Message:
    """What one participant says to another; `reply` marks an answer."""

    source: str
    target: str
    text: str
    reply: bool = False


@dataclass(frozen=True)
class ClassModel:
    """Classes and associations; `context` is the bounded context (a package or a namespace) where one is named."""

    classes: tuple[ModelClass, ...]
    associations: tuple[Association, ...] = ()
    context: str = ""


@dataclass(frozen=True)
class Course:
    """One of several ways in which a sequence can go."""

    title: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Sequence:
    """Messages between participants, each an id and a name; `courses` are alternatives, told after the messages."""

    participants: tuple[tuple[str, str], ...]
    messages: tuple[Message, ...] = ()
    courses: tuple[Course, ...] = ()


@dataclass(frozen=True)
class Read:
    """What was read of a text, what of it a model cannot hold, and what its own grammar holds against it."""

    model: ClassModel
    lost: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def sequence_lines(
    sequence: Sequence, arrows: tuple[str, str], told: Callable[[str], str], named: Callable[[str, str], str]
) -> list[str]:
    """Return the lines of a sequence as Mermaid and PlantUML both tell it; `arrows` are those of a message and of a reply."""

    def message_line(message: Message) -> str:
        return f"{message.source} {arrows[message.reply]} {message.target}: {told(message.text)}"

    lines = [named(one, name) for one, name in sequence.participants]
    lines += [message_line(message) for message in sequence.messages]
    for place, course in enumerate(sequence.courses):
        lines.append(f"{'else' if place else 'alt'} {told(course.title)}")
        lines += [f"  {message_line(message)}" for message in course.messages]
    return [*lines, "end"] if sequence.courses else lines


def broken_lines(text: str, width: int) -> list[str]:
    """Return a text in lines of about `width` columns: no notation breaks a long message by itself. A Han character takes two columns."""
    lines, line, columns = [], "", 0
    for word in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", one_line(text)):
        taken = sum(1 + (sign > "\u2e7f") for sign in word)
        if line and columns + len(word.rstrip()) > width and not re.match(r"[，。；：、！？）”]", word):
            lines.append(line.rstrip())
            line, columns = "", 0
        line, columns = line + word, columns + taken
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def association_line(line: Association, arrow: str, escaped: Callable[[str], str]) -> str:
    """Return an association as Mermaid and PlantUML both tell it; each has arrows and escapes of its own."""
    left, right = (_end(told, escaped) for told in (line.source_multiplicity, line.target_multiplicity))
    label = f" : {escaped(line.label)}" if line.label.strip() else ""
    return f"{line.source}{left} {arrow}{right} {line.target}{label}"


def _end(told: str, escaped: Callable[[str], str]) -> str:
    if not told:
        return ""
    return f' "{told}"' if re.fullmatch(r"[\d.*]{1,12}", told) else f' "{escaped(told)}"'


def state_lines(one: ModelClass, escaped: Callable[[str], str]) -> list[str]:
    """Return the states of a class and how they change, as both tell it.

    A state is declared under an id of its own: `[*] --> In Progress` would be two states.
    """
    names = list(dict.fromkeys([*one.states, *(name for t in one.transitions for name in (t.source, t.target) if name)]))
    ids = {name: f"s{number}" for number, name in enumerate(names, 1)}
    lines = [f'state "{escaped(name)}" as {ids[name]}' for name in names]
    for change in one.transitions:
        label = f" : {escaped(change.trigger)}" if change.trigger.strip() else ""
        lines.append(f"{ids.get(change.source, '[*]')} --> {ids.get(change.target, '[*]')}{label}")
    return lines


def one_line(text: str) -> str:
    """Put a text on one line, without what a line cannot hold."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


_MANY = re.compile(r"^(?:\*|n|m|many|0\.\.(?:\*|n|m|many)|多)$", re.IGNORECASE)
_SOME = re.compile(r"^(?:\+|1\.\.(?:\*|n|m|many))$", re.IGNORECASE)


def multiplicity(text: str) -> str:
    """Return a multiplicity in one of the four forms; as it stands where it is another, such as `2..4`."""
    plain = re.sub(r"\s+", "", text).replace("…", "..")
    if _MANY.match(plain):
        return "0..*"
    if _SOME.match(plain):
        return "1..*"
    return "1" if plain == "1..1" else plain
