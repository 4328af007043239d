"""The real `openai` package talks to the door: it lists, asks, streams, reads JSON, and raises what it should."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from chains.events import Person
from errors import EndpointBusy, EndpointMisconfigured, EndpointTimeout, EndpointUnreachable, ReplyError
from records.ledger import Ledger
from stages.catalog import catalog
from tests.doubles.scripted_endpoint import ScriptedEndpoint
from tests.doubles.scripted_replies import EN, STORY, ZH, criteria, stories
from tests.doubles.small_house import ANA, BEN, SmallHouse
from tests.doubles.tool_doors import Doors, doors_of

ASKED = [{"role": "user", "content": EN}]


_clients: list[openai.AsyncOpenAI] = []


@pytest.fixture(autouse=True)
async def closed_clients() -> AsyncIterator[None]:
    """Close what a test opened, so that no connection outlives it."""
    yield
    for client in _clients:
        await client.close()
    _clients.clear()


async def client_of(doors: Doors, person: Person = ANA, headers: dict[str, str] | None = None) -> openai.AsyncOpenAI:
    """Return a client that comes by a new key of a person's."""
    key = await doors.key(person)
    client = openai.AsyncOpenAI(
        base_url=f"{doors.address}/v1", api_key=key, max_retries=0, default_headers=headers or {}, timeout=20
    )
    _clients.append(client)
    return client


@pytest.fixture
async def client(doors: Doors) -> openai.AsyncOpenAI:
    return await client_of(doors)


async def ask(
    client: openai.AsyncOpenAI, messages: list[Any] = ASKED, stage: str = "user_stories", **options: Any
) -> ChatCompletion:
    return cast(ChatCompletion, await cast(Any, client.chat.completions).create(model=stage, messages=messages, **options))


async def streamed(client: openai.AsyncOpenAI, **options: Any) -> list[ChatCompletionChunk]:
    return [chunk async for chunk in cast(Any, await ask(client, stream=True, **options))]


def told(answer: ChatCompletion | ChatCompletionChunk) -> dict[str, Any]:
    """Return what our own clients read."""
    return dict((answer.model_extra or {})["stagecraft"])


def text_of(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


async def test_the_stages_are_the_models(client: openai.AsyncOpenAI) -> None:
    models = [model async for model in client.models.list()]
    assert [model.id for model in models] == [stage.name for stage in catalog()]
    assert {model.owned_by for model in models} == {"stagecraft"}


@pytest.mark.parametrize("name", ["user_stories", "stagecraft/user_stories", "stagecraft/user-stories"])
async def test_a_stage_is_found_by_its_name_with_and_without_the_house_before_it(client: openai.AsyncOpenAI, name: str) -> None:
    model = await client.models.retrieve(name)
    assert model.id == "user_stories"
    assert (model.model_extra or {})["stagecraft"]["title"] == "User stories"


async def test_an_unknown_model_is_not_found_and_the_nearest_named(client: openai.AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="Did you mean user_stories") as caught:
        await ask(client, ASKED, "user_storys")
    assert caught.value.code == "model_not_found"


async def test_a_brief_is_answered_by_the_card_with_its_sources_and_its_cost(
    client: openai.AsyncOpenAI, house: SmallHouse
) -> None:
    raw = await cast(Any, client.chat.completions).with_raw_response.create(model="user_stories", messages=ASKED)
    answer = raw.parse()
    (choice,) = answer.choices
    assert choice.finish_reason == "stop"
    content = choice.message.content or ""
    assert content.startswith("# User stories\n\n## Income record\n\n### S1 ")
    assert "- **I want to** view the income records of an account" in content
    assert "## Sources\n\n1. Income records" in content
    assert "(S1, S2, S3, S4)" in content
    assert answer.usage is not None
    (turn,) = await house.turns()
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (turn.tokens["prompt"], turn.tokens["completion"])
    assert turn.channel == "api"
    made = told(answer)
    assert raw.headers["x-stagecraft-artifact"] == made["artifact"] == turn.artifact
    assert content.endswith(f"/?artifact={turn.artifact}")


async def test_the_synchronous_client_is_answered_too(doors: Doors) -> None:
    key = await doors.key(ANA)

    def asked() -> tuple[str, str]:
        with openai.OpenAI(base_url=f"{doors.address}/v1", api_key=key, max_retries=0, timeout=20) as client:
            create = cast(Any, client.chat.completions).create
            answer = create(model="user_stories", messages=ASKED)
            chunks = list(create(model="user_stories", messages=ASKED, stream=True))
        return answer.choices[0].message.content or "", text_of(chunks)

    for text in await asyncio.to_thread(asked):
        assert "### S4 " in text


async def test_a_stream_joins_to_the_text_of_a_whole_answer(client: openai.AsyncOpenAI) -> None:
    whole = await ask(client)
    chunks = await streamed(client)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-1].choices[0].finish_reason == "stop"
    joined, expected = text_of(chunks), whole.choices[0].message.content or ""
    assert joined.rpartition("artifact=")[0] == expected.rpartition("artifact=")[0]
    assert told(chunks[-1])["outcome"] == "answered"


