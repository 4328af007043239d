"""Whatever the model server does, a tool gets the right status, a sentence a person can act on, and no secret."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import openai
import pytest

from chains.endpoint.options import EndpointOptions
from chains.endpoint.private import OpenAIEndpoint
from tests.doubles.misbehaving_server import MisbehavingServer
from tests.doubles.scripted_replies import EN
from tests.doubles.small_house import ANA, SmallHouse
from tests.doubles.tool_doors import doors_of
from tests.journeys.served import free_port

SECRET = "sk-very-secret"
MISCONFIGURED = (503, "The model service is misconfigured")
REFUSED = (503, "The model service refused this kind of request")
BUSY = (429, "The model service is busy")
SLOW = (504, "did not begin to answer in time")
STALLED = (504, "did not finish in time")
LONG = (400, "longer than the model can read")
FAILED = (502, "The model service failed while answering")
CUT = (502, "The answer broke off before its end")
NOTHING = (502, "no answer was returned")
WITHHELD = (502, "held the answer back")
UNREADABLE = (502, "could not be read as User stories")
FAULTS: dict[str, tuple[int, str]] = {
    "wrong_key": MISCONFIGURED,
    "forbidden": MISCONFIGURED,
    "unknown_model": MISCONFIGURED,
    "html_page": MISCONFIGURED,
    "bad_request": REFUSED,
    "rate_limited": BUSY,
    "rate_limited_for_long": BUSY,
    "loading": BUSY,
    "gateway_timeout": SLOW,
    "hang": SLOW,
    "slow_first_token": SLOW,
    "stall": STALLED,
    "drip": STALLED,
    "context_by_code": LONG,
    "context_by_vllm_text": LONG,
    "context_by_llama_text": LONG,
    "context_as_server_error": LONG,
    "internal_error": FAILED,
    "unavailable": FAILED,
    "unavailable_page": FAILED,
    "truncated_json": FAILED,
    "error_event": FAILED,
    "malformed_event": FAILED,
    "broken_characters": FAILED,
    "cut": CUT,
    "cut_close_delimited": CUT,
    "no_finish_reason": CUT,
    "reset": CUT,
    "no_choices": NOTHING,
    "null_content": NOTHING,
    "empty_stream": FAILED,
    "withheld": WITHHELD,
    "length": UNREADABLE,
    "repetition": UNREADABLE,
}


@asynccontextmanager
async def client_over(house: SmallHouse, address: str, fault: str) -> AsyncIterator[openai.AsyncOpenAI]:
    """Give a client of a house whose model server is at an address and misbehaves."""
    options = EndpointOptions(
        address,
        api_key=SECRET,
        model=fault,
        structured="schema",
        context_tokens=16_384,
        connect_seconds=2,
        # Only a server that is there can be slow.
        first_token_seconds=1 if fault in FAULTS else 10,
        answer_seconds=2,
        busy_seconds=0.5,
    )
    endpoint = OpenAIEndpoint(options)
    async with doors_of(house, endpoint) as doors:
        key = await doors.key(ANA)
        async with openai.AsyncOpenAI(base_url=f"{doors.address}/v1", api_key=key, max_retries=0, timeout=20) as client:
            yield client
    await endpoint.close()


async def asked(client: openai.AsyncOpenAI, *, stream: bool) -> None:
    """Ask, and read the answer to its end."""
    messages = [{"role": "user", "content": EN}]
    answer = await cast(Any, client.chat.completions).create(model="user_stories", messages=messages, stream=stream)
    if stream:
        _ = [chunk async for chunk in answer]


async def held_to(
    client: openai.AsyncOpenAI, status: int, sentence: str, address: str, ways: tuple[bool, ...] = (False, True)
) -> None:
    """Ask, streamed and not, and compare what is raised with what it must be."""
    for stream in ways:
        with pytest.raises(openai.APIStatusError, match=sentence) as caught:
            await asked(client, stream=stream)
        error = caught.value
        assert error.status_code == status
        assert ("retry-after" in error.response.headers) is (status == 429 or "cannot be reached" in sentence)
        told = error.response.text + str(error.response.headers)
        assert SECRET not in told
        assert address.removeprefix("http://").removesuffix("/v1") not in told
        assert "Traceback" not in told


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_has_its_status_and_its_sentence(house: SmallHouse, fault: str) -> None:
    async with MisbehavingServer() as server, client_over(house, server.base_url, fault) as client:
        await held_to(client, *FAULTS[fault], server.base_url)
    (turn, *_) = await house.turns()
    assert (turn.outcome, turn.brief) == ("failed", EN)


@pytest.mark.parametrize("host", ["refused", "unknown"])
async def test_a_server_that_is_not_there_cannot_be_reached(house: SmallHouse, host: str) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1" if host == "refused" else "http://no-such-host.invalid/v1"
    for way in (False, True):
        # Each asks a server of its own: one that fails several times in a row is left alone for a while.
        async with client_over(house, address, "m") as client:
            await held_to(client, 503, "The model service cannot be reached", address, (way,))


async def test_a_server_that_keeps_failing_is_left_alone_for_a_while_and_the_caller_told_so(house: SmallHouse) -> None:
    address = f"http://127.0.0.1:{free_port()}/v1"
    async with client_over(house, address, "m") as client:
        for _ in range(4):
            with pytest.raises(openai.InternalServerError) as caught:
                await asked(client, stream=False)
    assert "is not asked for the next" in caught.value.message
    assert int(caught.value.response.headers["retry-after"]) > 0
