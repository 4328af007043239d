"""How user stories are read: as sentences, as lines of a card, and back from the words a person edited."""

from typing import Any

from errors import Language
from formats.connextra import StorySentence, read_story, render_story
from stages.declaration import ItemView, Line
from stages.user_stories.shape import Story

_KEYWORDS: dict[Language, tuple[str, str, str]] = {"en": ("As a", "I want to", "so that"), "zh": ("作为", "我想", "以便于")}


def sentence(story: Story, language: Language) -> str:
    """Return a story as one sentence."""
    return render_story(StorySentence(story.role, story.want, story.benefit), language)


def view(story: Story, language: Language) -> ItemView:
    """Return a story as a card shows it."""
    as_a, want, so_that = _KEYWORDS[language]
    lines = [Line(as_a, story.role), Line(want, story.want)]
    if story.benefit:
        lines.append(Line(so_that, story.benefit))
    title = story.want[:1].upper() + story.want[1:]
    return ItemView(story.id, title, tuple(lines), tuple(story.sources), story.rests_on(), story.activity)


def view_draft(item: Any, language: Language) -> ItemView | None:
    """Return a story that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("want"), str):
        return None
    told: dict[str, Any] = {name: str(item.get(name) or "") for name in ("id", "role", "want", "benefit", "activity")}
    return view(Story.model_construct(None, **told, entities=[], operations=[], sources=[]), language)


def read_edited(text: str, story: Story, language: Language) -> Story:
    """Read the sentence that a person edited.

    Raises ValueError with a sentence for the person where it is no story.
    """
    told = read_story(text, language)
    if told is None:
        raise ValueError(
            "作为…，我想…，以便于…：请保留这一句式。" if language == "zh" else "Keep the form “As a …, I want to …, so that …”."
        )
    return Story.model_validate(story.model_dump() | {"role": told.role, "want": told.want, "benefit": told.benefit})
