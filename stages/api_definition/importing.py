"""What a person pastes as an API: OpenAPI, Swagger 2, a Postman collection or an API table, graded and never refused whole."""

import re

from errors import AssistantError, Language
from formats.api.reading import read_api
from formats.api.reading_openapi import Reading
from formats.api.table import table_rows
from formats.api.table_reading import read_table
from stages.api_definition.model import items_of
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.telling import told_fault
from stages.declaration import Imported

MOST_OPERATIONS = 2000
_MARK = re.compile(r'"?(?:openapi|swagger|paths|info|item)"?\s*:')
_LOST: dict[Language, str] = {
    "en": "{count} operations beyond the first {most} were left out: split the API.",
    "zh": "超出前 {most} 个的 {count} 个接口未导入：请拆分 API。",
}


def read(text: str, language: Language) -> Imported | None:
    """Return the API that a text holds; None where it holds none."""
    reading = _reading(text)
    if reading is None or not reading.api.operations:
        return None
    operations = items_of(reading.api)
    lost = []
    if len(operations) > MOST_OPERATIONS:
        lost.append(_LOST[language].format(count=len(operations) - MOST_OPERATIONS, most=MOST_OPERATIONS))
    body = {
        "title": reading.api.title,
        "version": reading.api.version,
        "description": reading.api.description,
        "operations": operations[:MOST_OPERATIONS],
        "questions": [],
        "beyond": dict(reading.api.beyond),
    }
    artifact = ApiDefinition.model_validate(body)
    faults = dict.fromkeys(told_fault(fault, language) for fault in reading.faults)
    return Imported(artifact.model_dump(mode="json"), tuple(lost), tuple(faults))


def _reading(text: str) -> Reading | None:
    """Read a text as a table or as a document; None where it is neither."""
    if "|" in text and next(table_rows(text), None) is not None:
        return read_table(text)
    if not _MARK.search(text[:20_000]):
        return None
    try:
        return read_api(text)
    except AssistantError:
        return None
