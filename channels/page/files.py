"""Files that go with a brief: of a stage that needs a text besides what lies upstream, they are that text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from channels import house
from channels.texts import Texts
from errors import BriefError, Language
from formats.encodings import decoded

_MOST_BYTES = 2_000_000


def needs_text(stage: str, language: Language) -> bool:
    """Tell whether a stage asks for a text besides what lies upstream, such as a ticket export."""
    return bool(house.opened().assistant.stage(stage, language).paste)


def with_files(brief: str, files: Sequence[Any]) -> str:
    """Return the brief with the texts of its files below it. Raises BriefError, naming the file, where one is no text."""
    return "\n\n".join(part for part in (brief.strip(), *(_text(file.name, Path(file.path)) for file in files)) if part)


def _text(name: str, path: Path) -> str:
    raw = path.read_bytes()[: _MOST_BYTES + 1]
    text = decoded(raw) if len(raw) <= _MOST_BYTES else None
    if text is None or "\x00" in text:
        raise BriefError(Texts("en")("file_unread", name=name[:80]), Texts("zh")("file_unread", name=name[:80]))
    return text.strip()
