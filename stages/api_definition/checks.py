"""How an API is judged: what it leaves uncovered, its design by the standard, and whether what it is written as reads back."""

import re
from collections.abc import Iterator
from functools import partial

from errors import AssistantError
from formats.api.comparison import differences
from formats.api.document_faults import faults_of
from formats.api.faults import Fault
from formats.api.model import Api
from formats.api.openapi import openapi_yaml
from formats.api.reading import read_api
from formats.api.table import api_table
from formats.api.table_reading import read_table
from stages.api_definition.mends import demands, patches, standard_path
from stages.api_definition.model import listed_api_of, whole_api_of
from stages.api_definition.shape import ApiDefinition, Operation
from stages.api_definition.structure import MERGE_PATCH, needed_header
from stages.api_definition.telling import RULES, finding_of
from stages.api_definition.wishes import story_items
from stages.findings import Finding
from stages.material import Material

_MADE_UP = re.compile(r"/resources-(?:\d+|c\d+)(?=/|$)")
_MOST_DIFFERENCES = 5


def check_coverage(artifact: ApiDefinition, material: Material) -> list[Finding]:
    """Find stories that no operation serves, and references to what does not exist."""
    language = material.language
    stories = {item.id: item.stage for item in story_items(material)}
    classes = {item.id: item for item in material.upstream_of("domain_model")}
    found: list[Finding] = []
    for place, operation in enumerate(artifact.operations):
        for rule, names, known in (("story-unknown", operation.stories, stories), ("class-unknown", operation.classes, classes)):
            where = f"operations[{place}].{'stories' if known is stories else 'classes'}"
            found += [
                RULES.finding(rule, language, place=where, item=operation.id, story=name, name=name)
                for name in names
                if name not in known
            ]
    served = {name for operation in artifact.operations for name in operation.stories}
    found += [RULES.finding("story-uncovered", language, place=name, story=name) for name in _uncovered(stories, served)]
    shown = {name for operation in artifact.operations for name in operation.classes}
    found += [
        RULES.finding("class-uncovered", language, place=name, name=f"{name} {item.body.get('name', '')}".strip())
        for name, item in classes.items()
        if name not in shown and item.body.get("kind", "entity") == "entity"
    ]
    return found


def _uncovered(stories: dict[str, str], served: set[str]) -> Iterator[str]:
    """Yield the stories that nothing serves; of scenarios, one served is enough for all of its story."""
    tested = {name.partition("-")[0] for name in served}
    for name, stage in stories.items():
        covered = name.partition("-")[0] in tested if stage == "acceptance_criteria" else name in served
        if not covered:
            yield name


def check_words(artifact: ApiDefinition, material: Material) -> list[Finding]:
    """Find operations that say nothing, and paths whose thing has no English name or that are not in the standard's form."""
    language = material.language
    found = []
    for place, operation in enumerate(artifact.operations):
        where = f"operations[{place}]"
        if not operation.summary.strip():
            found.append(RULES.finding("no-summary", language, place=f"{where}.summary", item=operation.id))
        if _MADE_UP.search(operation.path):
            found.append(
                RULES.finding("no-english-name", language, place=f"{where}.path", item=operation.id, path=operation.path)
            )
        standard = standard_path(operation.path, operation.method)
        if artifact.by_standard and standard != operation.path:
            values = {"path": operation.path, "standard": standard}
            found.append(RULES.finding("path-form", language, place=f"{where}.path", item=operation.id, **values))
    return found


def check_standard(artifact: ApiDefinition, material: Material) -> list[Finding]:
    """Find calls without the header that the standard demands, and changes in part that are no merge patch; also of an import."""
    found = []
    for place, operation in enumerate(artifact.operations):
        told = partial(
            RULES.finding, language=material.language, item=operation.id, operation=f"{operation.method} {operation.path}"
        )
        header = needed_header(operation.method)
        if header and not demands(operation, header["name"]) and (artifact.by_standard or _changes(operation)):
            found.append(told("header-missing", place=f"operations[{place}].parameters", name=header["name"]))
        if not patches(operation):
            found.append(told("patch-media", place=f"operations[{place}].request", media=MERGE_PATCH))
    return found


def _changes(operation: Operation) -> bool:
    """Tell whether an operation changes anything: a POST that is answered with 200 alone is mostly a search."""
    done = {one.status for one in operation.responses if one.status.startswith("2")}
    return operation.method != "POST" or done != {"200"}


def check_document(artifact: ApiDefinition, material: Material) -> list[Finding]:
    """Find what the API standard, OpenAPI and what its validator lets pass hold against the API."""
    return [finding_of(fault, material.language, _item_of(fault, artifact)) for fault in faults_of(whole_api_of(artifact))]


def check_read_back(artifact: ApiDefinition, material: Material) -> list[Finding]:
    """Find an API whose OpenAPI document or whose table is read back as another one."""
    whole, listed = whole_api_of(artifact), listed_api_of(artifact)
    found = []
    for rule, read, meant in (
        ("unreadable", _read_document(whole), whole),
        ("table-unreadable", read_table(api_table(listed, material.language), listed).api, listed),
    ):
        unlike = [line for lines in differences(meant, read).values() for line in lines]
        if unlike:
            told = "; ".join(unlike[:_MOST_DIFFERENCES])
            found.append(RULES.finding(rule, material.language, place="operations", differences=told))
    return found


def _read_document(api: Api) -> Api:
    """Return the API as it is read from its own document; an empty one where it cannot be read."""
    try:
        return read_api(openapi_yaml(api)).api
    except AssistantError:
        return Api()


def _item_of(fault: Fault, artifact: ApiDefinition) -> str:
    """Return the id of the operation that a fault's place names, by its method and path or by its path alone."""
    place = fault.place.lower()
    named = [one for one in artifact.operations if one.path.lower() in place]
    exact = [
        one
        for one in named
        if place == f"{one.method} {one.path}".lower() or f"{one.path}/{one.method}".lower() in place or place == one.path.lower()
    ]
    return next((one.id for one in exact or sorted(named, key=lambda one: -len(one.path))), "")
