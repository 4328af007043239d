"""How a weak model is led to release notes: rules sort the changes into entries, the model writes one sentence for each."""

from collections.abc import Mapping, Sequence

from errors import Language
from stages.declaration import Entry, Json
from stages.material import Material
from stages.release_notes.groups import Group, changes_in_hand, entry_text, grouped
from stages.release_notes.kinds import section_of
from stages.release_notes.linking import linkable
from stages.release_notes.reading import read_brief
from stages.release_notes.shape import ReleaseNotes, Section, uncovered
from stages.schema import closed_schema, narrowed, without
from stages.words import related_sources

LONGEST: Mapping[Language, int] = {"en": 150, "zh": 80}
SHORTEST: Mapping[Language, int] = {"en": 12, "zh": 6}
# What an entry is, as its examples are chosen: a small model writes of a mended fault as it has seen one written.
KINDS: Mapping[Section, str] = {
    "added": "new",
    "changed": "changed",
    "deprecated": "removed",
    "removed": "removed",
    "fixed": "fixed",
    "security": "fixed",
}


class NotesWay:
    """No outline is asked: what is to be written follows from the changes."""

    def outline_schema(self, _material: Material) -> Json | None:
        """Return None: the changes are the outline."""
        return None

    def entries(self, _outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return one entry a group of changes, in the order in which they are read."""
        return tuple(_entry(f"N{number}", group) for number, group in enumerate(grouped(material).groups, 1))

    def item_schema(self, _entry: Entry, material: Material) -> Json:
        """Return the schema of one sentence; all else of an entry follows from its changes."""
        text = {"type": "string", "minLength": SHORTEST[material.language], "maxLength": LONGEST[material.language]}
        return {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the entries that were written, with what follows from their changes."""
        written = [
            {
                "id": entry.id,
                "section": entry.about["section"][0],
                "breaking": bool(entry.about["breaking"]),
                "audience": list(read_brief(material.brief).audience),
                "changes": list(entry.about["changes"])[:60],
                "upstream": list(entry.about["upstream"])[:6],
                "sources": [source.key for source in related_sources(entry.text, material)],
                **replies[entry.id],
            }
            for entry in entries
            if entry.id in replies
        ]
        return self.completed({"entries": written, "questions": []}, material)

    def completed(self, body: Json, material: Material) -> Json:
        """Return the body with version, date and readers as the brief names them, the changes in hand, and which no entry cites."""
        told = read_brief(material.brief)
        changes = changes_in_hand(material)
        entries = body.get("entries")
        cited = {str(change) for entry in _objects(entries) for change in _listed(entry.get("changes"))}
        filled = {
            "version": told.version,
            "date": told.date,
            "audience": list(told.audience),
            "changes": [change.model_dump() for change in changes],
            "uncovered": uncovered(changes, cited),
        }
        return {**body, **filled}

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the changes that an entry was made of."""
        cited = set(item["changes"])
        group = next((one for one in grouped(material).groups if cited.intersection(one.ids)), None)
        if group is not None:
            return (_entry(item["id"], group),)
        change = next((one for one in read_brief(material.brief).changes.changes if one.id in cited), None)
        section: Section = section_of(change) if change else item["section"]
        about = {
            "kind": (KINDS[section],),
            "section": (section,),
            "changes": tuple(item["changes"]),
            "upstream": tuple(item["upstream"]),
            "breaking": ("yes",) if item["breaking"] else (),
        }
        return (Entry(item["id"], entry_text(change) if change else item["text"], about),)


def narrow(material: Material) -> Json:
    """Return the schema of the whole artifact, closed to the changes, stories, operations, readers and sources in hand."""
    told = read_brief(material.brief)
    schema = without(closed_schema(ReleaseNotes), "version", "date", "audience", "changes", "uncovered")
    schema = narrowed(schema, "entries[].changes[]", tuple(change.id for change in told.changes.changes))
    schema["properties"]["entries"]["items"]["properties"]["changes"]["minItems"] = 1
    schema = narrowed(schema, "entries[].audience[]", told.audience)
    schema = narrowed(schema, "entries[].upstream[]", linkable(material))
    return narrowed(schema, "entries[].sources[]", tuple(source.key for source in material.sources))


def _entry(entry_id: str, group: Group) -> Entry:
    about = {
        "kind": ("changed" if group.breaking else KINDS[group.section],),
        "section": (group.section,),
        "changes": group.ids,
        "upstream": group.upstream,
        "breaking": ("yes",) if group.breaking else (),
    }
    return Entry(entry_id, group.text, about)


def _objects(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
