"""The chain's sentences, filled in, in the language of the answer."""

from functools import cache
from importlib.resources import files

import yaml

from errors import BriefError, ChangedMeanwhile, Language, NothingThere

_KINDS: dict[str, type[BriefError]] = {"stale": ChangedMeanwhile}


@cache
def _sentences() -> dict[str, dict[Language, str]]:
    """Read the sentences once."""
    told: dict[str, dict[Language, str]] = {}
    for name in ("texts.yaml", "workspace_texts.yaml"):
        told |= yaml.safe_load(files("chains").joinpath(name).read_text("utf-8"))
    return told


def say(name: str, /, language: Language, **values: object) -> str:
    """Return a sentence. Raises KeyError where there is none of this name, or a value is missing."""
    return _sentences()[name][language].format(**values)


def refuse(sentence: str, /, **values: object) -> BriefError:
    """Return a BriefError that tells a sentence in both languages; those called `no-…` say that something is not there."""
    kind = NothingThere if sentence.startswith("no-") else _KINDS.get(sentence, BriefError)
    return kind(say(sentence, "en", **values), say(sentence, "zh", **values))
