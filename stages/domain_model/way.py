"""How a weak model is led to a domain model: the classes that are named, then for each its sentence and attributes; its states follow from the actions."""

from collections.abc import Mapping, Sequence
from typing import Any

from formats.language import words
from stages.declaration import Entry, Json
from stages.domain_model.candidates import FEW, MOST, Candidate, candidates, owned
from stages.domain_model.lives import states_of
from stages.domain_model.shape import Attribute, DomainClass, DomainModel
from stages.material import Material
from stages.schema import closed_schema, narrowed, without
from stages.words import citing_related

LONGEST = {"en": 140, "zh": 70}
LONGEST_NAME = {"en": 24, "zh": 10}
MOST_TARGETS = 20
_MULTIPLICITIES = ("1", "0..1", "0..*", "1..*")


class ModelWay:
    """Outline: the classes that brief and stories name, by rule; where they are few, the model is asked what else there is."""

    def outline_schema(self, material: Material) -> Json | None:
        """Return None where the rules find enough classes; otherwise the schema of a list of short nouns."""
        if sum(not one.party for one in candidates(material)) >= FEW:
            return None
        noun = {"type": "string", "minLength": 2, "maxLength": LONGEST_NAME[material.language]}
        classes = {"type": "array", "minItems": 2, "maxItems": 5, "items": noun}
        return {"type": "object", "properties": {"classes": classes}, "required": ["classes"], "additionalProperties": False}

    def entries(self, outline: Json | None, material: Material) -> tuple[Entry, ...]:
        """Return one entry a class; each but the first may belong to one before it, so that nothing is told twice."""
        found = candidates(material, outline["classes"] if outline else ()) or _asked_for(outline, material)
        entries: list[Entry] = []
        party = next((one for one in found if one.party), None)
        for place, told in enumerate(owned(found, material)):
            # What nobody is named to own belongs to the party, where there is one.
            owner = told.owner or (party if entries else None)
            before = [entry for entry in entries if owner is None or entry.text == owner.name]
            life = states_of(told.one.names, material)
            about = {
                "states": tuple(state for state, _ in life),
                "triggers": tuple(trigger for _, trigger in life),
                "others": tuple(entry.text for entry in before),
                "ids": tuple(entry.id for entry in before),
                "line": ("inheritance",) if told.special else ("association",),
                "sort": (told.one.kind,),
                "stories": told.one.stories,
                "definition": (told.one.definition,) if told.one.definition else (),
            }
            entries.append(Entry(f"C{place + 1}", told.one.name, about))
        return tuple(entries)

    def item_schema(self, entry: Entry, material: Material) -> Json:
        """Return the schema of one class: a sentence, a few attributes, and the class that it belongs to."""
        schema = without(closed_schema(DomainClass), "id", "name", "kind", "associations", "states", "transitions", "stories")
        fields = schema["properties"]
        longest = LONGEST_NAME[material.language]
        fields["description"] = {"type": "string", "minLength": 6, "maxLength": LONGEST[material.language]}
        attribute = without(closed_schema(Attribute), "required")
        attribute["properties"]["name"] = {"type": "string", "minLength": 2, "maxLength": longest}
        fields["attributes"] = {"type": "array", "minItems": 2, "maxItems": 5, "items": attribute}
        if entry.about.get("others"):
            sources = fields.pop("sources")
            fields["belongs_to"] = {"type": "string", "enum": list(entry.about["others"])}
            fields["sources"] = sources
        schema["required"] = list(fields)
        return citing_related(schema, entry.text, material)

    def assemble(self, replies: Mapping[str, Json], entries: Sequence[Entry], material: Material) -> Json:
        """Return the classes that were written, each with its line to the class that it belongs to."""
        classes = [_class(entry, replies[entry.id]) for entry in entries if entry.id in replies]
        known = {one["id"] for one in classes}
        if len(entries) > 1:
            for one in classes:
                one["associations"] = [line for line in one["associations"] if line["target"] in known]
        return self.completed({"context": _context(material), "classes": classes, "questions": []}, material)

    def completed(self, body: Json, material: Material) -> Json:
        """Return the body with the names of the classes that lines lead to, and with what it rests on."""
        classes = [one for one in body.get("classes") or () if isinstance(one, dict)]
        names = {one.get("id"): one.get("name") for one in classes}
        for one in classes:
            for line in one.get("associations") or ():
                if isinstance(line, dict) and isinstance(name := names.get(line.get("target")), str):
                    line["name"] = name[:60]
        return {**body, "upstream": [{"id": item.id, "text": item.text[:600]} for item in material.upstream]}

    def entry_of(self, item: Json, material: Material) -> tuple[Entry, ...]:
        """Return the entry that a class was made of; it belongs to what it belonged to before."""
        known = next((one for one in candidates(material) if one.name == item["name"]), None)
        lines = item.get("associations") or []
        about = {
            "others": tuple(line.get("name") or line["target"] for line in lines),
            "ids": tuple(line["target"] for line in lines),
            "line": tuple(line["kind"] for line in lines[:1]),
            "states": tuple(item.get("states") or ()),
            "triggers": tuple(change["trigger"] for change in item.get("transitions") or ()),
            "sort": (item["kind"],),
            "stories": tuple(item.get("stories") or ()),
            "definition": (known.definition,) if known and known.definition else (),
        }
        return (Entry(item["id"], item["name"], about),)


