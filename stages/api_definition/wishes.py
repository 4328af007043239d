"""What is to be offered: the actions of the stories, of the criteria, of the classes or of the brief itself, each with what it rests on."""

from dataclasses import dataclass

from errors import Language
from formats.actions import read_actions
from formats.connextra import read_story
from stages.api_definition.naming import class_names
from stages.material import Material, UpstreamItem

# Without stories a class is offered to be listed, read, created and changed.
_OFFERED: dict[Language, tuple[str, ...]] = {
    "en": ("list {many}", "view one {one}", "add a {one}", "change a {one}"),
    "zh": ("查询{one}", "查看{one}详情", "新增{one}", "修改{one}"),
}


@dataclass(frozen=True)
class Wish:
    """One action and the ids of the upstream items that it stands for."""

    text: str
    stories: tuple[str, ...] = ()


def story_items(material: Material) -> tuple[UpstreamItem, ...]:
    """Return what the operations must serve: the stories, or the scenarios where only those are in hand; a pasted text is a story."""
    stories = tuple(item for item in material.upstream if item.stage in ("user_stories", ""))
    return stories or material.upstream_of("acceptance_criteria")


def wishes(material: Material, actions: tuple[str, ...] = ()) -> tuple[Wish, ...]:
    """Return the wishes in their order; `actions` are those of an outline."""
    if stories := story_items(material):
        scenarios = stories[0].stage == "acceptance_criteria"
        return _of_scenarios(stories, material.language) if scenarios else tuple(_of_story(item, material) for item in stories)
    if classes := material.upstream_of("domain_model"):
        return tuple(wish for item in classes for wish in _of_class(item, material.language))
    return tuple(Wish(action) for action in actions or read_actions(material.brief, material.language).actions)


def _of_story(item: UpstreamItem, material: Material) -> Wish:
    story = read_story(item.text, material.language)
    text = str(item.body.get("want") or (story.want if story else item.text))
    return Wish(" ".join(text.split())[:240], (item.id,))


def _of_scenarios(items: tuple[UpstreamItem, ...], language: Language) -> tuple[Wish, ...]:
    """Return one wish for each story that is tested, told by the step of its first scenario that acts."""
    first: dict[str, Wish] = {}
    for item in items:
        text = str(item.body.get("when") or item.text)
        actions = read_actions(text, language).actions
        story = str(item.body.get("story") or item.id)
        told = first.setdefault(story, Wish(actions[0] if actions else text[:240]))
        first[story] = Wish(told.text, (*told.stories, item.id))
    return tuple(first.values())


def _of_class(item: UpstreamItem, language: Language) -> tuple[Wish, ...]:
    if item.body.get("kind", "entity") != "entity":
        return ()
    said = class_names(item, {})
    one = said[-1] if language == "en" else said[0]
    return tuple(Wish(told.format(one=one, many=f"all {one}s")) for told in _OFFERED[language])
