"""What a file is: its title, shelf, type, owner, readers and status, from its front matter, its pack and its place."""

import difflib
import re
from pathlib import PurePosixPath
from typing import Any, Final

from pydantic import Field, ValidationError

from errors import Language
from formats.language import language_of
from knowledge.asset_types import ASSET_TYPES, AssetType
from knowledge.intake.pack import Group, PackHeading, Status, Strict, Text
from knowledge.reading.limits import safe_yaml
from knowledge.reading.section import CannotRead, Reading

_LANGUAGE_SUFFIX = re.compile(r"\.(en|zh)$")
# As much of a text as tells its language.
_SAMPLE = 20_000
_TYPES: Final = ", ".join(ASSET_TYPES)
# What may stand in a field, in both languages; other fields are any text.
_ALLOWED: Final[dict[str, tuple[str, str]]] = {
    "type": (f"write one of {_TYPES}", f"须为以下之一：{_TYPES}"),
    "status": ("write approved, draft or retired", "须为 approved、draft 或 retired"),
    "language": ("write en or zh", "须为 en 或 zh"),
    "groups": (
        "write a list of groups, at least one, without '|' and not beginning with '@'",
        "须为至少含一个组名的列表，组名不含“|”，也不以“@”开头",
    ),
}


class FrontMatter(Strict):
    """What is known of a file besides its text."""

    title: Text
    shelf: Text
    type: AssetType
    owner: str = ""
    groups: tuple[Group, ...] = Field(("everyone",), min_length=1)
    status: Status = "approved"
    language: Language


def described(reading: Reading, path: str, pack: str, heading: PackHeading | None) -> FrontMatter:
    """Return what a file is: its own word before the defaults of `pack.yaml`, these before what follows from form and place.

    Where a pack has no `pack.yaml` the front matter was written for another program: names that are none of ours are passed
    over, and so is a type. Raises CannotRead naming the field that is unsound.
    """
    values = _written(reading.front)
    if heading is None:
        values = _translated(values)
    place = PurePosixPath(path)
    assumed = {
        "title": reading.title,
        "shelf": place.parent.name or pack,
        "type": reading.type or "document",
        "language": _language(place, reading),
    }
    defaults = heading.defaults_of(path) if heading is not None else {}
    try:
        return FrontMatter.model_validate(assumed | defaults | values)
    except ValidationError as error:
        raise _unsound(str(error.errors()[0]["loc"][0])) from error


def _written(front: str) -> dict[str, Any]:
    """Return the fields that the front matter names. Raises CannotRead where it is no list of names and values."""
    values = safe_yaml(front) if front.strip() else {}
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise CannotRead(
            "Its front matter is no list of names and values: mend the lines between the two '---'.",
            "文件头信息不是“名称: 值”的列表：请修正两行“---”之间的内容。",
        )
    return values


def _translated(values: dict[str, Any]) -> dict[str, Any]:
    """Return what another program's front matter says in ours. Raises CannotRead where a name of ours was meant."""
    for name in values:
        # Who may read a file must not hang on a slip of the pen.
        near = difflib.get_close_matches(str(name).lower(), ["groups", "status"], n=1, cutoff=0.8)
        if near and name not in FrontMatter.model_fields:
            raise CannotRead(
                f"Its front matter has '{name}': was '{near[0]}' meant? Write it so, or give it another name.",
                f"文件头信息中有“{name}”：是否应为“{near[0]}”？请改正，或换一个名称。",
            )
    kept = {name: value for name, value in values.items() if name in FrontMatter.model_fields and value is not None}
    kept = {name: value for name, value in kept.items() if name in ("groups", "status") or isinstance(value, str | int | float)}
    kept |= {name: str(kept[name]) for name in ("title", "owner", "shelf") if name in kept}
    if kept.get("type") not in ASSET_TYPES:
        kept.pop("type", None)
    language = str(kept.pop("language", ""))[:2].lower()
    return kept | ({"language": language} if language in ("en", "zh") else {})


def _language(place: PurePosixPath, reading: Reading) -> Language:
    """Return the language by the mark in a file's name, or by its text."""
    named = _LANGUAGE_SUFFIX.search(place.stem)
    if named:
        return "zh" if named.group(1) == "zh" else "en"
    sample, length = [reading.title], 0
    for section in reading.sections:
        sample += [*section.trail[-1:], section.text]
        length += len(section.text)
        if length > _SAMPLE:
            break
    return language_of("\n".join(sample)[: 2 * _SAMPLE])


def _unsound(name: str) -> CannotRead:
    """Return the sentence about a field that holds what it may not, or that there is not."""
    if name in FrontMatter.model_fields:
        en, zh = _ALLOWED.get(name, ("write some text", "须为文字"))
        return CannotRead(f"{name}: {en}.", f"{name}：{zh}。")
    names = ", ".join(FrontMatter.model_fields)
    return CannotRead(f"{name}: there is no such field; there are {names}.", f"{name}：没有这个字段；可用的有 {names}。")
