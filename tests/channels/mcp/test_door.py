"""The door over HTTP, driven by the protocol's own client against a real server."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from mcp.client.session import ClientSession
from mcp.shared.exceptions import McpError
from mcp.types import CallToolResult, TextContent, TextResourceContents
from pydantic import AnyUrl

from chains.endpoint.sentences import misconfigured
from records.artifacts import NewArtifact
from records.keys import Keys
from stages.catalog import catalog
from tests.channels.mcp.conftest import Client
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN
from tests.doubles.small_house import ANA, BEN, SmallHouse
from tests.doubles.tool_doors import Doors

NAMES = ["ask_stage", "search_knowledge", "look_up_term", "list_stages", "list_workspaces", "read_artifact", "trace_workspace"]


def text_of(result: CallToolResult) -> str:
    """The text of a result that has one."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def data_of(result: CallToolResult) -> dict[str, Any]:
    """The data of a result, which the client has checked against the tool's schema."""
    assert not result.isError, result.content
    assert result.structuredContent is not None
    return result.structuredContent


async def asked(session: ClientSession, workspace: str = "") -> dict[str, Any]:
    """Have stories written and return what came."""
    return data_of(await session.call_tool("ask_stage", {"stage": "user_stories", "brief": EN, "workspace": workspace}))


async def test_every_tool_says_what_it_takes_and_gives(client: Client) -> None:
    async with client() as session:
        tools = (await session.list_tools()).tools
    assert [tool.name for tool in tools] == NAMES
    for tool in tools:
        assert tool.description
        assert tool.outputSchema is not None
        assert tool.inputSchema["additionalProperties"] is False
    ask = tools[0]
    assert ask.inputSchema["properties"]["brief"]["maxLength"] == 20_000
    assert [tool.name for tool in tools if tool.annotations and not tool.annotations.readOnlyHint] == ["ask_stage"]


async def test_a_brief_is_answered_with_its_card_its_data_and_how_far_it_is(client: Client) -> None:
    told: list[tuple[float, str | None]] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert total is None
        told.append((progress, message))

    async with client() as session:
        result = await session.call_tool("ask_stage", {"stage": "user_stories", "brief": EN}, progress_callback=note)
        answered = data_of(result)
        read = await session.call_tool("read_artifact", {"artifact": answered["artifact"]})
        (resource,) = (await session.read_resource(AnyUrl(answered["resource"]))).contents
    assert (answered["outcome"], answered["version"], answered["stage"]) == ("answered", 1, "user_stories")
    # Where no workspace is named, that of the key counts.
    assert answered["workspace"] == "cards"
    assert all({"rule", "severity", "message"} <= finding.keys() for finding in answered["findings"])
    assert text_of(result).startswith("# User stories")
    assert "## Sources" in text_of(result)
    assert text_of(result).endswith(f"Artifact {answered['artifact']}, version 1")
    assert [number for number, _ in told] == sorted({number for number, _ in told})
    assert "Gathered terms and passages" in [message for _, message in told]
    assert next(item["id"] for item in data_of(read)["items"]) in text_of(read)
    assert isinstance(resource, TextResourceContents)
    assert resource.text == text_of(read)


async def test_what_is_accepted_is_handed_on_to_the_next_stage(client: Client) -> None:
    async with client() as session:
        stories = await asked(session, "line")
        arguments = {"stage": "acceptance_criteria", "brief": "", "workspace": "line", "upstream": [stories["artifact"]]}
        criteria = data_of(await session.call_tool("ask_stage", arguments))
        traced = await session.call_tool("trace_workspace", {"workspace": "line"})
    held = data_of(traced)
    assert {row["id"] for row in held["artifacts"]} == {stories["artifact"], criteria["artifact"]}
    assert any(row["items"]["user_stories"] and row["items"]["acceptance_criteria"] for row in held["rows"])
    assert "Workspace line" in text_of(traced)


