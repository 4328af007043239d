"""What a person pastes as an API: OpenAPI, Swagger 2, a Postman collection or an API table, graded and never refused whole."""

import re

from errors import AssistantError, BriefError, Language
from formats.api.reading import read_api
from formats.api.reading_openapi import Reading
from formats.api.table import table_rows
from formats.api.table_reading import read_table
from formats.pasted import fenced
from stages.api_definition.model import items_of
from stages.api_definition.shape import ApiDefinition
from stages.api_definition.telling import told_fault
from stages.declaration import Imported

MOST_OPERATIONS = 2000
_LOOKED_AT = 20_000
_KINDS = {"openapi": "OpenAPI", "swagger": "Swagger"}
_MARK = re.compile(r'"?(?:openapi|swagger|paths|info|item)"?\s*:')
# How an API file begins that is no other text, whatever is broken further down: its own key and version, or the mark of a collection.
_HEAD = r"\A\ufeff?(?:\s|#[^\n]*\n|(?:---|%YAML)[^\n]*\n)*"
_OPENAPI = re.compile(_HEAD + r"""(?:\{\s*)?["']?(?P<kind>openapi|swagger)["']?\s*:\s*["']?[1-3]\.\d""")
_OPENAPI_LATER = re.compile(r"""\A\s*\{.*?"(?P<kind>openapi|swagger)"\s*:\s*"?[1-3]\.\d""", re.DOTALL)
_POSTMAN = re.compile(r"""\A\ufeff?\s*\{.*?(?:"_postman_id"\s*:|schema\.getpostman\.com)""", re.DOTALL)
_FENCES = ("", "json", "yaml", "yml", "openapi", "swagger", "jsonc")
# A brief that quotes a piece of a file is a brief.
_FENCED_SHARE = 0.7
_LOST: dict[Language, str] = {
    "en": "{count} operations beyond the first {most} were left out: split the API.",
    "zh": "超出前 {most} 个的 {count} 个接口未导入：请拆分 API。",
}


def read(text: str, language: Language) -> Imported | None:
    """Return the API that a text holds; None where it holds none.

    Raises BriefError for an OpenAPI, Swagger or Postman file that is broken or empty: taken for a brief, it would be answered.
    """
    text = _out_of_its_fence(text)
    reading = _reading(text)
    if reading is None or not reading.api.operations:
        if reading is not None and (kind := _kind(text)):
            raise _empty(kind)
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


def _out_of_its_fence(text: str) -> str:
    """Return the file of a text that is one file in a Markdown fence, as chats and wikis hand it over; any other text as it is."""
    inside = fenced(text, *_FENCES)
    alone = len(inside) == 1 and len(inside[0].strip()) > _FENCED_SHARE * len(text.strip())
    return inside[0] if alone and _kind(inside[0]) else text


def _reading(text: str) -> Reading | None:
    """Read a text as a table or as a document; None where it is neither."""
    if "|" in text and next(table_rows(text), None) is not None:
        return read_table(text)
    if not _MARK.search(text[:_LOOKED_AT]):
        return None
    try:
        return read_api(text)
    except AssistantError as error:
        if kind := _kind(text):
            raise _broken(kind, error) from error
        return None


def _kind(text: str) -> str:
    """Return what kind of API file a text clearly is by its beginning; empty where it may be anything."""
    start = text[:_LOOKED_AT]
    if found := _OPENAPI.match(start) or _OPENAPI_LATER.match(start):
        return _KINDS[found["kind"]]
    return "Postman" if _POSTMAN.match(start) else ""


def _broken(kind: str, error: AssistantError) -> BriefError:
    """Return the sentence that names what keeps a file from being read."""
    return BriefError(
        f"The {kind} file cannot be read: {error.sentence('en')} Nothing was kept; paste it again then.",
        f"无法读取这份 {kind} 文件：{error.sentence('zh')}目前没有保存任何内容，修正后请重新粘贴。",
    )


def _empty(kind: str) -> BriefError:
    """Return the sentence for a file that is sound and describes no operation."""
    return BriefError(
        f"This {kind} file describes no operation: there is nothing to import. Paste the file that holds the paths.",
        f"这份 {kind} 文件没有任何接口，无可导入：请粘贴含有接口路径的文件。",
    )
