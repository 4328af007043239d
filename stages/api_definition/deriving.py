"""A wish becomes a method and a path by rule, so that a model of any size names the same resource each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stages.api_definition.naming import Known, Resource, camel, known_names, plural, singular
from stages.api_definition.phrases import Kind, Phrase, read_phrase
from stages.api_definition.wishes import Wish
from stages.material import Material

VERSION = "/v1"
METHODS: dict[Kind, str] = {
    "list": "GET",
    "read": "GET",
    "create": "POST",
    "change": "PATCH",
    "delete": "DELETE",
    "act": "POST",
    "undo": "DELETE",
}


@dataclass(frozen=True)
class Derived:
    """An operation as far as it follows from its wish; `fields` are names of fields that the wish itself speaks of, `own_class` says
    that the action itself is a class (a card freeze), the first of `classes`."""

    text: str
    kind: Kind
    path: str
    stories: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    made_up: bool = False
    own_class: bool = False

    @property
    def method(self) -> str:
        """The method in upper case."""
        return METHODS[self.kind]


def derive(wishes: Sequence[Wish], material: Material) -> tuple[Derived, ...]:
    """Return one operation for each method and path, in the order of the wishes; wishes for the same are one operation."""
    known = known_names(material)
    phrases: list[tuple[Wish, Phrase]] = []
    before: Resource | None = None
    thing: Resource | None = None
    for number, wish in enumerate(wishes, 1):
        phrase = read_phrase(wish.text, material.language, known)
        if phrase.main is None:
            kind: Kind = "read" if phrase.kind == "list" and before else phrase.kind
            # The progress is that of a thing, not of what was done to it.
            phrase = replace(phrase, main=_spoken_before(phrase, thing if phrase.aspect and thing else before, number), kind=kind)
        elif wish.text.lower().startswith("raise ") and singular(phrase.main.name).rpartition("-")[2] in ("limit", "amount"):
            # A dispute is raised anew, a limit is raised where it is.
            phrase = replace(phrase, kind="change")
        before = phrase.main or before
        thing = next((one for one in (phrase.main, phrase.parent) if one and one in known.entities.values()), thing)
        phrases.append((wish, phrase))
    parents = {phrase.main.name: phrase.parent for _, phrase in phrases if phrase.main and phrase.parent}
    found: dict[tuple[str, str], Derived] = {}
    for wish, phrase in phrases:
        parent = phrase.parent or (parents.get(phrase.main.name) if phrase.main else None)
        one = _derived(wish, replace(phrase, parent=parent), known)
        twin = found.get((one.method, one.path))
        found[one.method, one.path] = _joined(twin, one) if twin else one
    return tuple(found.values())


def _spoken_before(phrase: Phrase, before: Resource | None, number: int) -> Resource | None:
    """Return what a wish is about that names nothing with an English name: what was spoken of before, or a name made up."""
    if phrase.aspect and before:
        return before
    if phrase.kind in ("list", "read") and before:
        return replace(before, made_up=True)
    return Resource(f"resources-{number}", made_up=True) if phrase.said or not phrase.noun else None


def _derived(wish: Wish, phrase: Phrase, known: Known) -> Derived:
    parts = [one for one in (phrase.parent, phrase.main) if one is not None and one.name]
    if len(parts) == 2 and parts[0].name == parts[1].name:
        parts = parts[1:]
    kind: Kind = phrase.kind
    path = VERSION
    for place, resource in enumerate(parts):
        last = place == len(parts) - 1
        path += f"/{resource.name}"
        if not last or kind not in ("list", "create"):
            path += f"/{{{resource.id_name}}}"
    if phrase.noun:
        path += f"/{plural(phrase.noun)}"
        if kind == "undo":
            path += f"/{{{camel(singular(phrase.noun))}Id}}"
    own = _class_of_action(phrase, known)
    classes = dict.fromkeys([*([own] if own else []), *(one.class_id for one in reversed(parts) if one.class_id)])
    made_up = any(one.made_up for one in parts)
    return Derived(wish.text, kind, path, wish.stories, tuple(classes), phrase.fields, made_up, own_class=bool(own))


def _class_of_action(phrase: Phrase, known: Known) -> str:
    """Return the id of the class that an action itself is, such as CardFreeze; empty where there is none."""
    names = {phrase.noun, f"{singular(phrase.main.name)}-{phrase.noun}"} if phrase.noun and phrase.main else set()
    return next((one.class_id for one in known.entities.values() if one.class_id and one.name in names), "")


def _joined(one: Derived, other: Derived) -> Derived:
    """Return one operation for two wishes."""
    return replace(
        one,
        stories=tuple(dict.fromkeys((*one.stories, *other.stories))),
        classes=tuple(dict.fromkeys((*one.classes, *other.classes))),
        fields=tuple(dict.fromkeys((*one.fields, *other.fields))),
    )