async def test_the_knowledge_is_searched_and_a_term_looked_up(client: Client) -> None:
    async with client() as session:
        found = await session.call_tool("search_knowledge", {"query": "Who may delete an income record?", "limit": 3})
        term = await session.call_tool("look_up_term", {"text": "客户"})
        strange = await session.call_tool("look_up_term", {"text": "zzzz"})
    passages = data_of(found)["passages"]
    assert 1 <= len(passages) <= 3
    assert passages[0]["title"] in text_of(found)
    assert "customer" in [item["en"] for item in data_of(term)["items"]]
    assert data_of(strange)["items"] == []


async def test_stages_and_workspaces_are_listed(client: Client) -> None:
    async with client() as session:
        await asked(session, "listed here")
        stages = data_of(await session.call_tool("list_stages", {}))["stages"]
        workspaces = data_of(await session.call_tool("list_workspaces", {}))["workspaces"]
        resources = [str(one.uri) for one in (await session.list_resources()).resources]
        templates = [one.uriTemplate for one in (await session.list_resource_templates()).resourceTemplates]
        (listing,) = (await session.read_resource(AnyUrl("stagecraft://workspaces/listed%20here"))).contents
    assert [stage["name"] for stage in stages] == [stage.name for stage in catalog()]
    assert "listed here" in [row["name"] for row in workspaces]
    assert "stagecraft://workspaces/listed%20here" in resources
    assert any(uri.startswith("stagecraft://artifacts/") for uri in resources)
    assert templates == ["stagecraft://artifacts/{artifact}", "stagecraft://workspaces/{workspace}"]
    assert isinstance(listing, TextResourceContents)
    assert "Workspace listed here" in listing.text


