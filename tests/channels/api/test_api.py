"""`/api` shows each person what is theirs, takes their decisions, and describes itself."""

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, criteria, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse
from tests.doubles.tool_doors import CARA, Doors, doors_of

REPLIES = [stories(source="P1"), criteria("S1", "S2", "S3", "S4")]


class Script:
    """A person's script: calls with their key."""

    def __init__(self, doors: Doors, key: str) -> None:
        self.http = httpx.AsyncClient(
            base_url=doors.address, headers={"Authorization": f"Bearer {key}"}, timeout=20, trust_env=False
        )

    async def get(self, path: str, status: int = 200) -> Any:
        answer = await self.http.get(path)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.headers["content-type"] == "application/json" else answer

    async def post(self, path: str, told: dict[str, object], status: int = 200) -> Any:
        answer = await self.http.post(path, json=told)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def ask(self, stage: str, brief: str, **headers: str) -> dict[str, Any]:
        asked = {"model": stage, "messages": [{"role": "user", "content": brief}]}
        answer = await self.http.post("/v1/chat/completions", json=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["stagecraft"])


@pytest.fixture
async def doors(house: SmallHouse) -> AsyncIterator[Doors]:
    async with doors_of(house, ScriptedEndpoint(REPLIES)) as doors:
        yield doors


@pytest.fixture
async def people(doors: Doors) -> AsyncIterator[dict[str, Script]]:
    scripts = {person.id: Script(doors, await doors.key(person)) for person in (ANA, BEN, CARA)}
    yield scripts
    for script in scripts.values():
        await script.http.aclose()


@pytest.fixture
def ana(people: dict[str, Script]) -> Script:
    return people["ana"]


async def test_what_was_asked_over_v1_is_found_with_everything_that_its_card_shows(ana: Script) -> None:
    made = await ana.ask("user_stories", EN, **{"X-Stagecraft-Workspace": "Income"})
    assert [one["name"] for one in (await ana.get("/api/workspaces"))["items"]] == ["Income"]
    (row,) = (await ana.get("/api/artifacts?workspace=Income"))["items"]
    assert (row["id"], row["items"], row["status"]) == (made["artifact"], 4, "draft")
    card = await ana.get(f"/api/artifacts/{row['id']}")
    assert [item["id"] for item in card["items"]] == ["S1", "S2", "S3", "S4"]
    assert card["items"][0]["sources"] == [1]
    assert card["sources"][0]["title"] == "Income records"
    assert card["sources"][0]["offered"] is False
    assert card["link"].endswith(f"/?artifact={row['id']}")
    assert {"name": "md", "title": "Markdown"} in card["notations"]


async def test_decisions_make_versions_and_one_on_an_old_version_is_a_conflict(ana: Script) -> None:
    artifact = (await ana.ask("user_stories", EN))["artifact"]
    path = f"/api/artifacts/{artifact}"
    card = await ana.post(f"{path}/accept", {"version": 1, "item": "S1"})
    assert card["items"][0]["status"] == "accepted"
    text = card["items"][1]["edit_text"].replace("income record", "income records")
    card = await ana.post(f"{path}/edit", {"version": 1, "item": "S2", "text": text})
    assert (card["version"], card["items"][1]["status"]) == (2, "edited")
    refused = await ana.post(f"{path}/edit", {"version": 1, "item": "S2", "text": text}, 409)
    assert refused["error"]["code"] == "changed_meanwhile"
    await ana.post(f"{path}/accept", {"version": 1}, 409)
    await ana.post(f"{path}/reject", {"version": 1, "item": "S3", "reason": "no"}, 409)
    card = await ana.post(f"{path}/reject", {"version": 2, "item": "S3", "reason": "out of scope"})
    assert card["items"][2]["status"] == "rejected"
    await ana.post(f"{path}/accept", {"version": 2, "item": "S9"}, 404)
    assert (await ana.post(f"{path}/edit", {"version": 2, "item": "S2", "text": "x"}, 400))["error"]["code"] == "refused"
    versions = await ana.get(f"{path}/versions")
    assert [(one["number"], one["is_current"]) for one in versions["items"]] == [(2, True), (1, False)]
    assert (await ana.get(f"{path}?version=1"))["items"][1]["edit_text"] != text
    await ana.get(f"{path}?version=9", 404)


async def test_an_artifact_is_taken_away_in_any_notation_and_a_workspace_as_a_zip(ana: Script) -> None:
    artifact = (await ana.ask("user_stories", EN))["artifact"]
    card = await ana.get(f"/api/artifacts/{artifact}")
    for notation in card["notations"]:
        answer = await ana.http.get(f"/api/artifacts/{artifact}/export/{notation['name']}")
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.content
    await ana.get(f"/api/artifacts/{artifact}/export/exe", 404)
    whole = await ana.http.get("/api/export?workspace=default")
    assert any(name.endswith(".artifact.json") for name in zipfile.ZipFile(io.BytesIO(whole.content)).namelist())


