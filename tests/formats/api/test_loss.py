"""Nothing that six columns hold is lost between API files, the table and OpenAPI."""

from pathlib import Path

import pytest

from benchmarks.api_kinds import KINDS
from benchmarks.api_specs import carried, comes_back, unread
from formats.api.comparison import differences
from formats.api.document_faults import validity_faults
from formats.api.model import as_json, from_json
from formats.api.openapi import openapi, openapi_json, openapi_yaml
from formats.api.reading import read_api

NOTHING_LOST: dict[str, list[str]] = {kind: [] for kind in differences(*carried(KINDS["maps"]))}


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_file_goes_through_table_and_openapi_without_loss(kind: str) -> None:
    assert differences(*carried(KINDS[kind])) == NOTHING_LOST


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_with_its_artifact_gives_the_same_openapi(kind: str) -> None:
    assert comes_back(KINDS[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_valid_openapi_and_reads_the_same_as_json_and_yaml(kind: str) -> None:
    api = read_api(KINDS[kind]).api
    assert validity_faults(openapi(api)) == ()
    again = read_api(openapi_json(api)).api
    assert openapi(read_api(openapi_json(again)).api) == openapi(again)
    assert read_api(openapi_yaml(api)).api == again


@pytest.mark.parametrize("kind", KINDS)
def test_an_api_is_kept_as_json(kind: str) -> None:
    api = read_api(KINDS[kind]).api
    assert from_json(as_json(api)) == api


@pytest.mark.parametrize("kind", ["maps", "files", "parameters"])
def test_a_file_is_read_as_other_code_counts_it(kind: str) -> None:
    assert unread(KINDS[kind]) == []


def test_no_public_file_loses_anything(test_data: Path) -> None:
    files = [path for path in sorted((test_data / "api-specs").iterdir()) if path.suffix in (".json", ".yaml")]
    assert len(files) == 17
    for path in files:
        text = path.read_text("utf-8")
        assert differences(*carried(text)) == NOTHING_LOST, path.name
        assert comes_back(text), path.name
        if not path.name.startswith("postman"):
            assert unread(text) == [], path.name
