"""What was read from a file: its sections as Markdown, each below the trail of headings that leads to it."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from errors import KnowledgeError
from knowledge.asset_types import AssetType


class CannotRead(KnowledgeError):
    """A file that is refused; its sentence names the reason, the limit where one was passed, and what to do."""


@dataclass(frozen=True)
class Section:
    """Markdown text below its headings; `whole` asks that it stay one passage, as one scenario or one operation does."""

    trail: tuple[str, ...]
    text: str
    whole: bool = False


@dataclass(frozen=True)
class Reading:
    """A file as sections in reading order; `type` is what the format shows it to be, `front` its YAML front matter as written."""

    title: str
    sections: tuple[Section, ...]
    type: AssetType | Literal[""] = ""
    front: str = ""

    def to_json(self) -> str:
        """Return the form that crosses from the reading process to the house."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str | bytes) -> "Reading":
        """Return what `to_json` wrote. Raises ValueError, KeyError or TypeError where it is something else."""
        values = json.loads(written)
        sections = tuple(Section(tuple(each["trail"]), each["text"], each["whole"]) for each in values["sections"])
        return cls(values["title"], sections, values["type"], values["front"])
