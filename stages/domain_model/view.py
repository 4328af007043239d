"""How a domain model is read: as lines of a card, as a document, as sheets, as diagrams in Mermaid, PlantUML and SVG."""

from collections.abc import Sequence
from typing import Any

from errors import Language
from formats import class_model, mermaid, plantuml
from formats.diagram import Diagram
from formats.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table
from formats.sheet import Sheet
from stages.declaration import ItemView, Line
from stages.domain_model.shape import DomainClass, DomainModel
from stages.domain_model.text import line_text
from stages.domain_model.words import KINDS, OPTIONAL, SECTIONS, TYPES, said
from stages.material import Source

_TEXTS: dict[str, dict[Language, str]] = {
    "title": {"en": "Domain model", "zh": "领域模型"},
    "classes": {"en": "Classes", "zh": "类图"},
    "states": {"en": "States of {name}", "zh": "{name}的状态"},
    "attribute": {"en": "Attribute", "zh": "属性"},
    "type": {"en": "Type", "zh": "类型"},
    "required": {"en": "Required", "zh": "必填"},
    "yes": {"en": "yes", "zh": "是"},
    "no": {"en": "no", "zh": "否"},
    "context": {"en": "Bounded context", "zh": "限界上下文"},
    "open": {"en": "Open questions", "zh": "待澄清的问题"},
    "rests": {"en": "Rests on", "zh": "依据"},
    "start": {"en": "start", "zh": "开始"},
    "end": {"en": "end", "zh": "结束"},
}


def _t(name: str, language: Language) -> str:
    return _TEXTS[name][language]


def class_model_of(artifact: DomainModel, language: Language) -> class_model.ClassModel:
    """Return the model as diagrams are made of it, kinds and types in the words of the language."""
    known = {one.id for one in artifact.classes}
    classes = tuple(_class_of(one, language) for one in artifact.classes)
    lines = tuple(
        class_model.Association(one.id, line.target, line.kind, line.own, line.other, class_model.one_line(line.label))
        for one in artifact.classes
        for line in one.associations
        if line.target in known
    )
    return class_model.ClassModel(classes, lines, class_model.one_line(artifact.context))


def _class_of(one: DomainClass, language: Language) -> class_model.ModelClass:
    attributes = tuple(
        class_model.Attribute(class_model.one_line(attribute.name), said(TYPES, attribute.type, language), attribute.required)
        for attribute in one.attributes
    )
    changes = tuple(class_model.Transition(change.source, change.target, change.trigger) for change in one.transitions)
    kind = said(KINDS, one.kind, language)
    return class_model.ModelClass(one.id, class_model.one_line(one.name), kind, attributes, tuple(one.states), changes)


def diagrams(artifact: DomainModel, language: Language) -> tuple[Diagram, ...]:
    """Return the class diagram, and a state diagram for each class that has states."""
    model = class_model_of(artifact, language)
    drawn = [Diagram("classes", _t("classes", language), mermaid.class_diagram(model), plantuml.class_diagram(model))]
    for one in model.classes:
        if one.states:
            title = _t("states", language).format(name=one.name)
            drawn.append(Diagram(f"states-{one.id.lower()}", title, mermaid.state_diagram(one), plantuml.state_diagram(one)))
    return tuple(drawn)


def _keyword(name: str, language: Language) -> str:
    return said(SECTIONS, name, language).capitalize()


def view(one: DomainClass, language: Language) -> ItemView:
    """Return a class as a card shows it."""
    lines = [Line("", one.description)] if one.description else []
    if one.attributes:
        heading = tuple(_t(name, language) for name in ("attribute", "type", "required"))
        lines.append(Line(_keyword("attributes", language), " | ".join(heading), cells=heading))
        lines += [Line("", " | ".join(row), 1, tuple(row)) for row in _rows(one, language)]
    lines += [Line(_keyword("associations", language), line_text(line, language)) for line in one.associations]
    if one.states:
        lines.append(Line(_keyword("states", language), (" / " if language == "en" else "、").join(one.states)))
    for change in one.transitions:
        lines.append(Line("", _change(change.source, change.target, change.trigger, language), 1))
    badges = (said(KINDS, one.kind, language),)
    return ItemView(one.id, one.name, tuple(lines), tuple(one.sources), tuple(one.stories), badges=badges)


def _rows(one: DomainClass, language: Language) -> list[tuple[str, str, str]]:
    return [
        (attribute.name, said(TYPES, attribute.type, language), _t("yes" if attribute.required else "no", language))
        for attribute in one.attributes
    ]


def _change(source: str, target: str, trigger: str, language: Language) -> str:
    told = f"{source or _t('start', language)} → {target or _t('end', language)}"
    return f"{told}: {trigger}" if trigger else told


