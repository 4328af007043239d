"""Reads what a person asks in the terminal, and refuses what cannot be answered before anything is opened."""

import re
import sys
from typing import TYPE_CHECKING

import click

from chains.events import Request
from chains.sentences import refuse
from channels.people import LOCAL_ANALYST
from channels.terminal.texts import refused
from formats.encodings import decoded
from formats.language import language_of
from stages.catalog import catalog

if TYPE_CHECKING:
    from channels.terminal.door import Door
    from errors import Language

_WORKSPACE = re.compile(r"\w[\w .\-]{0,59}")
# Far beyond the longest brief; standard input may never end.
_MOST_BYTES = 16 * 1024 * 1024


def read_request(
    door: "Door", stage: str, written: str, workspace: str, upstream: tuple[str, ...], language: "Language | None"
) -> Request:
    """Return the request, and tell the door its language.

    Raises BriefError where the stage does not exist, the brief is empty or too long, or a name is unsound.
    """
    door.language = language or language_of(written)
    most = door.settings.web.brief_characters
    brief = (_standard_input(most) if written == "-" else _encodable(written)).strip()
    language = language or door.language_of_answers()
    door.language = language or language_of(brief)
    if not _WORKSPACE.fullmatch(workspace):
        raise refused("cli_workspace")
    if not brief and not upstream:
        raise refuse("empty")
    if len(brief) > most:
        raise refuse("too-long", count=f"{len(brief):,}", most=f"{most:,}")
    name = catalog().stage(stage).name
    return Request(name, brief, LOCAL_ANALYST, workspace, "terminal", language, upstream)


def _standard_input(most: int) -> str:
    """Return what is piped or typed in. Raises BriefError where it is no text or does not end."""
    if sys.stdin.isatty():
        click.echo("Write the brief; Ctrl-D on a line of its own ends it.", err=True)
    raw = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(raw) > _MOST_BYTES:
        raise refused("cli_endless", megabytes=_MOST_BYTES // 1024**2, most=f"{most:,}")
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    """Return the text of what was piped. Raises BriefError where it is in no known encoding."""
    text = decoded(raw)
    if text is None:
        raise refused("cli_undecodable")
    return text


def _encodable(text: str) -> str:
    """Replace what an argument of another encoding left behind: half characters that no database and no model takes."""
    return text.encode("utf-8", "replace").decode()
