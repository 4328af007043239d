"""The terminal's texts: those of the page, and a few that only a terminal needs; and text made safe for a terminal."""

import re
from functools import cache
from pathlib import Path

import yaml

from channels.texts import Texts
from errors import BriefError, Language

# Whoever writes to a terminal may move its cursor, rename its window or reverse its text: models and packs may not.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class TerminalTexts(Texts):
    """The page's and the terminal's texts in one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._texts = {**self._texts, **_own()}


def refused(key: str, **values: object) -> BriefError:
    """Return the error whose sentence stands under this key."""
    return BriefError(TerminalTexts("en")(key, **values), TerminalTexts("zh")(key, **values))


def harmless(text: str) -> str:
    """Return a text without the characters that command a terminal; line ends and tabs stay."""
    return _UNSAFE.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return a text that is harmless and on one line."""
    return " ".join(harmless(text).split())


@cache
def _own() -> dict[str, dict[Language, str]]:
    texts: dict[str, dict[Language, str]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return texts
