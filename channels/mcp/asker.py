"""Who calls a tool, and what the tools work with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.events import Person
from errors import Language

if TYPE_CHECKING:
    from chains.assistant import Assistant
    from knowledge.knowledge import Knowledge


@dataclass(frozen=True)
class Asker:
    """The person, the language that they read, the workspace that counts where none is named, and where cards are found on the page."""

    person: Person
    language: Language = "en"
    workspace: str = "default"
    link: str = ""


@dataclass(frozen=True)
class Served:
    """What answers: opened with the house."""

    assistant: "Assistant"
    knowledge: "Knowledge"
    brief_characters: int
