"""The endpoint against a server that really misbehaves: every fault becomes one typed error, within our own time budget."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chains.endpoint.asking import Ask, Message, Piece, Reply
from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from chains.endpoint.repetition import repeats_endlessly
from errors import (
    BrokenReply,
    ContextTooLong,
    EndpointBusy,
    EndpointError,
    EndpointMisconfigured,
    EndpointTimeout,
    EndpointUnreachable,
)
from tests.doubles.misbehaving_server import MisbehavingServer, Scripted

KEY = "sk-very-secret"
SCHEMA = {"type": "object", "properties": {"a": {"enum": ["b"]}}, "required": ["a"], "additionalProperties": False}
ASK = Ask((Message("system", "Rules."), Message("user", "Freeze a card.")), SCHEMA, "stories", 300)
NO_ROOM = ("context_by_code", "context_by_vllm_text", "context_by_llama_text", "context_as_server_error")
TYPED = [
    *[(name, EndpointMisconfigured) for name in ("wrong_key", "forbidden", "unknown_model", "bad_request", "html_page")],
    *[(name, EndpointBusy) for name in ("rate_limited", "rate_limited_for_long", "loading")],
    *[(name, BrokenReply) for name in ("internal_error", "unavailable", "unavailable_page", "truncated_json")],
    *[(name, BrokenReply) for name in ("no_choices", "null_content", "empty_stream", "withheld")],
    *[(name, BrokenReply) for name in ("cut", "cut_close_delimited", "no_finish_reason", "reset")],
    *[(name, BrokenReply) for name in ("error_event", "malformed_event", "broken_characters")],
    *[(name, ContextTooLong) for name in NO_ROOM],
    *[(name, EndpointTimeout) for name in ("slow_first_token", "stall", "hang", "drip", "gateway_timeout")],
]
SHORT = {"first_token_seconds": 0.5, "answer_seconds": 1.5}


@pytest.fixture
async def server() -> AsyncIterator[MisbehavingServer]:
    async with MisbehavingServer() as running:
        yield running


@asynccontextmanager
async def endpoint(base_url: str, model: str | None = "scripted", **changed: Any) -> AsyncIterator[OpenAIEndpoint]:
    options: dict[str, Any] = {"structured": "schema", "context_tokens": 8192, "retry_seconds": 0.01, "api_key": KEY}
    options |= {"first_token_seconds": 10.0, "answer_seconds": 20.0, "busy_seconds": 1.0}
    if model in ("slow_first_token", "stall", "hang", "drip"):
        options |= SHORT
    opened = OpenAIEndpoint(EndpointOptions(base_url, model=model, **options | changed))
    yield opened
    await opened.close()


async def heard(opened: OpenAIEndpoint, ask: Ask = ASK) -> tuple[list[str], Reply]:
    pieces: list[str] = []
    reply: Reply | None = None
    async for event in opened.stream(ask):
        if isinstance(event, Piece):
            pieces.append(event.text)
        else:
            reply = event
    assert reply is not None
    assert "".join(pieces) == reply.text
    return pieces, reply


async def refused(base_url: str, model: str, **changed: Any) -> EndpointError:
    async with endpoint(base_url, model, **changed) as opened:
        with pytest.raises(EndpointError) as caught:
            await heard(opened)
    return caught.value


def assert_nothing_is_given_away(error: EndpointError, base_url: str, model: str) -> None:
    port = base_url.rsplit(":", 1)[1].removesuffix("/v1")
    for sentence in (error.sentence("en"), error.sentence("zh")):
        assert not any(secret in sentence for secret in (KEY, "127.0.0.1", port, model, "Error"))
    assert error.sentence("zh") != error.sentence("en")
    assert KEY not in error.detail
    assert error.detail


async def test_a_reply_arrives_in_pieces_and_ends_with_what_it_cost(server: MisbehavingServer) -> None:
    server.replies = ["卡片已冻结。The card is frozen."]
    async with endpoint(server.base_url) as opened:
        _, reply = await heard(opened)
    assert reply.text == "卡片已冻结。The card is frozen."
    assert (reply.finish, reply.model) == ("stop", "scripted")
    assert (reply.prompt_tokens, reply.completion_tokens, reply.cached_tokens) == (40, 7, 32)
    assert 0 < reply.first_token_seconds <= reply.seconds


async def test_the_request_holds_the_reply_to_the_schema_and_to_its_length(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, reply_tokens=200) as opened:
        await heard(opened)
    sent = server.requests[0]
    held = {"type": "json_schema", "json_schema": {"name": "stories", "strict": True, "schema": SCHEMA}}
    assert sent["response_format"] == held
    assert sent["messages"] == [{"content": "Rules.", "role": "system"}, {"content": "Freeze a card.", "role": "user"}]
    assert (sent["max_tokens"], sent["temperature"], sent["stream_options"]) == (200, 0.0, {"include_usage": True})
    assert f"authorization: bearer {KEY}" in server.seen_headers[-1].lower()


async def test_the_schema_is_not_sent_where_it_stands_in_the_prompt(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, structured="prompt") as opened:
        await heard(opened)
    assert "response_format" not in server.requests[0]


@pytest.mark.parametrize(("fault", "kind"), TYPED)
async def test_every_fault_becomes_one_typed_error(fault: str, kind: type[EndpointError], server: MisbehavingServer) -> None:
    error = await refused(server.base_url, fault)
    assert type(error) is kind
    assert_nothing_is_given_away(error, server.base_url, fault)


@pytest.mark.parametrize(
    "fault", ["cut", "cut_close_delimited", "no_finish_reason", "reset", "stall", "error_event", "malformed_event"]
)
async def test_what_had_arrived_is_kept_and_not_asked_for_again(fault: str, server: MisbehavingServer) -> None:
    error = await refused(server.base_url, fault)
    assert isinstance(error, BrokenReply | EndpointTimeout)
    assert error.partial == "abc"
    assert server.count(fault) == 1


@pytest.mark.parametrize("fault", ["no_choices", "null_content", "empty_stream"])
async def test_an_empty_reply_says_that_no_answer_was_returned(fault: str, server: MisbehavingServer) -> None:
    error = await refused(server.base_url, fault)
    if fault != "empty_stream":
        assert "no answer was returned" in error.sentence("en")
        assert "没有返回任何回答" in error.sentence("zh")


@pytest.mark.parametrize("fault", ["no_choices", "null_content", "truncated_json", "internal_error", "html_page"])
async def test_a_server_that_does_not_stream_has_the_same_faults(fault: str, server: MisbehavingServer) -> None:
    error = await refused(server.base_url, fault, streaming=False)
    assert isinstance(error, BrokenReply | EndpointMisconfigured)
    assert server.requests[0].get("stream") is not True


@pytest.mark.parametrize(
    "fault", ["internal_error", "unavailable", "unavailable_page", "truncated_json", "html_page", "rate_limited"]
)
async def test_a_call_without_a_word_is_made_once_more_and_no_more(fault: str, server: MisbehavingServer) -> None:
    await refused(server.base_url, fault)
    assert server.count(fault) == 2


@pytest.mark.parametrize("fault", ["wrong_key", "unknown_model", "context_by_code", "rate_limited_for_long", "slow_first_token"])
async def test_a_call_that_cannot_help_is_not_made_again(fault: str, server: MisbehavingServer) -> None:
    await refused(server.base_url, fault)
    assert server.count(fault) == 1


async def test_an_answer_after_one_failure_is_an_answer(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "fails_once") as opened:
        _, reply = await heard(opened)
    assert reply.text == "recovered"


async def test_a_busy_server_is_waited_for_as_long_as_it_asks(server: MisbehavingServer) -> None:
    started = time.monotonic()
    async with endpoint(server.base_url, "rate_limited_once") as opened:
        _, reply = await heard(opened)
    assert reply.text == "recovered"
    assert time.monotonic() - started >= 0.2


async def test_a_kept_connection_that_was_dropped_is_opened_again(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "drops_kept_connections") as opened:
        for _ in range(3):
            assert (await heard(opened))[1].text == "ok then"
    assert server.count("drops_kept_connections") > 3


async def test_a_refused_connection_and_an_unknown_host_are_unreachable() -> None:
    async with MisbehavingServer() as gone:
        pass
    for address in (gone.base_url, "http://no-such-host.invalid:1/v1"):
        error = await refused(address, "scripted")
        assert type(error) is EndpointUnreachable
        assert_nothing_is_given_away(error, address, "no-such-host")


@pytest.mark.parametrize("address", ["models.bank.example/v1", "ftp://models.bank.example/v1"])
async def test_an_address_that_is_none_is_a_matter_of_configuration(address: str) -> None:
    error = await refused(address, "scripted")
    assert isinstance(error, EndpointMisconfigured | BrokenReply)
    assert address not in str(error)


@pytest.mark.parametrize(("fault", "longest"), [("hang", 1.2), ("slow_first_token", 1.2), ("stall", 1.5), ("drip", 2.6)])
async def test_no_silence_outlasts_the_time_budget(fault: str, longest: float, server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "scripted") as opened:
        await opened.warm()
        await heard(opened)
    started = time.monotonic()
    await refused(server.base_url, fault)
    assert time.monotonic() - started < longest + 1


async def test_a_reply_cut_by_its_length_says_so(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "length") as opened:
        _, reply = await heard(opened)
    assert (reply.text, reply.finish) == ("abc", "length")


async def test_endless_repetition_is_stopped(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "repetition") as opened:
        _, reply = await heard(opened)
        await asyncio.sleep(0.05)
    assert reply.finish == "repetition"
    assert len(reply.text) < 20_000
    assert server.closed_early == 1


@pytest.mark.parametrize("unit", [" ", "\n", "the ", "一张卡。", '"tags": ["a", "b"], ' * 3, "x" * 7 + "y" * 120])
def test_a_run_of_repeats_is_recognised(unit: str) -> None:
    assert repeats_endlessly("A card is frozen. " + unit * 300)


@pytest.mark.parametrize(
    "text", ["", "ab", "-" * 120, "".join(f"| {n} | freeze card {n} |\n" for n in range(400)), "卡片已冻结。\n" * 3]
)
def test_a_table_and_a_rule_are_no_repetition(text: str) -> None:
    assert not repeats_endlessly(text)


async def test_the_first_piece_comes_at_once_and_the_rest_is_gathered(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "burst") as opened:
        await opened.warm()
        times = [time.monotonic() async for event in opened.stream(ASK) if isinstance(event, Piece)]
    assert len(times) < 100
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(gap >= 0.02 for gap in gaps[:-1])


async def test_a_caller_that_leaves_ends_the_call_at_the_server(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "drip") as opened:
        stream = opened.stream(ASK)
        await anext(stream)
        await stream.aclose()
        await asyncio.sleep(0.3)
        assert server.closed_early == 1


async def test_a_cancelled_call_ends_as_cancelled(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "stall") as opened:
        call = asyncio.create_task(heard(opened))
        await asyncio.sleep(0.2)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


async def test_after_three_failures_in_a_row_the_endpoint_is_left_alone_for_a_while() -> None:
    async with MisbehavingServer() as gone:
        pass
    async with endpoint(gone.base_url, rest_seconds=0.5) as opened:
        for _ in range(3):
            with pytest.raises(EndpointUnreachable):
                await heard(opened)
        started = time.monotonic()
        with pytest.raises(EndpointUnreachable, match="failed several times in a row"):
            await heard(opened)
        assert time.monotonic() - started < 0.05
        await asyncio.sleep(0.5)
        with pytest.raises(EndpointUnreachable, match="cannot be reached"):
            await heard(opened)
        with pytest.raises(EndpointUnreachable, match="failed several times in a row"):
            await heard(opened)


async def test_a_fault_that_the_server_puts_into_words_does_not_count_as_silence(server: MisbehavingServer) -> None:
    async with endpoint(server.base_url, "internal_error") as opened:
        for _ in range(5):
            with pytest.raises(BrokenReply):
                await heard(opened)


async def test_no_proxy_of_the_environment_is_used(server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with endpoint(server.base_url) as opened:
        assert (await heard(opened))[1].text == "ok"


async def test_a_script_gives_its_replies_in_order() -> None:
    replies: list[Scripted] = ["one", {"a": "b"}, lambda body: f"{len(body['messages'])} messages"]
    async with MisbehavingServer(replies) as server, endpoint(server.base_url) as opened:
        texts = [(await heard(opened))[1].text for _ in range(4)]
    assert texts == ["one", '{"a": "b"}', "2 messages", "2 messages"]