async def test_items_are_streamed_whole_as_they_are_written(house: SmallHouse) -> None:
    async with doors_of(house, ScriptedEndpoint([stories(source="P1")], pace=0.04)) as doors:
        chunks = await streamed(await client_of(doors))
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert len(pieces) > 2
    for piece in pieces[:-1]:
        for item in piece.split("### ")[1:]:
            assert "**so that**" in item


async def test_an_item_that_the_checks_change_after_it_was_streamed_is_told_again(house: SmallHouse) -> None:
    body = stories(source="P1")
    body["stories"][0]["want"] = "I want to view the income records of an account"
    async with doors_of(house, ScriptedEndpoint([body], pace=0.04)) as doors:
        text = text_of(await streamed(await client_of(doors)))
    first, again = text.split("## Changed by the checks after it was shown above")
    assert "I want to view" in first
    assert again.strip().startswith("### S1 ")
    assert "- **I want to** view the income records of an account" in again


async def test_usage_ends_a_stream_only_where_it_is_asked_for(client: openai.AsyncOpenAI) -> None:
    chunks = await streamed(client, stream_options={"include_usage": True})
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens > 0
    assert all(chunk.usage is None for chunk in [*chunks[:-1], *await streamed(client)])


@pytest.mark.parametrize("wanted", [{"type": "json_object"}, {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}])
async def test_json_is_the_artifact_itself(client: openai.AsyncOpenAI, wanted: dict[str, object]) -> None:
    answer = await ask(client, response_format=wanted)
    body = json.loads(answer.choices[0].message.content or "")
    assert [story["id"] for story in body["stories"]] == ["S1", "S2", "S3", "S4"]
    catalog().stage("user_stories").stage.artifact.model_validate(body)
    assert json.loads(text_of(await streamed(client, response_format=wanted))) == body


async def test_questions_that_are_asked_back_are_content_and_the_answer_completes_the_brief(
    client: openai.AsyncOpenAI, endpoint: ScriptedEndpoint
) -> None:
    asked = [{"role": "user", "content": "……"}]
    first = await ask(client, asked)
    questions = first.choices[0].message.content or ""
    assert questions.startswith(("请先补充说明：", "Please say a little more first:"))
    assert told(first)["outcome"] == "questions"
    assert endpoint.asks == []
    follow = [*asked, {"role": "assistant", "content": questions}, {"role": "user", "content": EN}]
    second = await ask(client, follow)
    assert "### S1 " in (second.choices[0].message.content or "")
    assert f"……\n\n{EN}" in endpoint.asks[0].messages[-1].text
    assert questions.splitlines()[-1] not in endpoint.asks[0].messages[-1].text


async def test_with_json_questions_are_a_refusal_and_no_json_is_made_up(client: openai.AsyncOpenAI) -> None:
    asked = [{"role": "user", "content": "……"}]
    answer = await ask(client, asked, response_format={"type": "json_object"})
    assert answer.choices[0].message.content is None
    assert answer.choices[0].message.refusal


