"""The texts of Slack: those of the page, and a few that only Slack needs."""

from functools import cache
from pathlib import Path

import yaml

from channels.texts import Texts
from errors import Language


class SlackTexts(Texts):
    """The page's and Slack's texts in one language."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._texts = {**self._texts, **_own()}


@cache
def _own() -> dict[str, dict[Language, str]]:
    texts: dict[str, dict[Language, str]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return texts
