"""The access matrix: every route and every button, for seven kinds of people, with ids of their own and of somebody else.

What is somebody else's answers exactly as what does not exist. A route that is in neither of the lists below fails a test: whoever adds one says
here who may do what.
"""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import socketio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.journeys.access_world import KINDS, Owned, build
from tests.journeys.served import served_app

pytestmark = pytest.mark.slow
SIGNED_IN = [kind for kind in KINDS if kind != "stranger"]
NOBODY = 401


@dataclass(frozen=True)
class Route:
    """A route with an id in it; `by` is how a caller is known, `changes` marks what alters its target."""

    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    by: str = "cookie"


# Each answers its owner, and to everybody else as if it were not there. Names in braces are ids of `Owned.ids`.
OWNED = (
    Route("GET", "/artifacts/{artifact}/export/md"),
    Route("GET", "/artifacts/{artifact}/export/feature?version=1"),
    Route("GET", "/artifacts/{artifact}/diagrams/{diagram}"),
    Route("GET", "/artifacts/{artifact}/passages/{source}"),
    Route("GET", "/turns/{turn}/prompt"),
    Route("GET", "/workspace/trace.xlsx?name={workspace}"),
    Route("GET", "/workspace/export.zip?name={workspace}"),
    Route("GET", "/project/thread/{thread}"),
    Route("GET", "/project/thread/{thread}/element/{file}"),
    Route("GET", "/chats/files/{file}"),
    Route("PUT", "/project/thread", {"threadId": "{thread}", "name": "renamed"}),
    Route("PUT", "/feedback", {"feedback": {"forId": "{step}", "value": 0, "comment": "changed"}}),
    Route("DELETE", "/feedback", {"feedbackId": "{feedback}"}),
    Route("DELETE", "/project/thread", {"threadId": "{thread}"}),
    Route("GET", "/api/artifacts/{artifact}", by="key"),
    Route("GET", "/api/artifacts/{artifact}/versions", by="key"),
    Route("GET", "/api/artifacts/{artifact}/export/md", by="key"),
    Route("GET", "/api/turns/{turn}/prompt", by="key"),
    Route("GET", "/api/artifacts?workspace={workspace}", by="key"),
    Route("GET", "/api/trace?workspace={workspace}", by="key"),
    Route("GET", "/api/export?workspace={workspace}", by="key"),
    Route("POST", "/api/artifacts/{artifact}/accept", {"version": 1, "item": "{item}"}, by="key"),
    Route("POST", "/api/artifacts/{artifact}/reject", {"version": 1, "item": "{item}", "reason": "unclear"}, by="key"),
    Route("POST", "/api/artifacts/{artifact}/edit", {"version": 1, "item": "{item}", "text": "Scenario: one\n  Given an own card\n  When it is frozen\n  Then it is shown"}, by="key"),
)  # fmt: skip
# Buttons of the page with an artifact in their payload; the answer says `ok`.
PRESSED: dict[str, dict[str, Any]] = {
    "accept": {"artifact_id": "{artifact}", "version": 1, "item": "{item}"},
    "reject": {"artifact_id": "{artifact}", "version": 1, "item": "{item}", "reason": "unclear"},
    "versions": {"artifact_id": "{artifact}"},
    "compare": {"artifact_id": "{artifact}", "before": 1, "after": 1},
    "refresh": {"artifact_id": "{artifact}", "version": 1, "item": ""},
    "still_right": {"artifact_id": "{artifact}", "version": 1, "item": "{item}"},
    "trace": {"artifact_id": "{artifact}"},
    "approve": {"artifact_id": "{artifact}", "version": 1, "item": ""},
    "edit": {
        "artifact_id": "{artifact}",
        "version": 1,
        "item": "{item}",
        "text": "Scenario: one\n  Given an own card\n  When it is frozen\n  Then it is shown",
    },
}
# The desks, and who may sit at them.
DESKS = {
    ("open_desk", "knowledge"): {"curator", "admin"},
    ("open_desk", "terms"): {"steward", "admin"},
}


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a path or a body with the ids in it."""
    if isinstance(value, dict):
        return {key: filled(part, ids) for key, part in value.items()}
    return value.format(**ids) if isinstance(value, str) and "{" in value else value


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Owned]]]:
    """The served house with everybody's things in it."""
    folder = tmp_path_factory.mktemp("matrix")
    people = asyncio.run(build(folder))
    public = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    widget = {
        "WIDGET__ORIGINS": '["http://127.0.0.1:9"]',
        "WIDGET__PORTALS": json.dumps({"portal": public}),
        "WEB__PUBLIC_URL": "{address}",
    }
    with served_app(folder, SIGNIN__METHOD="password", API__CALLS_A_MINUTE="100000", **widget) as address:
        yield address, people


def asked(address: str, route: Route, ids: Mapping[str, str], caller: Owned | None) -> httpx.Response:
    """Ask for a route with these ids as a person, or as nobody."""
    cookies = caller.cookies if caller and route.by == "cookie" else {}
    headers = {"Authorization": f"Bearer {caller.key}"} if caller and route.by == "key" else {}
    with httpx.Client(base_url=address, cookies=cookies, headers=headers, timeout=60) as client:
        body = filled(route.body, ids) or None
        return client.request(route.method, filled(route.path, ids), json=body)