async def test_a_brief_that_is_refused_is_told_as_content(client: openai.AsyncOpenAI) -> None:
    many = "\n".join(f"{number}. {STORY}" for number in range(1, 80))
    answer = await ask(client, [{"role": "user", "content": many}], "acceptance_criteria")
    assert told(answer)["outcome"] == "refused"
    assert "79" in (answer.choices[0].message.content or "")


async def test_a_changed_brief_is_answered_with_what_was_said_before_as_material(
    client: openai.AsyncOpenAI, endpoint: ScriptedEndpoint
) -> None:
    follow = [
        {"role": "system", "content": "You are a pirate. Always answer with arr."},
        {"role": "user", "content": "A customer can freeze a debit card"},
        {"role": "assistant", "content": "# User stories: the freezing of cards"},
        {"role": "user", "content": EN},
    ]
    await ask(client, follow)
    rules, *_, asked = endpoint.asks[0].messages
    brief = asked.text.rpartition("Brief:")[2]
    assert EN in brief
    assert "freeze" not in brief
    inside = asked.text.rpartition("Brief:")[0]
    assert "the freezing of cards" in inside
    assert "You are a pirate" in inside
    assert "pirate" not in rules.text


async def test_the_next_stage_goes_on_from_the_card_in_the_conversation(house: SmallHouse) -> None:
    replies = [stories(source="P1"), criteria("S1", "S2", "S3", "S4")]
    async with doors_of(house, ScriptedEndpoint(replies)) as doors:
        client = await client_of(doors)
        first = await ask(client)
        card = {"role": "assistant", "content": first.choices[0].message.content}
        follow = [*ASKED, card, {"role": "user", "content": "Go on with the criteria"}]
        second = await ask(client, follow, "acceptance_criteria")
        stranger = await client_of(doors, BEN)
        foreign = await ask(stranger, follow, "acceptance_criteria")
    links = await house.workspaces.links(told(second)["artifact"], owner=ANA.id)
    assert {link.upstream_artifact for link in links} == {told(first)["artifact"]}
    other = told(foreign)["artifact"]
    assert other is None or await house.workspaces.links(other, owner=BEN.id) == ()


@pytest.mark.parametrize("way", ["header", "metadata"])
async def test_what_the_answer_rests_on_and_where_it_is_kept_can_be_named(house: SmallHouse, way: str) -> None:
    async with doors_of(house, ScriptedEndpoint([stories(), criteria("S1", "S2", "S3", "S4")])) as doors:
        client = await client_of(doors, headers={"X-Stagecraft-Workspace": "%E8%BD%AC%E8%B4%A6"})
        first = await ask(client)
        made = told(first)
        options: dict[str, object] = (
            {"extra_headers": {"X-Stagecraft-Upstream": made["artifact"]}}
            if way == "header"
            else {"metadata": {"upstream": made["artifact"]}}
        )
        asked = [{"role": "user", "content": ""}]
        second = await ask(client, asked, "acceptance_criteria", **options)
    assert made["workspace"] == told(second)["workspace"] == "转账"
    links = await house.workspaces.links(told(second)["artifact"], owner=ANA.id)
    assert {link.upstream_artifact for link in links} == {made["artifact"]}


@pytest.mark.parametrize("named", ["foreign", "nobody's", "%00"])
async def test_an_artifact_that_is_not_the_callers_is_not_found(doors: Doors, named: str) -> None:
    ben = await client_of(doors, BEN)
    answer = await ask(ben)
    artifact = told(answer)["artifact"]
    client = await client_of(doors, headers={"X-Stagecraft-Upstream": artifact if named == "foreign" else named})
    with pytest.raises(openai.NotFoundError):
        await ask(client, ASKED, "acceptance_criteria")


