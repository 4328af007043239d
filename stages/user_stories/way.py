"""How a weak model is led to user stories: the actions of the brief or the API first, then one story for each, by a narrow schema."""

from collections.abc import Mapping, Sequence

from formats.actions import read_actions
from stages.declaration import Entry, Json
from stages.material import Material
from stages.schema import closed_schema, narrowed, without
from stages.user_stories.from_api import operation_wishes
from stages.user_stories.shape import Story, UserStories
from stages.words import citing_related, terms_in

LONGEST = {"en": 120, "zh": 60}
MOST_STORIES, MOST_QUESTIONS, LONGEST_QUESTION = 20, 5, 240


class StoriesWay:
    """Outline: what each operation of an API does, then the actions that the brief names, read by rules where they find any, otherwise
    asked of the model."""

    def outline_schema(self, material: Material) -> Json | None:
        """Return None where an API lies upstream or the rules find actions; otherwise the schema of a list of short actions."""
        if material.upstream or read_actions(material.brief, material.language).actions:
            return None
        action = {"type": "string", "minLength": 2, "maxLength": LONGEST[material.language]}
        actions = {"type": "array", "minItems": 1, "maxItems": 8, "items": action}
        return {"type": "object", "properties": {"actions": actions}, "required": ["actions"], "additionalProperties": False}

    def entries(self, outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return one entry an action, with the roles that its sentence names."""
        if outline is not None:
            actions = tuple(dict.fromkeys(action.strip() for action in outline["actions"] if action.strip()))
            return tuple(Entry(f"S{number}", action, {"roles": _roles(material)}) for number, action in enumerate(actions, 1))
        reading = read_actions(material.brief, material.language)
        roles = _roles(material)
        entries = [Entry(one.id, one.text, {"roles": roles, **one.about}) for one in operation_wishes(material)]
        for number, (action, sentence) in enumerate(zip(reading.actions, reading.sentences, strict=True), len(entries) + 1):
            roles = _roles_of(action, sentence, material) or roles
            entries.append(Entry(f"S{number}", action, {"roles": roles}))
        return tuple(entries[:MOST_STORIES])

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of one story: its roles, entities and sources are those that are near the action."""
        schema = without(closed_schema(Story), "id", "activity", "operations")
        for name in ("want", "benefit"):
            schema["properties"][name] |= {"minLength": 2, "maxLength": LONGEST[material.language]}
        schema = narrowed(schema, "role", entry.about["roles"])
        schema = narrowed(schema, "entities[]", _entities(entry.text, material))
        return citing_related(schema, entry.text, material)

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the stories that were written, in the order of the outline, and what a meeting note leaves open in its own words."""
        stories = [
            {"id": entry.id, **replies[entry.id], "operations": list(entry.about.get("operations", ()))}
            for entry in entries
            if entry.id in replies
        ]
        noted = read_actions(material.brief, material.language).questions
        questions = [question[:LONGEST_QUESTION] for question in noted if len(question) >= 2]
        return {"stories": stories, "questions": questions[:MOST_QUESTIONS]}

    def completed(self, body: Json, _material: Material) -> Json:
        """Return the body as it is: a story holds nothing that the model did not write."""
        return body

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the action that a story was made of."""
        operations = tuple(item.get("operations") or ())
        return (
            Entry(item["id"], item["want"], {"roles": _roles(material), **({"operations": operations} if operations else {})}),
        )


def narrow(material: Material) -> Json:
    """Return the schema of the whole artifact, closed to the roles, entities and sources in hand."""
    schema = closed_schema(UserStories)
    if material.upstream:
        schema = narrowed(schema, "stories[].operations[]", tuple(item.id for item in material.upstream))
    else:
        stories = schema["properties"]["stories"]
        stories["items"] = without(stories["items"], "operations")
    schema = narrowed(schema, "stories[].role", (*material.roles, *material.unlisted_roles, *material.all_roles))
    schema = narrowed(schema, "stories[].entities[]", (*material.entities, *material.unlisted_entities))
    return narrowed(schema, "stories[].sources[]", tuple(source.key for source in material.sources))


def _roles(material: Material) -> tuple[str, ...]:
    """Return the roles of the brief; where it names none, those that the passages name most, or every role of the glossary."""
    return (*material.roles, *material.unlisted_roles) or material.near_roles[:2] or material.all_roles


def _roles_of(action: str, sentence: str, material: Material) -> tuple[str, ...]:
    """Return the role that stands last before the action in its sentence, or the first of the sentence."""
    named: list[tuple[int, str]] = []
    for term in terms_in(sentence, [term for term in material.terms if term.kind == "role"]):
        place = min((at for name in term.names if (at := sentence.lower().find(name.lower())) >= 0), default=0)
        named.append((place, term.name))
    named += [(place, role) for role in material.unlisted_roles if (place := sentence.lower().find(role.lower())) >= 0]
    if not named:
        return ()
    # The end of an action stands in its sentence as it is; in a short one ("counts cash") the verb may have another ending.
    ends = (action[-12:].lower(), action.partition(" ")[2].lower())
    start = next((at for end in ends if end and (at := sentence.lower().find(end)) >= 0), -1)
    before = [role for place, role in sorted(named) if start < 0 or place <= start]
    return (before[-1] if before else min(named)[1],)


def _entities(text: str, material: Material) -> tuple[str, ...]:
    """Return the entities of the brief that a text names."""
    official = [term.name for term in terms_in(text, material.terms) if term.name in material.entities]
    unlisted = [name for name in material.unlisted_entities if name.lower() in text.lower()]
    return tuple(dict.fromkeys([*official, *unlisted]))
