"""The texts of the page, read from texts.yaml, in the language of whoever reads."""

from functools import cache
from pathlib import Path

import yaml

from errors import Language


class Texts:
    """The page's texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._texts = _all()

    def __call__(self, key: str, **values: object) -> str:
        """Return the text under this key with its names filled in. Raises KeyError where either is missing."""
        return self._texts[key][self.language].format(**values)

    def labels(self, prefix: str = "label_") -> dict[str, str]:
        """Return every text of a prefix under its short name: the words that a card (`label_`) or a desk (`desk_`) shows by itself."""
        return {key.removeprefix(prefix): self(key) for key in self._texts if key.startswith(prefix)}


def within_a_sentence(title: str) -> str:
    """Return a title as it stands in a sentence: "user stories", but "API definition" and "FAQ"."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def texts_in(language: Language) -> Texts:
    """Return the page's texts in this language."""
    return Texts(language)


def language_of_reader(accepted: str | None) -> Language:
    """Return Chinese for a browser that asks for it first (an Accept-Language header or a language tag), otherwise English."""
    return "zh" if (accepted or "").strip().lower().startswith("zh") else "en"


@cache
def _all() -> dict[str, dict[Language, str]]:
    texts: dict[str, dict[Language, str]] = yaml.safe_load(Path(__file__).with_name("texts.yaml").read_text("utf-8"))
    return texts
