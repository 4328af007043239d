"""Reads what a pack says of itself: its heading, the defaults of its files, and its glossary."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from errors import ConfigurationError, KnowledgeError, Language
from knowledge.asset_types import AssetType
from knowledge.terms.disputes import disputed_as_drafts
from knowledge.terms.findings import TermFinding
from knowledge.terms.glossary import Term
from knowledge.terms.importing import loaded_yaml, terms_of_yaml

HEADING, GLOSSARY, CHECKLIST = "pack.yaml", "glossary.yaml", "clarifying.yaml"
_DISPUTES_TOLD = 5
_LANGUAGES: tuple[Language, ...] = ("en", "zh")

Shape = TypeVar("Shape", bound=BaseModel)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# A group's name takes part in the name of a partition, where "|" parts one group from the next; "@" begins that of one person.
Group = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^|@][^|]*$")]
Status = Literal["approved", "draft", "retired"]


class Strict(BaseModel):
    """Frozen, and a name that is none of its own is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Strict):
    """The same words in both languages."""

    en: Text
    zh: Text


class Default(Strict):
    """What files below a path are where they do not say it themselves.

    In `path`, `*` stands for any part of a name, `**` for any folders; a path without "/" is a name in any folder.
    """

    path: Text
    shelf: Text | None = None
    type: AssetType | None = None
    owner: Text | None = None
    groups: Annotated[tuple[Group, ...] | None, Field(min_length=1)] = None
    status: Status | None = None
    language: Language | None = None

    def fits(self, path: str) -> bool:
        """Tell whether it speaks of the file at this path within the pack."""
        return re.fullmatch(_pattern(self.path), path) is not None

    def values(self) -> dict[str, Any]:
        """Return what it says."""
        return self.model_dump(exclude={"path"}, exclude_none=True)


class PackHeading(Strict):
    """`pack.yaml`: what the pack is called, whose it is, and what its files are by default."""

    name: Text
    title: Bilingual
    about: Bilingual
    licence: Text
    defaults: tuple[Default, ...] = ()

    def defaults_of(self, path: str) -> dict[str, Any]:
        """Return what the defaults say of a file; of two that fit, the later one wins."""
        return {name: value for default in self.defaults if default.fits(path) for name, value in default.values().items()}


@dataclass(frozen=True)
class Problem:
    """A file that could not be taken in, and why, in English and in Chinese.

    Where it is not `refused`, it was taken in, and something in it waits to be settled.
    """

    file: str
    reason: str
    zh: str = ""
    refused: bool = True


def read_heading(folder: Path) -> PackHeading | None:
    """Return what `pack.yaml` says, None where there is none. Raises ConfigurationError where it is unsound."""
    heading = folder / HEADING
    return _validated(PackHeading, heading) if heading.is_file() else None


def pack_name(folder: Path) -> str:
    """Return the name under which a folder's assets are kept. Raises ConfigurationError where its `pack.yaml` is unsound."""
    heading = read_heading(folder)
    return heading.name if heading is not None else folder.resolve().name


def read_terms(folder: Path, decided: Mapping[str, str]) -> tuple[tuple[Term, ...], tuple[Problem, ...]]:
    """Return the terms of a pack's `glossary.yaml`; those that contradict each other are drafts, and a Problem names them.

    `decided` tells by id the status that a steward gave a term. Raises ConfigurationError where the file is unsound.
    """
    path = folder / GLOSSARY
    if not path.is_file():
        return (), ()
    try:
        listed = terms_of_yaml(loaded_yaml(path), "approved")
    except KnowledgeError as error:
        raise ConfigurationError(f"{path}: {error}", f"{path}：{error.zh}") from error
    taken, found = disputed_as_drafts(listed.entries, decided=decided)
    open_ones = [one for one in (*found, *listed.findings) if one.disputed or one.kind == "one-id"]
    return tuple(entry.term for entry in taken), _disputes(open_ones)


def _disputes(findings: Sequence[TermFinding]) -> tuple[Problem, ...]:
    """Return what is to be settled as one problem of the glossary's file."""
    if not findings:
        return ()
    en, zh = (" ".join(f"{one.sentence(language)}." for one in findings[:_DISPUTES_TOLD]) for language in _LANGUAGES)
    return (
        Problem(
            GLOSSARY,
            f"{len(findings)} to settle; until then these terms are drafts: {en} All of them: stagecraft glossary report.",
            f"有 {len(findings)} 处需要处理，在此之前相关术语为草稿：{zh} 查看全部：stagecraft glossary report。",
            refused=False,
        ),
    )


def _validated(shape: type[Shape], path: Path) -> Shape:
    """Read a YAML file into its shape. Raises ConfigurationError naming the file, the place and the reason."""
    try:
        loaded: Any = yaml.safe_load(path.read_bytes())
        return shape.model_validate(loaded)
    except (ValueError, yaml.YAMLError, OSError) as error:
        raise ConfigurationError(f"{path}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """Say in a clause what is wrong with a file."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return " ".join(str(error).split())


def _pattern(path: str) -> str:
    """Return a path with asterisks as a regular expression."""
    anywhere = "" if "/" in path else "(?:.*/)?"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", path.removeprefix("./"))
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return anywhere + "".join(meant.get(part, re.escape(part)) for part in parts)