async def test_the_trace_runs_from_stories_to_scenarios(ana: Script) -> None:
    first = await ana.ask("user_stories", EN)
    await ana.ask("acceptance_criteria", "", **{"X-Stagecraft-Upstream": first["artifact"]})
    table = await ana.get("/api/trace")
    assert [column["name"] for column in table["columns"] if column["begun"]][:2] == ["user_stories", "acceptance_criteria"]
    assert len(table["rows"]) == 4
    assert len(table["rows"][0]["cells"][1]) == 3


async def test_lists_come_in_pages(ana: Script, house: SmallHouse) -> None:
    for name in ("one", "two", "three"):
        await house.workspaces.open(name, ANA.id)
    page = await ana.get("/api/workspaces?limit=2&offset=1")
    assert [one["name"] for one in page["items"]] == ["three", "two"]
    assert (page["total"], page["offset"], page["limit"]) == (3, 1, 2)


async def test_nothing_of_one_person_is_found_by_another(people: dict[str, Script], house: SmallHouse) -> None:
    made = await people["ana"].ask("user_stories", EN, **{"X-Stagecraft-Workspace": "Income"})
    artifact, turn = made["artifact"], made["turn"]
    paths = [f"/api/artifacts/{artifact}{rest}" for rest in ("", "?version=1", "/versions", "/export/md", "/export/json")]
    paths += [f"/api/turns/{turn}/prompt", "/api/artifacts?workspace=Income", "/api/trace?workspace=Income"]
    paths += ["/api/export?workspace=Income"]
    decisions: list[tuple[str, dict[str, object]]] = [
        ("accept", {"version": 1}),
        ("accept", {"version": 1, "item": "S1"}),
        ("reject", {"version": 1, "reason": "x"}),
        ("edit", {"version": 1, "item": "S1", "text": "As a customer, I want to x, so that y."}),
    ]
    for path in paths:
        await people["ana"].get(path)
        for stranger in ("ben", "cara"):
            foreign, nobodys = await people[stranger].get(path, 404), path.replace(artifact, "0" * 36).replace(turn, "0" * 36)
            assert foreign == await people[stranger].get(nobodys, 404), "a foreign id tells no more than one that nobody has"
    for stranger in ("ben", "cara"):
        for decision, told in decisions:
            await people[stranger].post(f"/api/artifacts/{artifact}/{decision}", told, 404)
        assert (await people[stranger].get("/api/workspaces"))["items"] == []
    assert (await people["ana"].get(f"/api/artifacts/{artifact}"))["version"] == 1
    assert await house.ledger.adoptions(artifact, owner=ANA.id) == ()


async def test_the_prompt_of_a_turn_is_the_askers(ana: Script) -> None:
    made = await ana.ask("user_stories", EN)
    answer = await ana.http.get(f"/api/turns/{made['turn']}/prompt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert EN in answer.text


async def test_a_search_finds_what_the_persons_groups_may_read(people: dict[str, Script]) -> None:
    asked = "/api/knowledge/search?q=the transfer limit next year&limit=12"
    found = {name: {one["title"] for one in await script.get(asked)} for name, script in people.items()}
    assert "Board paper" in found["cara"]
    assert "Board paper" not in found["ana"] | found["ben"]


async def test_terms_are_looked_up_in_both_languages_with_what_must_not_be_said(ana: Script) -> None:
    (term,) = (await ana.get("/api/terms?q=the plastic was lost"))["items"]
    assert (term["id"], term["how"], term["written"], term["zh"]) == ("debit-card", "forbidden", "plastic", "借记卡")
    (term,) = (await ana.get("/api/terms?q=借记卡"))["items"]
    assert term["en"] == "debit card"
    assert await ana.get("/api/terms?q=incomme record") == {"items": [], "near": ["income record"]}


async def test_adoption_is_for_admins(people: dict[str, Script]) -> None:
    artifact = (await people["ana"].ask("user_stories", EN))["artifact"]
    await people["ana"].post(f"/api/artifacts/{artifact}/accept", {"version": 1, "item": "S1"})
    (rate,) = await people["cara"].get("/api/adoption")
    assert (rate["stage"], rate["accepted"], rate["judged"], rate["rate"]) == ("user_stories", 1, 1, 1.0)
    for name in ("ana", "ben"):
        assert (await people[name].get("/api/adoption", 403))["error"]["code"] == "admins_only"


async def test_the_description_tells_every_route_and_what_it_answers(ana: Script) -> None:
    described = await ana.get("/api/openapi.json")
    assert described["servers"] == [{"url": "/api"}]
    assert "/artifacts/{artifact}/edit" in described["paths"]
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["security"], operation["operationId"]
            assert operation["description"]
    artifact = (await ana.ask("user_stories", EN))["artifact"]
    card = await ana.get(f"/api/artifacts/{artifact}")
    schema = {"$ref": "#/components/schemas/SentCard", "components": described["components"]}
    Draft202012Validator(schema).validate(card)
