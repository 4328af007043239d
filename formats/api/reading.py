"""What a person pastes or uploads of an API, whichever of the four kinds it is, read into the model and graded."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from formats.api.document_faults import nullable_faults
from formats.api.faults import Fault
from formats.api.loose import mapping, text
from formats.api.reading_openapi import Reading, read_openapi
from formats.plain_data import Unsound, safe_json, safe_yaml

LARGEST: Final = 5_000_000  # characters


def read_api(written: str) -> Reading:
    """Read OpenAPI 3, Swagger 2 (JSON or YAML) or a Postman 2.1 collection. Raises Unsound where it is none of them."""
    if len(written) > LARGEST:
        raise Unsound(
            f"The API file is longer than {LARGEST:,} characters, the limit: split it by path.",
            f"API 文件超过 {LARGEST:,} 个字符的上限：请按路径拆分。",
        )
    faults: list[Fault] = []
    document = _document(written, lambda key: faults.append(Fault("key-twice", "", {"key": key[:60]})))
    kind = kind_of(document)
    if not kind:
        raise Unsound(
            "It is none of the API files that are read (OpenAPI 3, Swagger 2, Postman 2.1): export it as one of them.",
            "这不是可读取的 API 文件（OpenAPI 3、Swagger 2、Postman 2.1）：请导出为其中一种。",
        )
    if kind == "openapi":
        faults += nullable_faults(mapping(document))
    reading = read_openapi(_READERS[kind](mapping(document)))
    return Reading(reading.api, (*faults, *reading.faults))


def kind_of(document: Any) -> str:
    """Return which kind of API document plain data is: 'openapi', 'swagger', 'postman' or ''."""
    values = mapping(document)
    if text(values.get("swagger")).startswith("2"):
        return "swagger"
    if text(values.get("openapi")).startswith("3") or (isinstance(values.get("paths"), dict) and "info" in values):
        return "openapi"
    return "postman" if isinstance(values.get("item"), list) and isinstance(values.get("info"), dict) else ""


def _document(written: str, twice: Callable[[str], object]) -> Any:
    if written.lstrip("\ufeff \t\r\n").startswith("{"):
        return safe_json(written.lstrip("\ufeff"), twice=twice)
    return safe_yaml(written, twice=twice, aliases=True)


def _openapi(document: Mapping[str, Any]) -> dict[str, Any]:
    from formats.api.upgrading import as_31

    return as_31(document)


def _swagger(document: Mapping[str, Any]) -> dict[str, Any]:
    from formats.api.swagger2 import from_swagger2

    return from_swagger2(document)


def _postman(document: Mapping[str, Any]) -> dict[str, Any]:
    from formats.api.postman import from_postman

    return from_postman(document)


_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "openapi": _openapi,
    "swagger": _swagger,
    "postman": _postman,
}
