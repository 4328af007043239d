"""Reads an organisation's knowledge pack, or any folder of Markdown and text, from disk."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from errors import ConfigurationError, KnowledgeError, Language
from formats.language import language_of
from knowledge.glossary import Term

_SUFFIXES = (".md", ".markdown", ".txt")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LANGUAGE_SUFFIX = re.compile(r"\.(en|zh)$")
_FIRST_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)
_LARGEST_FILE = 20 * 1024 * 1024

Shape = TypeVar("Shape", bound=BaseModel)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# A group's name takes part in the name of a partition, where "|" parts one group from the next.
Group = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^|]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(_Strict):
    """The same words in both languages."""

    en: Text
    zh: Text


class BilingualNames(_Strict):
    """Further names of a term in either language."""

    en: tuple[Text, ...] = ()
    zh: tuple[Text, ...] = ()


class PackHeading(_Strict):
    """`pack.yaml`: what the pack is called and whose it is."""

    name: Text
    title: Bilingual
    about: Bilingual
    licence: Text


class FrontMatter(_Strict):
    """What a file says about itself above its text."""

    title: Text
    shelf: Text
    type: Text
    owner: str = ""
    groups: tuple[Group, ...] = Field(("everyone",), min_length=1)
    status: Literal["approved", "draft", "retired"] = "approved"
    language: Language


class _TermEntry(_Strict):
    id: Text
    kind: Text
    context: Text
    en: Text
    zh: Text
    definition: Bilingual
    aliases: BilingualNames = BilingualNames()
    forbidden: BilingualNames = BilingualNames()
    owner: Text
    status: Literal["approved", "draft", "retired"]


class _GlossaryFile(_Strict):
    terms: tuple[_TermEntry, ...]


@dataclass(frozen=True)
class Manuscript:
    """One file as it was read: `path` is relative to the folder, `body` is the text below the front matter."""

    path: str
    content_hash: str
    front: FrontMatter
    body: str


@dataclass(frozen=True)
class Problem:
    """A file that could not be taken in, and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Pack:
    """What a folder holds; `whole` tells that files which are missing from it are meant to vanish."""

    name: str
    terms: tuple[Term, ...]
    manuscripts: tuple[Manuscript, ...]
    problems: tuple[Problem, ...]
    whole: bool


def read_pack(source: Path) -> Pack:
    """Read a pack, a plain folder, or one file.

    Raises KnowledgeError where nothing is there, ConfigurationError naming `pack.yaml` or `glossary.yaml` where one of
    them is unsound. A file that cannot be read becomes a Problem and the rest goes on.
    """
    if source.is_file():
        return _gathered(source.parent, [source], source.resolve().parent.name or "files", (), whole=False)
    if not source.is_dir():
        raise KnowledgeError(f"There is no folder or file {source}.", f"找不到文件夹或文件 {source}。")
    glossary = source / "glossary.yaml"
    terms = _read_terms(glossary) if glossary.is_file() else ()
    hidden = (path for path in sorted(source.rglob("*")) if path.suffix.lower() in _SUFFIXES)
    files = [path for path in hidden if not any(part.startswith(".") for part in path.relative_to(source).parts)]
    return _gathered(source, files, pack_name(source), terms, whole=True)


def pack_name(folder: Path) -> str:
    """Return the name under which a folder's assets are kept. Raises ConfigurationError where its `pack.yaml` is unsound."""
    heading = folder / "pack.yaml"
    return _validated(PackHeading, heading).name if heading.is_file() else folder.resolve().name


def _gathered(root: Path, files: list[Path], name: str, terms: tuple[Term, ...], *, whole: bool) -> Pack:
    """Read the files one by one, keeping the problems beside the manuscripts."""
    manuscripts, problems = [], []
    for path in files:
        try:
            manuscripts.append(_read_file(root, path))
        except (ValueError, yaml.YAMLError, OSError) as error:
            problems.append(Problem(path.relative_to(root).as_posix(), _reason(error)))
    return Pack(name, terms, tuple(manuscripts), tuple(problems), whole)


def _read_file(root: Path, path: Path) -> Manuscript:
    """Read one file with its front matter, or with what its name and place say. Raises ValueError or OSError."""
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        raise ValueError("a link is not followed: put the file itself into the folder")
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError("longer than 20 MB: split it")
    raw = path.read_bytes()
    text = _decoded(raw).replace("\r\n", "\n").replace("\r", "\n")
    match = _FRONT_MATTER.match(text)
    body = text[match.end() :] if match else text
    if not body.strip():
        raise ValueError("there is no text in it")
    front = _front_matter(path, body, match.group(1) if match else "")
    return Manuscript(path.relative_to(root).as_posix(), hashlib.sha256(raw).hexdigest(), front, body)


def _front_matter(path: Path, body: str, written: str) -> FrontMatter:
    """Validate what is written above a text; what is not written there follows from the file's name, folder and text."""
    values = yaml.safe_load(written) if written else {}
    if not isinstance(values, dict):
        raise ValueError("its front matter is no list of names and values")
    named = _LANGUAGE_SUFFIX.search(path.stem)
    heading = _FIRST_HEADING.search(body)
    assumed = {
        "title": heading.group(1) if heading else _LANGUAGE_SUFFIX.sub("", path.stem),
        "shelf": path.resolve().parent.name or "files",
        "type": "document",
        "language": named.group(1) if named else language_of(body),
    }
    return FrontMatter.model_validate(assumed | values)


def _decoded(raw: bytes) -> str:
    """Decode strictly: UTF-8, UTF-16 where it is marked, then GB 18030, in which Chinese offices still write."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    if b"\0" in raw:
        raise ValueError("it is no text file")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def _read_terms(path: Path) -> tuple[Term, ...]:
    """Read the glossary. Raises ConfigurationError where an id or a name stands twice."""
    entries = _validated(_GlossaryFile, path).terms
    ids: set[str] = set()
    names: dict[tuple[Language, str], str] = {}
    for entry in entries:
        if entry.id in ids:
            raise ConfigurationError(f"{path}: the term '{entry.id}' stands twice.")
        ids.add(entry.id)
        written: list[tuple[Language, str]] = [("en", entry.en), ("zh", entry.zh)]
        written += [("en", alias) for alias in entry.aliases.en] + [("zh", alias) for alias in entry.aliases.zh]
        for language, name in written:
            owner = names.setdefault((language, name.casefold()), entry.id)
            if owner != entry.id:
                raise ConfigurationError(f"{path}: '{name}' names both '{owner}' and '{entry.id}'.")
    return tuple(Term.of(entry.model_dump()) for entry in entries)


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
    if isinstance(error, UnicodeDecodeError):
        return "it is neither UTF-8 nor GB 18030"
    return " ".join(str(error).split())
