"""What an API is taken away as: a document, the six-column table, OpenAPI in YAML and JSON, and skeletons of code."""

from collections.abc import Mapping, Sequence
from functools import partial

from errors import Language
from formats.api.openapi import openapi, openapi_json, openapi_yaml
from formats.api.table import HEADINGS, api_rows, api_table
from formats.document import Block, Bullets, Code, Document, Heading, Paragraph, Table
from formats.sheet import Sheet
from formats.skeletons.spring import spring_is_there, spring_project
from stages.api_definition.model import listed_api_of, whole_api_of
from stages.api_definition.shape import ApiDefinition, Operation
from stages.api_definition.view import view
from stages.declaration import Notation
from stages.material import Source

_TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "operations": "Operations",
        "version": "Version",
        "serves": "Serves",
        "rests": "Rests on",
        "answers": "Answers",
        "questions": "Open questions",
        "table": "API table",
        "openapi": "OpenAPI",
    },
    "zh": {
        "operations": "接口",
        "version": "版本",
        "serves": "服务于",
        "rests": "依据",
        "answers": "返回",
        "questions": "待澄清的问题",
        "table": "接口一览表",
        "openapi": "OpenAPI",
    },
}


def document(artifact: ApiDefinition, language: Language, sources: Sequence[Source]) -> Document:
    """Return the API as a document: the table first, then each operation with what it takes and answers."""
    words = _TITLES[language]
    blocks: list[Block] = [Paragraph(artifact.version, words["version"])]
    if artifact.description:
        blocks.append(Paragraph(artifact.description))
    head = {"en": ("Method", "Path", "What it does"), "zh": ("方法", "路径", "说明")}[language]
    blocks += [Heading(1, words["table"]), Table(head, [(one.method, one.path, one.summary) for one in artifact.operations])]
    blocks.append(Heading(1, words["operations"]))
    cited = {source.key: number for number, source in enumerate(sources, 1)}
    for operation in artifact.operations:
        blocks += _operation(operation, language, cited)
    if artifact.questions:
        blocks += [Heading(1, words["questions"]), Bullets(artifact.questions)]
    blocks += [Heading(1, words["openapi"]), Code("yaml", openapi_yaml(whole_api_of(artifact)))]
    return Document(artifact.title, language, blocks, [(source.title, source.breadcrumb) for source in sources])


def _operation(operation: Operation, language: Language, cited: Mapping[str, int]) -> list[Block]:
    words, told = _TITLES[language], view(operation, language)
    blocks: list[Block] = [Heading(2, f"{operation.id} {told.title}")]
    blocks += [Paragraph(line.text) for line in told.lines if not line.cells and not line.keyword]
    rows = [line.cells for line in told.lines if line.cells]
    if rows:
        blocks.append(Table(rows[0], rows[1:]))
    blocks.append(Bullets([f"{line.keyword} {line.text}".strip() for line in told.lines if line.keyword]))
    if operation.rests_on():
        blocks.append(Paragraph(", ".join(operation.rests_on()), words["serves"]))
    numbers = ", ".join(f"[{cited[key]}]" for key in operation.sources if key in cited)
    if numbers:
        blocks.append(Paragraph(numbers, words["rests"]))
    return blocks


def sheets(artifact: ApiDefinition, language: Language) -> tuple[Sheet, ...]:
    """Return the six-column table."""
    rows = api_rows(listed_api_of(artifact))
    return (Sheet(_TITLES[language]["table"], HEADINGS[language], rows, [one.id for one in artifact.operations]),)


def yaml_file(artifact: ApiDefinition, _language: Language, _sources: Sequence[Source]) -> bytes:
    """Return OpenAPI 3.1 as YAML."""
    return openapi_yaml(whole_api_of(artifact)).encode()


def json_file(artifact: ApiDefinition, _language: Language, _sources: Sequence[Source]) -> bytes:
    """Return OpenAPI 3.1 as JSON."""
    return openapi_json(whole_api_of(artifact)).encode()


def table_file(artifact: ApiDefinition, language: Language, _sources: Sequence[Source]) -> bytes:
    """Return the six-column table as Markdown."""
    return api_table(listed_api_of(artifact), language).encode()


def django_zip(artifact: ApiDefinition, _language: Language, _sources: Sequence[Source]) -> bytes:
    """Return a Django project."""
    from formats.skeletons.django import django_project  # late: few artifacts are taken away as code

    return django_project(whole_api_of(artifact))


def spring_zip(artifact: ApiDefinition, _language: Language, _sources: Sequence[Source]) -> bytes:
    """Return a Spring Boot project. Raises BriefError where the generator refuses the API."""
    return spring_project(openapi(whole_api_of(artifact)))


def notations() -> dict[str, Notation]:
    """Return the stage's own notations; Spring only where Java and the generator are there."""
    title = partial(dict[Language, str])
    found = {
        "openapi.yaml": Notation("openapi.yaml", "application/yaml", yaml_file, title(en="OpenAPI (YAML)", zh="OpenAPI（YAML）")),
        "openapi.json": Notation("openapi.json", "application/json", json_file, title(en="OpenAPI (JSON)", zh="OpenAPI（JSON）")),
        "table": Notation("table.md", "text/markdown", table_file, title(en="API table", zh="接口一览表")),
        "django": Notation("django.zip", "application/zip", django_zip, title(en="Django skeleton", zh="Django 骨架")),
    }
    if spring_is_there():
        found["spring"] = Notation("spring.zip", "application/zip", spring_zip, title(en="Spring skeleton", zh="Spring 骨架"))
    return found