def narrow(material: Material) -> Json:
    """Return the schema of the whole model, closed to the upstream items and sources in hand; what we fill in is left out."""
    schema = without(closed_schema(DomainModel), "upstream")
    # The context first, then the classes: a model writes in this order.
    one = schema["properties"]["classes"]
    one["maxItems"] = MOST_TARGETS
    one["items"]["properties"]["associations"]["items"] = without(one["items"]["properties"]["associations"]["items"], "name")
    ids = [f"C{number}" for number in range(1, MOST_TARGETS + 1)]
    schema = narrowed(schema, "classes[].id", ids)
    schema = narrowed(schema, "classes[].associations[].target", ids)
    for end in ("own", "other"):
        schema = narrowed(schema, f"classes[].associations[].{end}", _MULTIPLICITIES)
    schema = narrowed(schema, "classes[].stories[]", tuple(item.id for item in material.upstream))
    schema = narrowed(schema, "context", _contexts(material))
    return narrowed(schema, "classes[].sources[]", tuple(source.key for source in material.sources))


def _class(entry: Entry, reply: Json) -> Json:
    """Return one class of its entry and its reply."""
    told: dict[str, Any] = {name: value for name, value in reply.items() if name != "belongs_to"}
    place = {name: number for number, name in enumerate(entry.about.get("others", ()))}
    owner = place.get(reply.get("belongs_to", ""))
    lines = []
    if owner is not None:
        special = entry.about.get("line") == ("inheritance",)
        line = {"target": entry.about["ids"][owner], "name": entry.about["others"][owner], "label": ""}
        lines = [
            line
            | (
                {"kind": "inheritance", "own": "", "other": ""}
                if special
                else {"kind": "association", "own": "0..*", "other": "1"}
            )
        ]
    fixed = {"id": entry.id, "name": entry.text[:60], "kind": entry.about["sort"][0], "stories": list(entry.about["stories"])}
    return {**fixed, **told, "associations": lines, **_life(entry)}


def _life(entry: Entry) -> Json:
    """Return the states that the actions tell, each led to by its action from the one before."""
    states, triggers = entry.about.get("states", ()), entry.about.get("triggers", ())
    changes = zip(["", *states], states, triggers, strict=False)
    transitions = [{"source": source, "target": target, "trigger": trigger} for source, target, trigger in changes]
    return {"states": list(states), "transitions": transitions}


def _asked_for(outline: Json | None, material: Material) -> tuple[Candidate, ...]:
    """Return what the model named, or the brief itself, where nothing that is named stands in the brief."""
    names = [name.strip() for name in (outline or {}).get("classes", ()) if words(name)] or [
        " ".join(material.brief.split())[:40]
    ]
    return tuple(Candidate(name[:1].upper() + name[1:], (name,)) for name in dict.fromkeys(names))[:MOST]


def _contexts(material: Material) -> tuple[str, ...]:
    return tuple(term.name for term in material.terms if term.kind == "bounded-context")


def _context(material: Material) -> str:
    """Return the bounded context that the brief names; empty where it names none."""
    return next(iter(_contexts(material)), "")
