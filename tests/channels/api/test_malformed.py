"""Whatever arrives at the doors is answered with a status below 500 and a sentence."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.small_house import ANA
from tests.doubles.tool_doors import Doors

DEEP = b'{"model":"user_stories","messages":' + b"[" * 200_000 + b"]" * 200_000 + b"}"
SOUND = {"model": "user_stories", "messages": [{"role": "user", "content": "freeze a card"}]}
PICTURE = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:,"}}]}]


@pytest.fixture
async def http(doors: Doors) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {await doors.key(ANA)}"}
    async with httpx.AsyncClient(base_url=doors.address, headers=headers, timeout=20, trust_env=False) as http:
        yield http


def refused(answer: httpx.Response, status: int) -> str:
    """Return the sentence of a refusal in OpenAI's shape."""
    assert answer.status_code == status, answer.text
    told = answer.json()["error"]
    assert set(told) == {"message", "type", "param", "code"}
    assert answer.headers["content-type"].startswith("application/json")
    assert "Traceback" not in answer.text
    return str(told["message"])


async def test_a_body_that_is_no_json_is_refused(http: httpx.AsyncClient, endpoint: ScriptedEndpoint) -> None:
    for body in (b"", b"nonsense", b'{"model":', b"\xff\xfe\x00", DEEP, b'{"model": NaN}', b"[" * 900_000):
        answer = await http.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"})
        assert "JSON" in refused(answer, 400)
    assert endpoint.asks == []


WRONG_KINDS: list[tuple[dict[str, object], str]] = [
    ({"model": 5}, "model"),
    ({"model": ""}, "model"),
    ({"model": None}, "model"),
    ({"messages": "hello"}, "messages"),
    ({"messages": []}, "messages"),
    ({"messages": [None]}, "messages.0"),
    ({"messages": [{"role": "user", "content": 5}]}, "messages.0.content"),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages.0.role"),
    ({"messages": [{"role": "user", "content": "x"}] * 401}, "messages"),
    ({"stream": "yes"}, "stream"),
    ({"stream_options": []}, "stream_options"),
    ({"response_format": {"type": "xml"}}, "response_format.type"),
    ({"metadata": {"upstream": 5}}, "metadata.upstream"),
    ({"metadata": "x"}, "metadata"),
    ({"n": 3}, "n"),
    ({"tools": [{"type": "function"}]}, "tools"),
    ({"functions": [{}]}, "functions"),
    ({"messages": PICTURE}, "messages.0.content.0"),
]


async def test_a_value_of_the_wrong_kind_is_refused_by_its_place(http: httpx.AsyncClient, endpoint: ScriptedEndpoint) -> None:
    for changed, place in WRONG_KINDS:
        answer = await http.post("/v1/chat/completions", json=SOUND | changed)
        refused(answer, 400)
        assert str(answer.json()["error"]["param"]).startswith(place), answer.text
    assert endpoint.asks == []


async def test_json_that_is_no_object_is_refused(http: httpx.AsyncClient) -> None:
    bodies: tuple[object, ...] = ([], "x", 5, None, True)
    for body in bodies:
        assert "object" in refused(await http.post("/v1/chat/completions", content=json.dumps(body)), 400)


async def test_a_body_of_25_mb_is_refused_whatever_it_says_it_is(http: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(25):
            yield b"x" * 1_000_000

    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        for content in (b"x" * 25_000_000, pieces()):
            answer = await http.post("/v1/chat/completions", content=content, headers={"Content-Type": kind})
            assert "1 MB" in refused(answer, 413)


async def test_a_brief_that_cannot_be_read_is_refused(http: httpx.AsyncClient) -> None:
    for message, sentence in (
        ({"role": "system", "content": "x"}, "no message to answer"),
        ({"role": "user", "content": " "}, "no message to answer"),
        ({"role": "user", "content": "x" * 20_001}, "20,001 characters"),
    ):
        assert sentence in refused(await http.post("/v1/chat/completions", json=SOUND | {"messages": [message]}), 400)


async def test_what_no_database_can_store_is_answered_all_the_same(http: httpx.AsyncClient) -> None:
    body = '{"model":"user_stories","messages":[{"role":"user","content":"A customer can freeze a card \\ud800 \\u0000"}]}'
    answer = await http.post("/v1/chat/completions", content=body, headers={"X-Stagecraft-Workspace": "a%00b"})
    assert answer.status_code == 200, answer.text


async def test_a_workspace_without_a_usable_name_is_refused(http: httpx.AsyncClient) -> None:
    for name in ("x" * 256, "%20", "%20%09"):
        refused(await http.post("/v1/chat/completions", json=SOUND, headers={"X-Stagecraft-Workspace": name}), 400)


async def test_unknown_parameters_change_nothing(http: httpx.AsyncClient) -> None:
    more = {
        "temperature": 0.1,
        "top_p": 1,
        "stop": ["x"],
        "seed": 1,
        "user": "u",
        "tools": [],
        "n": 1,
        "max_tokens": 5,
        "x": {"y": 1},
    }
    assert (await http.post("/v1/chat/completions", json=SOUND | more)).status_code == 200


NOWHERE = [
    ("GET", "/v1/nothing", 404),
    ("POST", "/v1/completions", 404),
    ("GET", "/v1/chat/completions", 405),
    ("DELETE", "/v1/models/user_stories", 405),
    ("GET", "/api/nothing", 404),
    ("DELETE", "/api/artifacts/x", 405),
    ("GET", "/v1/models/%00", 404),
    ("GET", "/api/artifacts/%00", 404),
    ("GET", "/api/artifacts/a%2Fb", 404),
    ("GET", "/api/artifacts?workspace=%00", 404),
    ("GET", "/api/artifacts?limit=1000", 400),
    ("GET", "/api/artifacts?offset=-1", 400),
    ("GET", "/api/artifacts/x?version=0", 400),
    ("GET", "/api/knowledge/search", 400),
    ("POST", "/api/artifacts/x/accept", 400),
]


async def test_a_path_that_is_not_there_is_refused_in_the_same_shape(http: httpx.AsyncClient) -> None:
    for method, path, status in NOWHERE:
        refused(await http.request(method, path), status)


async def test_a_decision_that_cannot_be_read_is_refused(http: httpx.AsyncClient) -> None:
    for body in (b"", b"nonsense", DEEP, b"[]", b'{"version": "one"}', b'{"version": 1, "more": 2}'):
        kind = {"Content-Type": "application/json"}
        refused(await http.post("/api/artifacts/x/accept", content=body, headers=kind), 400)


async def test_a_page_of_another_site_is_refused_even_with_a_key(http: httpx.AsyncClient) -> None:
    evil = {"Origin": "https://evil.example"}
    for door in ("/v1/models", "/api/stages"):
        answer = await http.get(door, headers=evil)
        assert "Another site" in refused(answer, 403)
        preflight = await http.options(door, headers={**evil, "Access-Control-Request-Method": "GET"})
        for one in (answer, preflight):
            assert not [name for name in one.headers if name.startswith("access-control-")]
        assert (await http.get(door, headers={"Origin": str(http.base_url).rstrip("/")})).status_code == 200
