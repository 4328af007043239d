"""A domain model as every notation of it needs it: classes with attributes and states, associations with multiplicity, messages."""

import re
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
class Sequence:
    """Messages between participants, each an id and a name."""

    participants: tuple[tuple[str, str], ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Read:
    """What was read of a text, what of it a model cannot hold, and what its own grammar holds against it."""

    model: ClassModel
    lost: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


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