async def test_a_reader_of_chinese_is_told_in_chinese(client: Client) -> None:
    async with client(**{"Accept-Language": "zh-CN"}) as session:
        stages = data_of(await session.call_tool("list_stages", {}))["stages"]
        missing = await session.call_tool("read_artifact", {"artifact": "nosuch"})
    assert stages[0]["title"] == "用户故事"
    assert missing.isError
    assert "没有" in text_of(missing)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask_stage", {"stage": "nothing", "brief": "x y z"}, "There is no stage"),
        ("ask_stage", {"stage": "user_stories", "brief": " "}, "empty"),
        ("ask_stage", {"stage": "user_stories", "brief": "secret " * 4000}, "28,000"),
        ("ask_stage", {"brief": "secret words"}, "“stage”"),
        ("ask_stage", {"stage": "user_stories", "brief": "secret", "colour": "red"}, "“colour”"),
        ("search_knowledge", {"query": "secret" * 1000}, "“query”"),
        ("read_artifact", {"artifact": "../secret"}, "“artifact”"),
        ("read_artifact", {"artifact": "nosuch"}, "no such artifact"),
        ("trace_workspace", {"workspace": "nosuch"}, "nosuch"),
        ("nothing", {}, "There is no such tool"),
    ],
)
async def test_what_cannot_be_done_is_a_sentence_that_repeats_no_text(
    client: Client, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async with client() as session:
        result = await session.call_tool(tool, arguments)
    assert result.isError
    assert said in text_of(result)
    assert "secret" not in text_of(result)


@pytest.mark.parametrize("uri", ["stagecraft://artifacts/nosuch", "stagecraft://workspaces/nosuch", "stagecraft://other/x"])
async def test_a_resource_that_is_not_there_is_not_found(client: Client, uri: str) -> None:
    async with client() as session:
        with pytest.raises(McpError) as refused:
            await session.read_resource(AnyUrl(uri))
    assert refused.value.error.code == -32002


async def test_what_is_anothers_is_not_there(client: Client, house: SmallHouse) -> None:
    theirs = await house.workspaces.open("theirs", BEN.id)
    stage = catalog().stage("user_stories")
    example = next(one for one in stage.examples.whole if one.language == "en")
    body = stage.stage.artifact.model_validate(example.artifact).model_dump()
    new = NewArtifact(theirs.id, "user_stories", "Theirs", "en", body, "assistant")
    kept = await house.workspaces.add_artifact(new, owner=BEN.id)
    async with client() as session:
        read = await session.call_tool("read_artifact", {"artifact": kept.artifact.id})
        rests = {"stage": "acceptance_criteria", "brief": "", "upstream": [kept.artifact.id]}
        carried = await session.call_tool("ask_stage", rests)
        traced = await session.call_tool("trace_workspace", {"workspace": "theirs"})
        listed = str(await session.list_resources())
        with pytest.raises(McpError):
            await session.read_resource(AnyUrl(f"stagecraft://artifacts/{kept.artifact.id}"))
        missing = await session.call_tool("read_artifact", {"artifact": "nosuch"})
    assert [one.isError for one in (read, carried, traced)] == [True] * 3
    assert text_of(read) == text_of(missing)
    assert kept.artifact.id not in listed
    assert "theirs" not in listed


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


async def posted(address: str, headers: dict[str, str], body: Any = INITIALIZE) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(f"{address}/mcp", headers={**ACCEPT, **headers}, json=body)


async def test_no_key_a_wrong_one_and_one_for_something_else_are_refused(doors: Doors) -> None:
    other = await doors.key(ANA, "ask", "read")
    refused = [await posted(doors.address, headers) for headers in ({}, {"Authorization": "Bearer sk-stagecraft-wrong"})]
    assert [one.status_code for one in refused] == [401, 401]
    assert all(one.headers["www-authenticate"] == "Bearer" for one in refused)
    scoped = await posted(doors.address, {"Authorization": f"Bearer {other}"})
    assert scoped.status_code == 403
    assert scoped.json()["error"]["message"]


async def test_a_key_that_is_revoked_and_a_person_who_is_gone_open_nothing(doors: Doors) -> None:
    text, kept = await doors.made(ANA, "mcp")
    headers, bens = {"Authorization": f"Bearer {text}"}, {"Authorization": f"Bearer {await doors.key(BEN, 'mcp')}"}
    assert [(await posted(doors.address, one)).status_code for one in (headers, bens)] == [200, 200]
    await Keys(doors.database).revoke(kept.id, ANA.id)
    del doors.people[BEN.id]
    assert [(await posted(doors.address, one)).status_code for one in (headers, bens)] == [401, 401]


async def test_another_site_a_rebound_name_other_methods_and_other_bodies_are_refused(doors: Doors, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    assert (await posted(doors.address, {**headers, "Origin": "https://evil.test"})).status_code == 403
    assert (await posted(doors.address, {**headers, "Host": "evil.test"})).status_code == 403
    async with httpx.AsyncClient(trust_env=False) as http:
        got = await http.get(f"{doors.address}/mcp", headers={**headers, "Accept": "text/event-stream"})
        bare = await http.get(f"{doors.address}/mcp")
        form = await http.post(f"{doors.address}/mcp", headers={**headers, **ACCEPT}, data={"method": "initialize"})
        ended = await http.delete(f"{doors.address}/mcp", headers={**headers, "Mcp-Session-Id": "any"})
    assert [one.status_code for one in (got, bare, form, ended)] == [405, 401, 415, 204]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"jsonrpc": "2.0"}', b'{"jsonrpc":"2.0","id":1,"method":"nothing"}'])
async def test_what_is_no_message_is_refused_and_costs_nothing(doors: Doors, key: str, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **ACCEPT}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{doors.address}/mcp", headers=headers, content=body)
        assert answer.status_code < 500
        assert "error" in answer.text
        assert (await http.get(f"{doors.address}/mcp")).status_code == 401


async def test_a_request_may_come_to_any_server_since_it_needs_no_session(doors: Doors, key: str) -> None:
    call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "list_stages", "arguments": {}}}
    answer = await posted(doors.address, {"Authorization": f"Bearer {key}", "Mcp-Session-Id": "made-elsewhere"}, call)
    (line,) = [line for line in answer.text.splitlines() if line.startswith("data: ")]
    assert json.loads(line.removeprefix("data: "))["result"]["structuredContent"]["stages"]