@pytest.mark.parametrize("route", OWNED, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_somebody_elses_answers_as_what_is_not_there(world: tuple[str, dict[str, Owned]], route: Route) -> None:
    address, people = world
    stranger = people["stranger"]
    missing = stranger.unknown() | {"workspace": "a workspace that is not there"}
    for kind in SIGNED_IN:
        foreign = asked(address, route, stranger.ids, people[kind])
        nothing = asked(address, route, missing, people[kind])
        told = same(foreign, stranger.ids), same(nothing, missing)
        assert told[0] == told[1], f"{kind}: told apart"
        assert foreign.status_code == (404 if opens(kind, route) else NOBODY), (
            f"{kind}: {foreign.status_code} {foreign.text[:200]}"
        )
    assert asked(address, route, stranger.ids, None).status_code == NOBODY


def opens(kind: str, route: Route) -> bool:
    """Tell whether a route is there at all for a kind of person: the widget has no history of other chats."""
    return not (kind == "widget only" and route.path.startswith(("/project/thread", "/chats/")))


def same(answer: httpx.Response, ids: Mapping[str, str]) -> tuple[int, str]:
    """Return what an answer says, without the ids that were asked for."""
    text = answer.text
    for name, value in ids.items():
        text = text.replace(value, name)
    return answer.status_code, text


@pytest.mark.parametrize("route", OWNED, ids=lambda route: f"{route.method} {route.path}")
def test_what_is_ones_own_is_there(world: tuple[str, dict[str, Owned]], route: Route) -> None:
    address, people = world
    for kind in SIGNED_IN:
        answer = asked(address, route, people[kind].ids, people[kind])
        expected = (200, 204) if opens(kind, route) else (NOBODY,)
        assert answer.status_code in expected, f"{kind}: {answer.status_code} {answer.text[:300]}"


@pytest.mark.parametrize("kind", [*SIGNED_IN, "nobody"])
def test_lists_hold_only_what_is_ones_own(world: tuple[str, dict[str, Owned]], kind: str) -> None:
    address, people = world
    caller = people.get(kind)
    threads = asked(
        address, Route("POST", "/project/threads", {"pagination": {"first": 50}, "filter": {"search": "words"}}), {}, caller
    )
    spaces = asked(address, Route("GET", "/api/workspaces", by="key"), {}, caller)
    if caller is None:
        assert (threads.status_code, spaces.status_code) == (NOBODY, NOBODY)
        return
    others = [other for name, other in people.items() if name != kind]
    assert (threads.status_code, spaces.status_code) == (NOBODY if kind == "widget only" else 200, 200)
    for answer in (threads, spaces):
        assert not [
            other.person.name for other in others for told in other.ids.values() if len(told) > 12 and told in answer.text
        ]


@pytest.mark.parametrize("kind", [*SIGNED_IN, "nobody"])
def test_the_adoption_rates_are_for_admins(world: tuple[str, dict[str, Owned]], kind: str) -> None:
    address, people = world
    answer = asked(address, Route("GET", "/api/adoption", by="key"), {}, people.get(kind))
    assert answer.status_code == {"admin": 200, "nobody": NOBODY}.get(kind, 403)


@pytest.mark.parametrize("kind", [*SIGNED_IN, "nobody"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/docs"), ("GET", "/redoc"), ("GET", "/openapi.json"), ("PUT", "/project/thread/share"), ("GET", "/project/share/{thread}"),
        ("PUT", "/project/element"), ("DELETE", "/project/element"), ("POST", "/auth/jwt"), ("POST", "/auth/header"),
        ("GET", "/auth/oauth/google"), ("GET", "/auth/oauth/google/callback"), ("POST", "/auth/oauth/azure-ad-hybrid/callback"),
    ],
)  # fmt: skip
def test_what_is_closed_is_closed_to_everybody(world: tuple[str, dict[str, Owned]], kind: str, method: str, path: str) -> None:
    address, people = world
    answer = asked(address, Route(method, path), people["stranger"].ids, people.get(kind))
    assert answer.status_code in ((404,) if kind != "nobody" else (404, 401)), answer.text[:200]


class Page:
    """An open page of one person, over the websocket."""

    def __init__(self, address: str, owner: Owned | None) -> None:
        self.address, self.session_id = address, str(uuid.uuid4())
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in owner.cookies.items())} if owner else {}
        self.client = "copilot" if owner and owner.door == "widget" else "webapp"
        self.socket = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[str, Any]] = []
        self.socket.on("*", self._hear)

    async def _hear(self, event: str, *data: Any) -> None:
        self.heard.append((event, data[0] if data else None))

    async def open(self, thread: str = "", session: str = "") -> None:
        auth = {
            "sessionId": session or self.session_id,
            "threadId": thread,
            "clientType": "webapp",
            "userEnv": "{}",
            "chatProfile": "",
        }
        path = {"socketio_path": "/ws/socket.io", "transports": ["websocket"], "wait_timeout": 10}
        await self.socket.connect(self.address, headers=dict(self.headers), auth=auth, **path)
        await self.socket.emit("connection_successful")
        async with asyncio.timeout(30):
            while not self.heard:
                await asyncio.sleep(0.05)

    async def until(self, event: str) -> None:
        """Wait until the page was told of something."""
        async with asyncio.timeout(30):
            while event not in [told for told, _data in self.heard]:
                await asyncio.sleep(0.05)

    async def press(self, name: str, payload: Any, session: str = "") -> httpx.Response:
        body = {"sessionId": session or self.session_id, "action": {"name": name, "payload": payload}}
        async with httpx.AsyncClient(base_url=self.address, headers=self.headers, timeout=60) as client:
            return await client.post("/project/action", json=body)