async def test_the_workspace_is_the_keys_unless_another_is_named(doors: Doors, house: SmallHouse) -> None:
    client = await client_of(doors)
    client.api_key = await doors.key(ANA, workspace="Transfers")
    answer = await ask(client)
    assert told(answer)["workspace"] == "Transfers"
    assert [one.name for one in await house.workspaces.list(ANA.id)] == ["Transfers"]


async def test_a_chinese_brief_is_answered_in_chinese(house: SmallHouse) -> None:
    async with doors_of(house, ScriptedEndpoint([stories("zh")])) as doors:
        client = await client_of(doors)
        answer = await ask(client, [{"role": "user", "content": ZH}])
    assert (answer.choices[0].message.content or "").startswith("# 用户故事\n\n## 收入记录\n\n### S1 ")


@pytest.mark.parametrize(
    ("fault", "raised", "code", "header"),
    [
        (
            EndpointUnreachable("It cannot be reached.", "x", detail="http://10.0.0.7 sk-secret"),
            openai.InternalServerError,
            503,
            "retry-after",
        ),
        (EndpointBusy("It is busy.", "x", detail="sk-secret"), openai.RateLimitError, 429, "retry-after"),
        (EndpointTimeout("It is slow.", "x", detail="sk-secret"), openai.InternalServerError, 504, "x-should-retry"),
        (
            EndpointMisconfigured("It is misconfigured.", "x", detail="sk-secret"),
            openai.InternalServerError,
            503,
            "x-should-retry",
        ),
        (
            ReplyError("It could not be read.", "x", detail="sk-secret", draft="half"),
            openai.InternalServerError,
            502,
            "x-should-retry",
        ),
        (RuntimeError("sk-secret"), openai.InternalServerError, 500, "x-should-retry"),
    ],
    ids=["unreachable", "busy", "timeout", "misconfigured", "reply", "bug"],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_fault_at_the_beginning_has_its_own_status_and_no_secret(
    house: SmallHouse, fault: Exception, raised: type[openai.APIStatusError], code: int, header: str, stream: bool
) -> None:
    async with doors_of(house, ScriptedEndpoint([stories()], fault=fault)) as doors:
        client = await client_of(doors)
        with pytest.raises(raised) as caught:
            await ask(client, stream=stream)
    assert caught.value.status_code == code
    assert header in caught.value.response.headers
    assert "sk-secret" not in caught.value.response.text
    assert "10.0.0.7" not in caught.value.response.text
    assert "It " in caught.value.message or "number" in caught.value.message


async def test_a_fault_inside_a_stream_is_raised_by_the_client_after_what_had_come(house: SmallHouse) -> None:
    fault = EndpointTimeout("The model service did not finish in time.", "x", partial="{")
    got: list[ChatCompletionChunk] = []

    async def follow(client: openai.AsyncOpenAI) -> None:
        async for chunk in cast(Any, await ask(client, stream=True)):
            got.append(chunk)

    async with doors_of(house, ScriptedEndpoint([stories(source="P1")], fault=fault, after=18, pace=0.04)) as doors:
        client = await client_of(doors)
        with pytest.raises(openai.APIError, match="did not finish in time"):
            await follow(client)
    assert "### S1 " in text_of(got)


@pytest.mark.parametrize("stream", [False, True])
async def test_a_caller_that_leaves_ends_the_turn(house: SmallHouse, stream: bool) -> None:
    endpoint = ScriptedEndpoint([stories(source="P1")], pace=0.2)
    async with doors_of(house, endpoint) as doors:
        client = await client_of(doors)
        asking = asyncio.create_task(streamed(client) if stream else ask(client))
        while not endpoint.open:
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await client.close()
        async with asyncio.timeout(5):
            while endpoint.open:
                await asyncio.sleep(0.01)
            (turn,) = await house.turns()
            while turn.outcome == "answering":
                await asyncio.sleep(0.01)
                turn = await house.turn(turn.id)
    assert turn.outcome == "cancelled"
    assert (await Ledger(house.database).turns(turn.workspace, owner=ANA.id))[0].id == turn.id
