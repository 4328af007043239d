"""The story map: stories of one activity stand together, in the order in which the brief comes to the activities."""

from collections import Counter

from stages.findings import Mended
from stages.material import Material
from stages.user_stories.shape import Story, UserStories
from stages.words import terms_in


def mend_story_map(artifact: UserStories, material: Material) -> tuple[UserStories, list[Mended]]:
    """Name the activity of each story where none is named, put stories of one activity together, and number them as they stand."""
    stories = list(artifact.stories)
    if not any(story.activity for story in stories):
        stories = [
            story.model_copy(update={"activity": activity})
            for story, activity in zip(stories, _activities(stories, material), strict=True)
        ]
    backbone = list(dict.fromkeys(story.activity for story in stories))
    ordered = sorted(stories, key=lambda story: backbone.index(story.activity))
    if ordered == stories:
        # The ids stay: other artifacts may rest on them.
        return artifact.with_items(stories), []
    numbered = [story.model_copy(update={"id": f"S{number}"}) for number, story in enumerate(ordered, 1)]
    before, after = (" ".join(story.id for story in several) for several in (stories, ordered))
    return artifact.with_items(numbered), [Mended("story-map", "stories", before, after)]


def _activities(stories: list[Story], material: Material) -> list[str]:
    """Return the heading of each story: the thing that it is about, where it shares it; other stories stay with the one before."""
    things = [_thing(story, material) for story in stories]
    shared = {thing for thing, count in Counter(things).items() if thing and count > 1}
    if not shared:
        return [""] * len(stories)
    found: list[str] = []
    for thing in things:
        heading = thing[:1].upper() + thing[1:]
        found.append(heading if thing in shared or not found else found[-1])
    return found


def _thing(story: Story, material: Material) -> str:
    """Return what a story is about: the first entity that its wish names, or the first that it touches."""
    named = {term.name for term in terms_in(story.want, material.terms)}
    return next((name for name in story.entities if name in named), story.entities[0] if story.entities else "")