def view_draft(item: Any, language: Language) -> ItemView | None:
    """Return a class that is still being written, as far as it can be read."""
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return None
    lines = [Line("", item["description"])] if isinstance(item.get("description"), str) else []
    named = [one.get("name") for one in item.get("attributes") or () if isinstance(one, dict)]
    told = [name for name in named if isinstance(name, str)]
    if told:
        lines.append(Line(_t("attribute", language), (", " if language == "en" else "、").join(told)))
    return ItemView(str(item.get("id") or ""), item["name"], tuple(lines))


def tell(one: DomainClass, language: Language) -> str:
    """Return a class as a later stage reads it: `Account: number (string), balance (money); has many Income record`."""
    attributes = ", ".join(
        f"{attribute.name} ({attribute.type}{'' if attribute.required else f', {OPTIONAL[language]}'})"
        for attribute in one.attributes
    )
    lines = [_told_line(line, language) for line in one.associations]
    states = f"{said(SECTIONS, 'states', language)} {', '.join(one.states)}" if one.states else ""
    return f"{one.name}: {'; '.join(part for part in (attributes, *lines, states) if part)}"


def _told_line(line: Any, language: Language) -> str:
    named = line.name or line.target
    if line.kind == "inheritance":
        return f"是一种{named}" if language == "zh" else f"is a {named}"
    many = line.other.endswith("*")
    if language == "zh":
        return f"有{'多个' if many else '一个'}{named}"
    return f"has {'many' if many else 'one'} {named}"


def document(artifact: DomainModel, language: Language, sources: Sequence[Source]) -> Document:
    """Return the model as a document: the diagram, then each class with its attributes, associations and states."""
    drawn = diagrams(artifact, language)
    blocks: list[Block] = [Paragraph(artifact.context, _t("context", language))] if artifact.context else []
    blocks.append(Picture(drawn[0].title, drawn[0].mermaid))
    pictures = {diagram.name: diagram for diagram in drawn}
    cited = {source.key: number for number, source in enumerate(sources, 1)}
    for one in artifact.classes:
        blocks += [Heading(1, f"{one.id} {one.name} ({said(KINDS, one.kind, language)})"), Paragraph(one.description)]
        if one.attributes:
            blocks.append(Table([_t(name, language) for name in ("attribute", "type", "required")], _rows(one, language)))
        if one.associations:
            blocks.append(Bullets([line_text(line, language) for line in one.associations]))
        if picture := pictures.get(f"states-{one.id.lower()}"):
            blocks.append(Picture(picture.title, picture.mermaid))
        rests = ", ".join([*one.stories, *(f"[{cited[key]}]" for key in one.sources if key in cited)])
        if rests:
            blocks.append(Paragraph(rests, _t("rests", language)))
    if artifact.questions:
        blocks += [Heading(1, _t("open", language)), Bullets(artifact.questions)]
    return Document(_t("title", language), language, blocks, [(source.title, source.breadcrumb) for source in sources])


def sheets(artifact: DomainModel, language: Language) -> tuple[Sheet, ...]:
    """Return the classes, their attributes and their associations as sheets."""
    name, kind, about, rests = (
        ("类", "种类", "说明", "依据") if language == "zh" else ("Class", "Kind", "Description", "Rests on")
    )
    classes = [
        (one.id, one.name, said(KINDS, one.kind, language), one.description, ", ".join(one.stories)) for one in artifact.classes
    ]
    attributes = [(one.name, *row) for one in artifact.classes for row in _rows(one, language)]
    lines = [(one.name, line_text(line, language)) for one in artifact.classes for line in one.associations]
    columns = [name, *(_t(column, language) for column in ("attribute", "type", "required"))]
    return (
        Sheet(_t("classes", language), ["ID", name, kind, about, rests], classes, [one.id for one in artifact.classes]),
        Sheet(
            said(SECTIONS, "attributes", language),
            columns,
            attributes,
            [one.id for one in artifact.classes for _ in one.attributes],
        ),
        Sheet(
            said(SECTIONS, "associations", language),
            [name, said(SECTIONS, "associations", language)],
            lines,
            [one.id for one in artifact.classes for _ in one.associations],
        ),
    )


def mermaid_file(artifact: DomainModel, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the class diagram in Mermaid."""
    return diagrams(artifact, language)[0].mermaid.encode()


def plantuml_file(artifact: DomainModel, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the class diagram and the state diagrams in PlantUML."""
    return "\n".join(diagram.plantuml for diagram in diagrams(artifact, language)).encode()


def svg_file(artifact: DomainModel, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the class diagram as a picture. Raises MermaidError where it is too large to be drawn."""
    from formats.mermaid_svg import svg  # late: the engine that draws is 4 MB of script

    return svg(diagrams(artifact, language)[0].mermaid)
