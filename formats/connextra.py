"""User stories as sentences (Connextra): As a … I want to … so that …; 作为…，我想…，以便于…: rendered and read back."""

import re
from dataclasses import dataclass

from errors import Language

_ENGLISH = re.compile(
    r"^\s*as an?\s+(?P<role>.+?)\s*,?\s+i (?:want to|want|would like to|can)\s+(?P<want>.+?)"
    r"(?:\s*,?\s+(?:so that|in order to)\s+(?P<benefit>.+?))?\s*\.?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_CHINESE = re.compile(
    r"^\s*作为(?:一名|一个|一位)?\s*(?P<role>.+?)\s*[,，]\s*我(?:想要(?![求约点一几两\d])|想|希望|需要)\s*(?P<want>.+?)"
    r"(?:\s*(?:[,，]?\s*以便于?|[,，]\s*(?:从而|这样))\s*(?P<benefit>.+?))?\s*[。.]?\s*$",
    re.DOTALL,
)
# Words that begin with the sound of a vowel: not a European, a user, a utility, a one-time guest.
_VOWEL = re.compile(r"(?:[ai]|e(?!u)|o(?!ne\b|nce\b)|u(?!se|sual|ti|ni(?![nmd]))|hono|hour|heir)", re.IGNORECASE)


@dataclass(frozen=True)
class StorySentence:
    """The three parts of a story; the reason may be empty."""

    role: str
    want: str
    benefit: str = ""


def render_story(story: StorySentence, language: Language) -> str:
    """Return the story as one sentence."""
    if language == "zh":
        reason = f"，以便于{story.benefit}" if story.benefit else ""
        return f"作为{story.role}，我想{story.want}{reason}。"
    article = "an" if _begins_with_vowel(story.role) else "a"
    reason = f", so that {story.benefit}" if story.benefit else ""
    return f"As {article} {story.role}, I want to {story.want}{reason}."


def _begins_with_vowel(role: str) -> bool:
    """Tell whether a role is spoken with `an`; a short abbreviation is spelt out (an HR officer, a UK resident)."""
    if re.match(r"[A-Z]{2,3}\b", role):
        return role[0] in "AEFHILMNORSX"
    return bool(_VOWEL.match(role))


def read_story(text: str, language: Language) -> StorySentence | None:
    """Read a sentence as a story; None where it is none."""
    found = (_CHINESE if language == "zh" else _ENGLISH).match(" ".join(text.split()))
    if not found:
        return None
    parts = {name: " ".join((found[name] or "").split()) for name in ("role", "want", "benefit")}
    return StorySentence(**parts)


def read_stories(text: str, language: Language) -> tuple[StorySentence, ...]:
    """Read every story of a text, each on its own line or paragraph, with or without a number before it."""
    starts = r"(?im)^(?=[\s\d.)\-*#]*as an? )" if language == "en" else r"(?m)^(?=[\s\d.、)）\-*#]*作为)"
    parts = (re.sub(r"^[\s\d.、)）\-*#]+", "", part) for part in re.split(starts, text))
    return tuple(story for part in parts if (story := read_story(part, language)))
