"""How a domain model is judged: read back by Mermaid's own grammar, then what that grammar lets pass."""

from collections import Counter
from functools import lru_cache, partial

from formats.language import words
from formats.mermaid import MermaidError, class_diagram, state_diagram
from formats.mermaid_read import read_class_model
from stages.domain_model.candidates import PARTY, is_role
from stages.domain_model.shape import DomainClass, DomainModel, plain_name, same_name
from stages.domain_model.view import class_model_of
from stages.findings import Finding, Rules
from stages.material import Material
from stages.shared_checks import RULES as SHARED
from stages.words import shares_words

RULES = Rules("stages.domain_model")


def check_read_back(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find diagrams that Mermaid's own grammar refuses, or reads as something else."""
    model = class_model_of(artifact, material.language)
    found: list[Finding] = []
    try:
        read = read_class_model(class_diagram(model)).model
        if (len(read.classes), len(read.associations)) != (len(model.classes), len(model.associations)):
            message = f"{len(read.classes)} / {len(model.classes)}, {len(read.associations)} / {len(model.associations)}"
            found.append(RULES.finding("unreadable", material.language, place="classes", message=message))
        for one in model.classes:
            if one.states and len(read_class_model(state_diagram(one)).model.classes[0].states) != len(set(one.states)):
                found.append(RULES.finding("unreadable", material.language, place="states", item=one.id, message=one.name))
    except MermaidError as error:
        found.append(RULES.finding("unreadable", material.language, place="classes", message=str(error)[:200]))
    return found


def check_classes(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find classes that are told twice, are a role, say nothing, or that nobody spoke of."""
    found: list[Finding] = []
    for place, one in enumerate(artifact.classes):
        told = partial(RULES.finding, language=material.language, item=one.id)
        twin = next((other for other in artifact.classes[:place] if same_name(one.name, [other.name])), None)
        if twin or any(other.id == one.id for other in artifact.classes[:place]):
            found.append(told("duplicate-class", place=f"classes[{place}].name", other=twin.id if twin else one.id))
        if is_role(one.name, material) and not PARTY.search(one.name):
            found.append(told("role-as-class", place=f"classes[{place}].name", name=one.name))
        if not one.description.strip():
            found.append(told("no-description", place=f"classes[{place}].description"))
        if not one.attributes and one.kind != "service":
            found.append(told("no-attributes", place=f"classes[{place}].attributes"))
        counted = Counter(plain_name(attribute.name) for attribute in one.attributes)
        found += [
            told("duplicate-attribute", place=f"classes[{place}].attributes", name=name)
            for name, count in counted.items()
            if count > 1
        ]
        found += _traced(one, place, material)
    return found


def _traced(one: DomainClass, place: int, material: Material) -> list[Finding]:
    """Hold a class against the glossary, the brief and what lies upstream."""
    language = material.language
    known = {item.id for item in material.upstream}
    found = [
        RULES.finding("story-unknown", language, place=f"classes[{place}].stories", item=one.id, story=story)
        for story in one.stories
        if story not in known
    ]
    official = [name for term in material.terms for name in (term.name, *term.names)]
    if same_name(one.name, official):
        return found
    where = f"classes[{place}].name"
    spoken = [material.brief, *(item.text for item in material.upstream)]
    if shares_words(one.name, spoken):
        # An official name is in the glossary, although the brief does not speak it.
        if plain_name(one.name) in _plain_names(material.all_names):
            return found
        return [*found, SHARED.finding("not-in-glossary", language, place=where, item=one.id, name=one.name)]
    if not any(words(text) for text in spoken):
        return found
    return [*found, RULES.finding("not-traced", language, place=where, item=one.id, name=one.name)]


@lru_cache(maxsize=8)
def _plain_names(names: frozenset[str]) -> frozenset[str]:
    """Return names as they are compared; a glossary has thousands, and every class is held against them."""
    return frozenset(plain_name(name) for name in names)


def check_associations(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find lines to nowhere, without multiplicity or told both ways, circles of inheritance, and classes without a line."""
    found: list[Finding] = []
    known = {one.id for one in artifact.classes}
    linked: set[str] = set()
    pairs: set[frozenset[str]] = set()
    for place, one in enumerate(artifact.classes):
        for number, line in enumerate(one.associations):
            told = partial(
                RULES.finding, language=material.language, item=one.id, place=f"classes[{place}].associations[{number}]"
            )
            if line.target not in known:
                found.append(told("unknown-target", target=line.target))
                continue
            pair = frozenset((one.id, line.target))
            if pair in pairs:
                found.append(told("told-twice", one=one.id, other=line.target))
            if line.kind != "inheritance" and not (line.own and line.other):
                found.append(told("no-multiplicity", target=line.target))
            linked |= pair if len(pair) > 1 else set()
            pairs.add(pair)
    found += [
        RULES.finding("orphan", material.language, place=f"classes[{place}]", item=one.id, name=one.name)
        for place, one in enumerate(artifact.classes)
        if len(artifact.classes) > 1 and one.id not in linked
    ]
    return found + _circles(artifact, material)


def _circles(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find classes that inherit from themselves, over however many steps."""
    parents = {one.id: [line.target for line in one.associations if line.kind == "inheritance"] for one in artifact.classes}
    found = []
    for one in artifact.classes:
        seen: set[str] = set()
        waiting = list(parents[one.id])
        while waiting:
            parent = waiting.pop()
            if parent not in seen:
                seen.add(parent)
                waiting += parents.get(parent, [])
        if one.id in seen:
            found.append(RULES.finding("inheritance-circle", material.language, place="associations", item=one.id, name=one.name))
    return found


def check_states(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find changes between states that do not exist, and states that nothing leads to."""
    found: list[Finding] = []
    for place, one in enumerate(artifact.classes):
        told = partial(RULES.finding, language=material.language, item=one.id, place=f"classes[{place}].states")
        ends = {end for change in one.transitions for end in (change.source, change.target) if end}
        found += [told("unknown-state", state=state) for state in sorted(ends - set(one.states))]
        if len(one.states) > 1 or one.transitions:
            reached = _reached(one)
            found += [told("unreachable", state=state) for state in one.states if state not in reached]
    return found


def _reached(one: DomainClass) -> set[str]:
    """Return the states that can be reached from the start; where no start is told, from the first state."""
    reached = {change.target for change in one.transitions if not change.source} or set(one.states[:1])
    while more := {change.target for change in one.transitions if change.source in reached} - reached:
        reached |= more
    return reached


def check_coverage(artifact: DomainModel, material: Material) -> list[Finding]:
    """Find stories that no class rests on."""
    named = {name for one in artifact.classes for name in one.stories}
    stories = material.upstream_of("user_stories")
    return [
        RULES.finding("story-uncovered", material.language, place="classes", story=item.id)
        for item in stories
        if item.id not in named
    ]
