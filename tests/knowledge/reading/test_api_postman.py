"""A Postman collection becomes a piece a request; what is secret in it stays out."""

import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.reading.api_postman import read_postman
from knowledge.reading.section import Reading

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def collection(*items: Any, **more: Any) -> Reading:
    reading = read_postman("bank.json", {"info": {"name": "Bank", "schema": SCHEMA}, "item": list(items), **more})
    assert reading is not None
    return reading


def text_of(reading: Reading) -> str:
    return "\n".join(section.text for section in reading.sections)


def requests_in(items: list[Any]) -> int:
    return sum(requests_in(item["item"]) if "item" in item else 1 for item in items)


def test_every_request_of_the_public_collections_is_one_whole_piece(test_data: Path) -> None:
    read = 0
    for path in sorted((test_data / "api-specs").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        reading = read_postman(path.name, data)
        if reading is not None:
            read += 1
            assert sum(section.whole for section in reading.sections) == requests_in(data["item"]), path.name
    assert read == 4


def test_other_data_is_left_to_others() -> None:
    others: list[Any] = [
        None,
        [],
        {},
        {"info": {"title": "x"}, "paths": {}},
        {"info": {"schema": SCHEMA}},
        {"info": [], "item": []},
    ]
    for data in others:
        assert read_postman("x.json", data) is None


def test_a_request_stands_below_its_folders_with_all_it_says() -> None:
    request = {
        "method": "POST",
        "description": {"content": "冻结银行卡"},
        "url": {"raw": "{{host}}/cards/:id?reason=lost", "query": [{"key": "reason", "value": "lost", "description": "Why"}]},
        "header": [{"key": "Accept", "value": "application/json"}],
        "body": {"mode": "raw", "raw": '{"reason":"lost"}'},
    }
    responses = [{"name": "Frozen", "code": 200, "status": "OK"}, {"name": "Unknown card", "code": 404, "status": "Not Found"}]
    item = {"name": "Freeze", "request": request, "response": responses}
    reading = collection({"name": "Cards", "description": "All about cards", "item": [{"name": "Blocking", "item": [item]}]})
    assert [section.trail for section in reading.sections] == [(), ("Cards",), ("Cards", "Blocking", "Freeze")]
    text = reading.sections[-1].text
    for expected in (
        "`POST {{host}}/cards/:id?reason=lost`: Freeze",
        "冻结银行卡",
        "- `reason` = `lost` : Why",
        "- `Accept` = `application/json`",
        '"reason": "lost"',
        "- 200 OK: Frozen",
        "- 404 Not Found: Unknown card",
    ):
        assert expected in text


def test_the_older_form_with_plain_addresses_and_header_lines_is_read() -> None:
    old = {
        "method": "GET",
        "url": "{{host}}/a",
        "header": "Accept: text/plain\nX-Api-Key: 123456",
        "data": {"mode": "raw", "content": "hi"},
    }
    text = text_of(collection({"name": "a", "request": old}, {"name": "b", "request": "http://bank.example/b"}))
    for expected in (
        "`GET {{host}}/a`",
        "`Accept` = `text/plain`",
        "`X-Api-Key` = `(left out)`",
        "hi",
        "`GET http://bank.example/b`",
    ):
        assert expected in text


@pytest.mark.parametrize(
    "request_",
    [
        {"url": "https://bob:S3CRET-1@bank.example/x"},
        {"url": "https://bank.example/x?api_key=S3CRET-1&b=2"},
        {"url": {"raw": "https://bank.example/x", "query": [{"key": "access_token", "value": "S3CRET-1"}]}},
        {"url": "x", "header": [{"key": "Authorization", "value": "Basic S3CRET-1"}]},
        {"url": "x", "header": "Cookie: S3CRET-1"},
        {"url": "x", "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "S3CRET-1"}]}},
        {"url": "x", "auth": {"type": "basic", "basic": {"username": "bob", "password": "S3CRET-1"}}},
        {"url": "x", "body": {"mode": "raw", "raw": '{"user": "bob", "password": "S3CRET-1"}'}},
        {"url": "x", "body": {"mode": "raw", "raw": '{"credentials": {"pin": ["S3CRET-1"]}}'}},
        {"url": "x", "body": {"mode": "raw", "raw": '{"id": {{id}}, "clientSecret": "S3CRET-1"}'}},
        {"url": "x", "body": {"mode": "raw", "raw": "user=bob&password=S3CRET-1"}},
        {"url": "x", "body": {"mode": "raw", "raw": '{"inner": "{\\"token\\": \\"S3CRET-1\\"}"}'}},
        {"url": "x", "body": {"mode": "urlencoded", "urlencoded": [{"key": "client_secret", "value": "S3CRET-1"}]}},
        {"url": "x", "body": {"mode": "formdata", "formdata": [{"key": "密码", "value": "S3CRET-1"}]}},
        {"url": "x", "description": "Call it with `curl -u bob:S3CRET-1 …`"},
        {"url": "x", "description": "password: S3CRET-1"},
        {"url": "x", "description": "Bearer S3CRET-1.abcdefgh"},
    ],
)
def test_what_is_secret_is_left_out_and_the_rest_stays(request_: dict[str, Any]) -> None:
    variables = [{"key": "sessionToken", "value": "S3CRET-1"}, {"key": "plain", "value": "S3CRET-1", "type": "secret"}]
    text = text_of(
        collection({"name": "a", "request": request_}, variable=variables, auth={"type": "apikey", "apikey": "S3CRET-1"})
    )
    assert "S3CRET" not in text
    assert "(left out)" in text
    assert "`sessionToken`" in text


def test_a_variable_in_a_secret_place_is_no_secret() -> None:
    header = [{"key": "Authorization", "value": "{{token}}"}]
    assert "`Authorization` = `{{token}}`" in text_of(collection({"name": "a", "request": {"url": "x", "header": header}}))


def test_an_environment_is_read_for_its_names() -> None:
    values = [{"key": "host", "value": "bank.example"}, {"key": "api_key", "value": "S3CRET"}]
    reading = read_postman("e.json", {"name": "Test", "values": values, "_postman_variable_scope": "environment"})
    assert reading is not None
    assert "`host` = `bank.example`" in text_of(reading)
    assert "S3CRET" not in text_of(reading)


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, [None], [[]], {"raw": []}])
def test_parts_of_the_wrong_kind_are_passed_over(odd: Any) -> None:
    request = {"url": odd, "method": odd, "header": odd, "body": odd, "auth": odd, "description": odd}
    assert text_of(collection(odd, {"name": odd, "request": request, "response": odd}, variable=odd, auth=odd))
