"""How a weak model is led to acceptance criteria: three scenarios a story, each kind by a call of its own."""

from collections.abc import Mapping, Sequence

from errors import Language
from formats.clarified import without_clarified
from formats.connextra import StorySentence, read_stories, render_story
from stages.acceptance_criteria.shape import AcceptanceCriteria, Scenario
from stages.declaration import Entry, Json
from stages.material import Material
from stages.schema import closed_schema, narrowed, without
from stages.words import citing_related

KINDS = ("positive", "negative", "boundary")
LONGEST = {"en": 110, "zh": 60}


class CriteriaWay:
    """No outline is asked: what is to be written follows from the stories."""

    def outline_schema(self, _material: Material) -> Json | None:
        """Return None: the stories are the outline."""
        return None

    def entries(self, _outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return a positive, a negative and a boundary scenario for each story."""
        return tuple(
            Entry(f"{story.id}-{number}", story.text, {"story": (story.id,), "kind": (kind,)})
            for story in material.upstream
            for number, kind in enumerate(KINDS, 1)
        )

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of one plain scenario: short steps, sources near the story."""
        schema = without(closed_schema(Scenario), "id", "story", "kind", "columns", "rows")
        longest = {"type": "string", "minLength": 4, "maxLength": LONGEST[material.language]}
        schema["properties"]["name"] = {**longest, "maxLength": 80}
        schema["properties"]["when"] = longest
        for name in ("given", "then"):
            schema["properties"][name] |= {"items": longest, "maxItems": 2}
        return citing_related(schema, entry.text, material)

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the scenarios that were written, with the stories that they test."""
        scenarios = [
            {
                "id": entry.id,
                "story": entry.about["story"][0],
                "kind": entry.about["kind"][0],
                "columns": [],
                "rows": [],
                **replies[entry.id],
            }
            for entry in entries
            if entry.id in replies
        ]
        return {"scenarios": scenarios, "questions": [], "stories": stories(material)}

    def completed(self, body: Json, material: Material) -> Json:
        """Return the body with the stories that it tests."""
        return {**body, "stories": stories(material)}

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the story and kind that a scenario was made of."""
        text = next((story.text for story in material.upstream if story.id == item["story"]), item["name"])
        return (Entry(item["id"], text, {"story": (item["story"],), "kind": (item["kind"],)}),)


def narrow(material: Material) -> Json:
    """Return the schema of the whole artifact, closed to the stories and sources in hand; the stories are added by us."""
    schema = without(closed_schema(AcceptanceCriteria), "stories")
    schema = narrowed(schema, "scenarios[].story", tuple(story.id for story in material.upstream))
    return narrowed(schema, "scenarios[].sources[]", tuple(source.key for source in material.sources))


def stories(material: Material) -> list[Json]:
    """Return the stories under test, as they stand upstream."""
    return [{"id": story.id, "text": story.text[:600]} for story in material.upstream]


def read_upstream(text: str, language: Language) -> tuple[str, ...]:
    """Return the stories that a person pasted, or the whole text as one story where it holds none; what was clarified is no story."""
    pasted = without_clarified(text)
    found: tuple[StorySentence, ...] = read_stories(pasted, language)
    return tuple(render_story(story, language) for story in found) or (" ".join(pasted.split())[:600],)
