"""The terminal's texts: those of the page, and a few that only a terminal needs."""

from functools import cache
from pathlib import Path

import yaml

from channels.texts import Texts
from errors import BriefError, Language


class TerminalTexts(Texts):
    """The page's and the terminal's texts in one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._texts = {**self._texts, **_own()}


def refused(key: str, **values: object) -> BriefError:
    """Return the error whose sentence stands under this key."""
    return BriefError(TerminalTexts("en")(key, **values), TerminalTexts("zh")(key, **values))


@cache
def _own() -> dict[str, dict[Language, str]]:
    texts: dict[str, dict[Language, str]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return texts
