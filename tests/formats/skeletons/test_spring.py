"""Spring projects made from OpenAPI documents: controllers and DTOs, offline, with nothing of a text as code."""

import io
import json
import zipfile
from typing import Any

import pytest

from errors import BriefError
from formats.skeletons.spring import safe_document, spring_is_there, spring_project

HOSTILE = 'freeze */ static { System.exit(1); } /* " \\u0022 ${7*7}\n@Evil'


def document(**operation: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Freeze"}}}}
    told = {
        "operationId": "freezeCard",
        "summary": "freeze a card",
        "requestBody": body,
        "responses": {"201": {"description": "done", **body}},
    }
    parameter = {"name": "cardId", "in": "path", "required": True, "schema": {"type": "string"}}
    freeze = {"type": "object", "properties": {"reason": {"type": "string", "description": HOSTILE}, "title": {"type": "string"}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "卡片", "version": "1.0.0", "description": HOSTILE},
        "paths": {"/v1/cards/{cardId}/freezes": {"post": {**told, "parameters": [parameter], **operation}}},
        "components": {"schemas": {"Freeze": freeze}},
    }


needs_java = pytest.mark.skipif(not spring_is_there(), reason="Java or openapi-generator-cli is not on this machine")


@needs_java
def test_a_document_becomes_a_controller_and_a_class_of_its_body() -> None:
    with zipfile.ZipFile(io.BytesIO(spring_project(document(summary=HOSTILE)))) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert any(name.endswith("ApiController.java") for name in files)
    assert any(name.endswith("model/Freeze.java") for name in files)
    assert "pom.xml" in files
    told = "\n".join(text for name, text in files.items() if name.endswith(".java"))
    assert "freeze static System.exit(1);" in told
    assert "*/ static" not in told


@needs_java
def test_a_document_that_the_generator_refuses_is_told_in_a_sentence() -> None:
    with pytest.raises(BriefError, match="refused this API"):
        spring_project({"openapi": "3.1.0"})


def test_what_would_become_code_or_leave_the_document_is_taken_out() -> None:
    schema = {"$ref": "file:///etc/passwd"}
    told = safe_document(
        document(**{"x-class-extra-annotation": "@Evil", "parameters": [{"schema": schema}], "summary": HOSTILE})
    )
    written = json.dumps(told)
    assert "x-class" not in written
    assert "passwd" not in written
    assert "*/" not in written
    assert told["paths"]["/v1/cards/{cardId}/freezes"]["post"]["summary"] == "freeze static System.exit(1); u0022 7*7 Evil"


def test_what_the_document_means_stays() -> None:
    told = safe_document(document())
    assert told["components"]["schemas"]["Freeze"]["properties"]["title"] == {"type": "string"}
    assert told["paths"].keys() == document()["paths"].keys()
    assert told["info"]["title"] == "卡片"