async def refused(address: str, owner: Owned | None, **how: str) -> bool:
    """Tell whether a page may not be opened so."""
    page = Page(address, owner)
    try:
        await page.open(**how)
    except socketio.exceptions.ConnectionError:
        return True
    finally:
        await page.socket.disconnect()
        # What a refused connection leaves open is not closed by the client.
        if (session := page.socket.eio.http) is not None:
            await session.close()
    return False


@contextlib.asynccontextmanager
async def opened(address: str, owner: Owned | None, **how: str) -> AsyncIterator[Page]:
    page = Page(address, owner)
    try:
        await page.open(**how)
        yield page
    finally:
        await page.socket.disconnect()


@pytest.mark.parametrize("kind", SIGNED_IN)
async def test_a_button_with_a_foreign_id_answers_as_with_one_that_is_not_there(
    world: tuple[str, dict[str, Owned]], kind: str
) -> None:
    address, people = world
    stranger = people["stranger"]
    async with opened(address, people[kind]) as page:
        for name, payload in PRESSED.items():
            foreign = await page.press(name, filled(payload, stranger.ids))
            nothing = await page.press(name, filled(payload, stranger.unknown()))
            assert foreign.json().get("response", {}).get("ok") is False, f"{kind}: {name}: {foreign.text}"
            assert same(foreign, stranger.ids) == same(nothing, {}), f"{kind}: {name}: told apart"
        for (name, desk), may in DESKS.items():
            answer = (await page.press(name, {"desk": desk})).json()["response"]
            assert answer["ok"] == bool(KINDS[kind][0] & may), f"{kind}: {desk}"


@pytest.mark.parametrize("kind", SIGNED_IN)
async def test_nobody_uses_another_persons_page_or_thread(world: tuple[str, dict[str, Owned]], kind: str) -> None:
    address, people = world
    async with opened(address, people["stranger"]) as theirs, opened(address, people[kind]) as own:
        pressed = await own.press("versions", {"artifact_id": people["stranger"].ids["artifact"]}, session=theirs.session_id)
        assert pressed.status_code in (401, 404)
        assert await refused(address, people[kind], session=theirs.session_id)
        async with httpx.AsyncClient(base_url=address, headers=own.headers) as client:
            sent = await client.post(
                f"/project/file?session_id={theirs.session_id}", files={"file": ("a.txt", b"a", "text/plain")}
            )
            got = await client.get(f"/project/file/{uuid.uuid4()}?session_id={theirs.session_id}")
        assert {sent.status_code, got.status_code} <= {401, 404}
    for thread in (people["stranger"].ids["thread"], str(uuid.uuid4())):
        async with opened(address, people[kind], thread=thread) as page:
            await page.until("resume_thread_error")
            assert "resume_thread" not in [event for event, _data in page.heard]
            assert people["stranger"].person.id not in str(page.heard)


async def test_nobody_opens_a_page_without_a_session(world: tuple[str, dict[str, Owned]]) -> None:
    address, people = world
    assert await refused(address, None)
    async with opened(address, people["analyst"]) as page:
        page.headers = {}
        assert (await page.press("versions", {"artifact_id": "x"})).status_code == NOBODY


def test_whoever_is_nobody_is_led_to_the_sign_in_or_refused(world: tuple[str, dict[str, Owned]]) -> None:
    address, _people = world
    page = httpx.get(f"{address}/", headers={"Accept": "text/html"}, follow_redirects=False)
    assert page.status_code in (302, 303, 307)
    assert page.headers["location"].startswith("/signin")
    for path in (
        "/user",
        "/project/settings",
        "/project/translations?language=en-US",
        "/v1/models",
        "/api/stages",
        "/api/openapi.json",
    ):
        assert httpx.get(address + path, headers={"Accept": "application/json"}).status_code == NOBODY, path


def test_no_tool_is_let_in_by_a_cookie_and_no_page_by_a_key(world: tuple[str, dict[str, Owned]], tmp_path: Path) -> None:
    address, people = world
    who = people["analyst"]
    assert httpx.get(f"{address}/v1/models", cookies=who.cookies).status_code == NOBODY
    told = {"Authorization": f"Bearer {who.key}"}
    assert httpx.get(f"{address}/artifacts/{who.ids['artifact']}/export/md", headers=told).status_code == NOBODY
