"""Who asks is found once, in front of every door; nobody gets past it but to what is open."""

import jwt
import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from chains.events import Person
from channels.people import again_in_scope, person_in_scope
from channels.web.identity import Identity
from errors import RecordsError

SECRET = "s" * 32
ANA = Person("ana", "Ana")
looked: list[str] = []


async def find(connection: HTTPConnection) -> Person | None:
    looked.append(connection.scope["path"])
    if connection.cookies.get("who") == "trouble":
        raise RecordsError("The records cannot be read.", "目前无法读取记录。", detail="locked")
    return ANA if connection.cookies.get("who") == "ana" else None


async def tell(request: Request) -> JSONResponse:
    person = person_in_scope(request.scope)
    again = await again_in_scope(request.scope)()
    return JSONResponse(
        {
            "id": person.id if person else None,
            "again": again.id if again else None,
            "cookies": dict(request.cookies),
            "authorization": request.headers.get("authorization"),
        }
    )


async def live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


@pytest.fixture
def client() -> TestClient:
    app = Starlette(
        routes=[WebSocketRoute("/ws/socket.io/", live), Route("/{path:path}", tell, methods=["GET", "POST", "OPTIONS"])]
    )
    looked.clear()
    return TestClient(Identity(app, find, SECRET), follow_redirects=False)


@pytest.mark.parametrize(
    "path", ["/", "/user", "/project/threads", "/artifacts/a/export/md", "/v1x", "/apis", "/publicly", "/signinx"]
)
def test_a_program_that_nobody_is_behind_gets_401(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, path, headers={"accept": "*/*"})
        assert (answer.status_code, answer.json()) == (401, {"error": "Sign in first."})


def test_a_person_who_opens_a_page_is_sent_to_the_sign_in_and_back(client: TestClient) -> None:
    html = {"accept": "text/html,*/*;q=0.8"}
    assert client.get("/", headers=html).headers["location"] == "/signin"
    assert client.get("/thread/5?a=1", headers=html).headers["location"] == "/signin?next=%2Fthread%2F5%3Fa%3D1"
    assert client.post("/thread/5", headers=html).status_code == 401
    assert client.get("/frame", headers={**html, "sec-fetch-dest": "iframe"}).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/signin",
        "/signin/callback",
        "/login",
        "/logout",
        "/health",
        "/ready",
        "/v1/models",
        "/v1",
        "/mcp",
        "/api/x",
        "/slack/events",
        "/widget/session",
        "/metrics",
    ],
)
def test_what_is_open_or_proves_itself_is_passed_on(client: TestClient, path: str) -> None:
    assert client.get(path).json()["id"] is None


@pytest.mark.parametrize("path", ["/public/stagecraft.css", "/assets/index.js", "/favicon"])
def test_files_of_the_page_ask_the_records_nothing(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"cookie": "who=trouble"}).status_code == 200
    assert looked == []


def test_a_preflight_is_passed_on(client: TestClient) -> None:
    assert client.options("/project/action").status_code == 200


def test_a_websocket_opens_for_a_person_alone(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws/socket.io/"):
        pass
    with client.websocket_connect("/ws/socket.io/", headers={"cookie": "who=ana"}) as socket:
        assert socket.receive_text() == "open"


def test_a_person_is_vouched_for_and_what_the_browser_claims_is_thrown_away(client: TestClient) -> None:
    forged = jwt.encode({"identifier": "root"}, SECRET, algorithm="HS256")
    cookie = f"who=ana; access_token={forged}; access_token_0={forged}"
    told = client.get("/user", headers={"cookie": cookie, "authorization": f"Bearer {forged}"}).json()
    assert (told["id"], told["again"], told["authorization"]) == ("ana", "ana", None)
    assert set(told["cookies"]) == {"who", "access_token"}
    assert jwt.decode(told["cookies"]["access_token"], SECRET, algorithms=["HS256"])["identifier"] == "ana"
    nobody = client.get("/health", headers={"cookie": f"access_token={forged}"}).json()
    assert nobody["cookies"] == {}


@pytest.mark.parametrize("path", ["/v1/models", "/api/keys", "/mcp", "/metrics"])
def test_a_door_with_keys_sees_the_key(client: TestClient, path: str) -> None:
    assert (
        client.get(path, headers={"authorization": "Bearer sk-stagecraft-x"}).json()["authorization"] == "Bearer sk-stagecraft-x"
    )


def test_records_in_trouble_open_nothing_and_say_so(client: TestClient) -> None:
    answer = client.get("/user", headers={"cookie": "who=trouble", "accept-language": "zh-CN"})
    assert (answer.status_code, answer.json()) == (503, {"error": "目前无法读取记录。"})
    assert answer.headers["retry-after"] == "5"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws/socket.io/", headers={"cookie": "who=trouble"}):
        pass
    assert client.get("/signin", headers={"cookie": "who=trouble"}).json()["id"] is None