async def ended_turn(house: SmallHouse, workspace: str) -> str:
    """The outcome of the newest turn of a workspace, once it has one."""
    opened = await house.workspaces.open(workspace, ANA.id)
    async with asyncio.timeout(10):
        while True:
            turns = await house.ledger.turns(opened.id, owner=ANA.id)
            if turns and turns[0].outcome != "answering":
                return turns[0].outcome
            await asyncio.sleep(0.02)


async def begun(endpoint: ScriptedEndpoint) -> None:
    async with asyncio.timeout(10):
        while not endpoint.open:
            await asyncio.sleep(0.01)


def asking(workspace: str) -> dict[str, Any]:
    return {"stage": "user_stories", "brief": EN, "workspace": workspace}


async def test_a_fault_of_the_endpoint_is_a_sentence_without_a_secret(
    client: Client, house: SmallHouse, endpoint: ScriptedEndpoint
) -> None:
    endpoint._fault = misconfigured("Incorrect API key provided: sk-very-secret at http://10.0.0.7/v1")
    async with client() as session:
        result = await session.call_tool("ask_stage", asking("faulty"))
    assert result.isError
    assert "misconfigured" in text_of(result)
    assert "secret" not in text_of(result)
    assert "10.0.0.7" not in text_of(result)
    assert await ended_turn(house, "faulty") == "failed"


async def test_a_bug_is_told_by_its_number_alone(
    client: Client, endpoint: ScriptedEndpoint, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint._fault = RuntimeError("secret-key-123")
    async with client() as session:
        result = await session.call_tool("ask_stage", asking("buggy"))
    assert result.isError
    assert "secret" not in text_of(result)
    number = text_of(result).rstrip(".").split()[-1]
    assert f"failure {number}" in caplog.text


async def test_a_client_that_goes_ends_the_turn(client: Client, house: SmallHouse, endpoint: ScriptedEndpoint) -> None:
    endpoint._pace = 0.5
    async with client() as session:
        call = asyncio.create_task(session.call_tool("ask_stage", asking("left")))
        await begun(endpoint)
        call.cancel()
    assert await ended_turn(house, "left") == "cancelled"


async def test_a_call_is_cancelled_by_its_own_client_and_by_nobody_else(
    doors: Doors, key: str, house: SmallHouse, endpoint: ScriptedEndpoint
) -> None:
    endpoint._pace = 0.5
    headers, bens = {"Authorization": f"Bearer {key}"}, {"Authorization": f"Bearer {await doors.key(BEN, 'mcp')}"}
    session = (await posted(doors.address, headers)).headers["mcp-session-id"]
    call = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "ask_stage", "arguments": asking("cancelled")}}
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 3}}
    running = asyncio.create_task(posted(doors.address, {**headers, "Mcp-Session-Id": session}, call))
    await begun(endpoint)
    for strange in ({**headers, "Mcp-Session-Id": "another"}, {**bens, "Mcp-Session-Id": session}):
        assert (await posted(doors.address, strange, cancel)).status_code == 202
    await asyncio.sleep(0.2)
    assert not running.done()
    assert (await posted(doors.address, {**headers, "Mcp-Session-Id": session}, cancel)).status_code == 202
    async with asyncio.timeout(10):
        assert (await running).status_code == 200
    assert await ended_turn(house, "cancelled") == "cancelled"


async def test_the_end_of_a_session_ends_its_calls(doors: Doors, key: str, house: SmallHouse, endpoint: ScriptedEndpoint) -> None:
    endpoint._pace = 0.5
    headers = {"Authorization": f"Bearer {key}", "Mcp-Session-Id": "mine"}
    call = {"jsonrpc": "2.0", "id": "a", "method": "tools/call", "params": {"name": "ask_stage", "arguments": asking("ended")}}
    running = asyncio.create_task(posted(doors.address, headers, call))
    await begun(endpoint)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.delete(f"{doors.address}/mcp", headers=headers)).status_code == 204
    async with asyncio.timeout(10):
        await running
    assert await ended_turn(house, "ended") == "cancelled"
